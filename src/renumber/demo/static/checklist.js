// The list of what there is to try: ticked by what has happened in the service, never by a press here.
import { say } from "./said.js";

const BEGUN = 1, DONE = 2;
const hints = document.getElementById("hints");
const items = [...hints.querySelectorAll("[data-trial]")];
const count = document.getElementById("tried");
let done = null;

export function drawTrials(tried) {
  items.forEach((item) => mark(item, tried[item.dataset.trial]));
  const now = items.filter((item) => tried[item.dataset.trial] === DONE);
  count.textContent = count.dataset.words.replace("{done}", now.length).replace("{all}", items.length);
  document.getElementById("all-tried").hidden = now.length < items.length;
  if (done) now.filter((item) => !done.includes(item)).forEach(announce);
  done = now;
}

function mark(item, state) {
  item.classList.toggle("done", state === DONE);
  for (const words of item.querySelectorAll("[data-state]")) words.hidden = Number(words.dataset.state) !== state;
  item.classList.toggle("begun", state === BEGUN);
}

function announce(item) {
  say(document.body.dataset.tried.replace("{words}", item.querySelector("strong").textContent));
}
