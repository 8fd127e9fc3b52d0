// Recovery codes can be printed and copied; loading the page again asks for no second set.

const list = document.getElementById("recovery-codes");
history.replaceState(null, "", list.dataset.shownAt);

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());

const copy = document.querySelector("[data-copy]");
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const codes = [...list.querySelectorAll("code")].map((code) => code.textContent);
    await navigator.clipboard.writeText(codes.join("\n"));
    copy.textContent = copy.dataset.done;
    document.querySelector("[data-copied]").textContent = copy.dataset.done;
  });
}
