// A press copies what is on the button.
import { say } from "./said.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("done");
  say(document.body.dataset.copied.replace("{words}", button.dataset.copy));
  setTimeout(() => button.classList.remove("done"), 1500);
});
