// Text as it came, with its links and its code made to be pressed. Nothing of it is ever read as HTML.
const { origin } = location;
const PARTS = /(https?:\/\/[^\s<>"]+|(?<!#)\b\d{6}\b)/;

export function linked(text) {
  const whole = document.createDocumentFragment();
  whole.append(...text.split(PARTS).filter(Boolean).map(part));
  return whole;
}

function part(words) {
  if (words === origin || words.startsWith(`${origin}/`)) return link(words);
  return /^\d{6}$/.test(words) ? code(words) : words;
}

function link(url) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.target = "app";
  anchor.textContent = url;
  return anchor;
}

function code(digits) {
  const button = document.getElementById("code").content.cloneNode(true).firstElementChild;
  button.dataset.copy = digits;
  button.textContent = digits;
  return button;
}
