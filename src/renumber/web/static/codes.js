// Recovery codes can be printed; loading the page again asks for no second set.

const list = document.getElementById("recovery-codes");
history.replaceState(null, "", list.dataset.shownAt);

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
