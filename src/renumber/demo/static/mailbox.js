// The mailbox: a list, newest first, and the mail that is read, in a frame in which nothing runs.
import { openInApp } from "./app.js";
import { moment } from "./clock.js";
import { linked } from "./words.js";

const list = document.getElementById("mails");
const reading = document.getElementById("reading");
const frame = document.getElementById("mail");
const plain = document.getElementById("plain");
const read = new Set();
let shown = null;

export function drawMails(mails) {
  const newestFirst = [...mails].reverse();
  document.getElementById("no-mails").hidden = mails.length > 0;
  if (mails.length === 0 && shown) close();
  if (mails.length && !mails.some(({ id }) => id === shown?.id)) show(newestFirst[0]);
  list.replaceChildren(...newestFirst.map(line));
}

export function openMail(mail) {
  show(mail);
  for (const button of list.querySelectorAll("button")) mark(button, button.dataset.id);
}

function line(mail) {
  const item = document.getElementById("mail-line").content.cloneNode(true).firstElementChild;
  const button = item.querySelector("button");
  button.dataset.id = mail.id;
  button.querySelector(".subject").textContent = mail.subject;
  moment(button.querySelector("time"), mail.at);
  button.addEventListener("click", () => openMail(mail));
  mark(button, mail.id);
  return item;
}

function mark(button, id) {
  button.classList.toggle("unread", !read.has(id));
  button.toggleAttribute("aria-current", false);
  if (id === shown?.id) button.setAttribute("aria-current", "true");
}

function show(mail) {
  shown = mail;
  read.add(mail.id);
  document.getElementById("hints").open = false;
  document.getElementById("reading-subject").textContent = mail.subject;
  document.getElementById("reading-sender").textContent = mail.sender;
  moment(document.getElementById("reading-at"), mail.at);
  reading.hidden = false;
  frame.contentWindow.location.replace(`/demo/mails/${mail.id}`); // leaves no step in the history
  if (!plain.hidden) showPlain();
}

function close() {
  shown = null;
  reading.hidden = true;
}

async function showPlain() {
  const answer = await fetch(`/demo/mails/${shown.id}/text`);
  plain.replaceChildren(linked(await answer.text()));
}

function choose(isPlain) {
  document.getElementById("as-html").setAttribute("aria-pressed", String(!isPlain));
  document.getElementById("as-text").setAttribute("aria-pressed", String(isPlain));
  plain.hidden = !isPlain;
  frame.hidden = isPlain;
  if (isPlain) showPlain();
  else fit();
}

function fit() {
  const root = frame.contentDocument?.documentElement;
  if (!root || frame.hidden) return;
  frame.height = 0;
  frame.height = root.scrollHeight;
}

frame.addEventListener("load", () => {
  fit();
  frame.contentDocument.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    if (link.origin === location.origin) openInApp(link.href);
  });
});
new ResizeObserver(fit).observe(reading);
document.getElementById("as-html").addEventListener("click", () => choose(false));
document.getElementById("as-text").addEventListener("click", () => choose(true));
