// The phones: bubbles, newest last; a number that nobody has yet gets a phone of its own.
import { moment } from "./clock.js";
import { linked } from "./words.js";

const drawn = new Map();

export function drawTexts(texts) {
  for (const text of texts) {
    if (drawn.has(text.id)) continue;
    const list = phoneOf(text).querySelector(".texts");
    const item = bubble(text, list.closest(".lost") ? "unread-text" : "text");
    drawn.set(text.id, item);
    list.append(item);
    list.scrollTop = list.scrollHeight;
  }
}

function phoneOf(text) {
  const known = document.querySelector(`.phone[data-number="${CSS.escape(text.number)}"]`);
  if (known) return known;
  const phone = document.getElementById("phone").content.cloneNode(true).firstElementChild;
  phone.dataset.number = text.number;
  phone.querySelector(".words").textContent = text.shown;
  phone.querySelector(".copy").dataset.copy = text.shown;
  phone.setAttribute("aria-label", text.shown);
  document.querySelector(`.pair[data-person="${text.person}"]`).append(phone);
  return phone;
}

function bubble(text, template) {
  const item = document.getElementById(template).content.cloneNode(true).firstElementChild;
  item.querySelector(".bubble").append(linked(text.text));
  moment(item.querySelector("time"), text.at);
  return item;
}
