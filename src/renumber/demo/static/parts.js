// On a narrow screen one part is shown at a time; the links to the others count what has come there since.
const narrow = matchMedia("(max-width: 47.99rem)");
const main = document.querySelector("main");
const links = [...document.querySelectorAll(".parts a")];
const { run } = document.body.dataset;
const seen = new Set(sessionStorage.seenIn === run ? JSON.parse(sessionStorage.seen) : []);
let present = { mailbox: [], phones: [] };

export function countNew(mails, texts) {
  present = { mailbox: mails.map(({ id }) => id), phones: texts.map(({ id }) => id) };
  draw();
}

export function isSeen(id) {
  return seen.has(id);
}

export function showPart(name) {
  main.dataset.shown = name;
  sessionStorage.part = name;
  draw();
}

function draw() {
  const shown = narrow.matches ? [main.dataset.shown] : Object.keys(present);
  shown.flatMap((part) => present[part] ?? []).forEach((id) => seen.add(id));
  Object.assign(sessionStorage, { seenIn: run, seen: JSON.stringify([...seen]) });
  links.forEach(mark);
}

function mark(link) {
  const part = link.hash.slice(1);
  const fresh = (present[part] ?? []).filter((id) => !seen.has(id)).length;
  const count = link.querySelector(".count");
  count.hidden = fresh === 0;
  count.textContent = count.dataset.words.replace("{count}", fresh);
  link.toggleAttribute("aria-current", false);
  if (part === main.dataset.shown) link.setAttribute("aria-current", "true");
}

links.forEach((link) => link.addEventListener("click", (event) => {
  if (!narrow.matches) return;
  event.preventDefault();
  showPart(link.hash.slice(1));
  scrollTo({ top: 0 });
}));
narrow.addEventListener("change", draw);
document.getElementById("hints").open = !narrow.matches;
showPart(sessionStorage.seenIn === run ? sessionStorage.part ?? "app-part" : "app-part");
