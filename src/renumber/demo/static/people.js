// Whose mailbox and phones are shown.
const choices = [...document.querySelectorAll("input[name=person]")];
const followers = [];

export function chosen(person) {
  if (person) {
    choices.forEach((choice) => { choice.checked = choice.value === person; });
    show();
  }
  return choices.find((choice) => choice.checked).value;
}

export function whenChosen(follow) {
  followers.push(follow);
}

function show() {
  const person = choices.find((choice) => choice.checked).value;
  document.querySelectorAll("[data-person]").forEach((part) => { part.hidden = part.dataset.person !== person; });
  document.getElementById("mailbox-owner").textContent =
    document.querySelector(`.who[data-person="${person}"] .words`).textContent;
}

choices.forEach((choice) => choice.addEventListener("change", () => {
  show();
  followers.forEach((follow) => follow());
}));
show();
