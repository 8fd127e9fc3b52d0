// The page follows the state of the demonstration: every change comes as a whole picture, of which only what differs is drawn.
import { openInApp } from "./app.js";
import { drawMails, openMail } from "./mailbox.js";
import { drawTexts } from "./phones.js";
import { chosen, whenChosen } from "./people.js";
import { setMoved } from "./clock.js";
import { say } from "./said.js";
import "./copy.js";

const { run, newMail, newText, lost } = document.body.dataset;
const seen = new Set();
let last = null;

const events = new EventSource("/demo/events");
events.addEventListener("message", ({ data }) => follow(JSON.parse(data)));
events.addEventListener("open", () => tellLost(false));
events.addEventListener("error", () => tellLost(true));
whenChosen(() => last && draw(last));

function follow(state) {
  if (String(state.run) !== run) return location.reload();
  const fresh = [...state.mails, ...state.texts].filter(({ id }) => !seen.has(id));
  fresh.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  fresh.forEach(({ id }) => seen.add(id));
  const isFirst = last === null;
  last = state;
  if (fresh.length) chosen(fresh.at(-1).person);
  draw(state);
  if (!isFirst) fresh.forEach(announce);
}

function draw(state) {
  setMoved(state.moved_by);
  drawMails(state.mails.filter((mail) => mail.person === chosen()));
  drawTexts(state.texts);
}

function announce(item) {
  if ("subject" in item) {
    say(newMail.replace("{subject}", item.subject));
    openMail(item);
  } else {
    say(newText.replace("{number}", item.shown));
  }
}

function tellLost(isLost) {
  const notice = document.getElementById("lost");
  notice.textContent = isLost ? lost : "";
  notice.hidden = !isLost;
}

document.querySelector(".again").addEventListener("submit", ({ target }) => {
  events.close();
  const button = target.querySelector("button");
  button.textContent = button.dataset.waiting;
  button.setAttribute("aria-disabled", "true");
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[target=app]");
  if (!link) return;
  event.preventDefault();
  openInApp(link.href);
});
