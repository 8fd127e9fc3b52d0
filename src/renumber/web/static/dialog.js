// The question before a change opens as a dialog on the same page; without this it is a page of its own.

function isBeside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

for (const form of document.querySelectorAll("form[data-opens]")) {
  const dialog = document.getElementById(form.dataset.opens);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    // A press beside the dialog lands on the dialog itself; the second press of a double click opens it no less.
    if (event.target === dialog && event.detail < 2 && isBeside(dialog, event)) dialog.close();
  });
  if (new URLSearchParams(location.search).get("dialog") === "phone") {
    history.replaceState(null, "", location.pathname);
    dialog.showModal();
  }
}

// Who has to authenticate first comes back to the dialog instead of to that page.
for (const field of document.querySelectorAll("input[data-with-dialog]")) field.value = field.dataset.withDialog;
