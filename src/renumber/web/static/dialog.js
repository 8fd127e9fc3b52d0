// The question before a change opens as a dialog on the same page; without this it is a page of its own.

for (const form of document.querySelectorAll("form[data-opens]")) {
  const dialog = document.getElementById(form.dataset.opens);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // A press beside the dialog lands on the dialog itself.
  });
  if (new URLSearchParams(location.search).get("dialog") === "phone") {
    history.replaceState(null, "", location.pathname);
    dialog.showModal();
  }
}

// Who has to authenticate first comes back to the dialog instead of to that page.
for (const field of document.querySelectorAll("input[data-with-dialog]")) field.value = field.dataset.withDialog;
