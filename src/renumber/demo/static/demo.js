// The page follows the state of the demonstration: every change comes as a whole picture, of which only what differs is drawn.
import { openInApp } from "./app.js";
import { drawMails, openMail } from "./mailbox.js";
import { drawTexts } from "./phones.js";
import { chosen, countMails, isOwner, whenChosen } from "./people.js";
import { setMoved } from "./clock.js";
import { drawTrials } from "./checklist.js";
import { drawDevice } from "./device.js";
import { drawCodes } from "./codes.js";
import { countNew, isSeen } from "./parts.js";
import { drawWaiting } from "./company.js";
import { say } from "./said.js";
import "./copy.js";

const { run, newMail, newText, lost } = document.body.dataset;
const seen = new Set();
let last = null;
let moved = null;

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
  const front = fresh.filter(({ person }) => isOwner(person)).at(-1);
  if (front) chosen(front.person);
  draw(state);
  if (!isFirst) fresh.forEach(announce);
}

function draw(state) {
  if (state.moved_by !== moved) drawCodes();
  moved = state.moved_by;
  setMoved(state.moved_by);
  const isTheirs = ({ person }) => person === chosen();
  drawMails(state.mails.filter(isTheirs));
  drawTexts(state.texts);
  drawTrials(state.tried);
  drawDevice(state.tried.push > 0);
  countNew(state.mails.filter(isTheirs), state.texts.filter(isTheirs));
  countMails(state.mails, isSeen);
  drawWaiting(state.changes_wait);
}

function announce(item) {
  if ("subject" in item) {
    say(newMail.replace("{subject}", item.subject));
    if (item.person === chosen()) openMail(item);
  } else {
    say(newText.replace("{number}", item.shown));
  }
}

function tellLost(isLost) {
  const notice = document.getElementById("lost");
  notice.textContent = isLost ? lost : "";
  notice.hidden = !isLost;
}

document.querySelectorAll(".again").forEach((form) => form.addEventListener("submit", () => {
  events.close();
  const button = form.querySelector("button");
  button.textContent = button.dataset.waiting;
  button.setAttribute("aria-disabled", "true");
}));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[target=app]");
  if (!link) return;
  event.preventDefault();
  openInApp(link.href);
});
