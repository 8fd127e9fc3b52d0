// The console by keyboard: "/" goes to the search, wherever one is; typing into a field is left alone.

const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  const field = document.getElementById("search");
  if (field) {
    field.focus();
    field.select();
  } else {
    document.querySelector("a[data-search]")?.click();
  }
});
