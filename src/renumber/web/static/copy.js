// Buttons that copy what stands on the page, and say so.

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const parts = document.getElementById(button.dataset.copy).querySelectorAll("code");
    await navigator.clipboard.writeText([...parts].map((code) => code.textContent).join("\n"));
    button.textContent = button.dataset.done;
    document.querySelector("[data-copied]").textContent = button.dataset.done;
  });
}
