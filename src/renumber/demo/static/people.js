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

// Who helps is no owner: their mailbox stays in the back, and their name counts what is new in it.
export function isOwner(person) {
  return document.querySelector(`.pair[data-person="${person}"]`) !== null;
}

export function countMails(mails, isSeen) {
  for (const count of document.querySelectorAll("[data-mails-of]")) {
    const fresh = mails.filter(({ id, person }) => person === count.dataset.mailsOf && !isSeen(id)).length;
    count.hidden = fresh === 0;
    count.textContent = count.dataset.words.replace("{count}", fresh);
  }
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
