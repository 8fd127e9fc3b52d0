// The console by keyboard: "/" goes to the search, letters choose an act, "?" shows them all.
// None of them works while somebody types, and all can be turned off (WCAG 2.1.4).

const dialog = document.getElementById("keys");
const choice = document.getElementById("keys-on");
const SINGLE = ":is(a, button)[data-key]";
const ROWS = ".rows > li, .timeline li, .entries tbody tr";
const OFF = "console-keys-off";
let chosen = null;

const isOn = () => !localStorage.getItem(OFF);
const isField = (target) => target?.matches?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
const label = (part) => (part.querySelector("span") ?? part).textContent.replace(/\s+/g, " ").trim();

function show() {
  document.documentElement.classList.toggle("keys", isOn());
  for (const part of document.querySelectorAll(SINGLE)) {
    if (isOn()) part.setAttribute("aria-keyshortcuts", part.dataset.key);
    else part.removeAttribute("aria-keyshortcuts");
    if (!part.querySelector("kbd")) part.append(keyOf(part.dataset.key));
  }
}

function keyOf(key) {
  const shown = document.createElement("kbd");
  shown.textContent = key;
  shown.ariaHidden = "true"; // the attribute aria-keyshortcuts says it to who can't see it
  return shown;
}

function openList() {
  const own = dialog.querySelector("[data-own]");
  own.replaceChildren(...[...document.querySelectorAll(SINGLE)].filter((part) => !("common" in part.dataset) && part.checkVisibility()).map((part) => {
    const row = document.createElement("div");
    const [term, said] = [document.createElement("dt"), document.createElement("dd")];
    term.append(keyOf(part.dataset.key));
    said.textContent = label(part);
    row.append(term, said);
    return row;
  }));
  choice.checked = isOn();
  dialog.showModal();
}

// A letter chooses an act: what takes a reason waits for it, and for Enter.
function choose(part) {
  const reason = part.form?.elements.reason;
  if (!reason) return part.click();
  tell(part);
  reason.focus();
}

function tell(part) {
  chosen?.classList.remove("chosen");
  chosen = part;
  chosen?.classList.add("chosen");
  const hint = document.getElementById("key-hint");
  if (hint) hint.textContent = chosen ? hint.dataset.words.replace("{act}", label(chosen)) : "";
}

function walk(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  if (!next) return;
  const target = next.querySelector("[data-opens]") ?? next.querySelector("a[href], button") ?? next;
  if (target === next) next.tabIndex = -1;
  target.focus();
}

const FIXED = {
  "?": openList,
  j: () => walk(1),
  k: () => walk(-1),
  r: () => document.querySelector(".card [name=reason]")?.focus(),
  "/": () => {
    const field = document.getElementById("search");
    if (field) field.select();
    else document.querySelector("a[data-search]")?.click();
  },
};

function press(key) {
  if (key in FIXED) return () => FIXED[key]();
  const part = [...document.querySelectorAll(SINGLE)].find((each) => each.dataset.key === key && each.checkVisibility());
  return part && (() => choose(part));
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
  if (event.key === "Escape" && isField(event.target)) {
    tell(null);
    return event.target.blur();
  }
  if (event.key === "Enter" && chosen?.isConnected && event.target === chosen.form?.elements.reason) {
    event.preventDefault();
    return chosen.form.requestSubmit(chosen);
  }
  const act = isOn() && !isField(event.target) && press(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});

choice.addEventListener("change", () => {
  if (choice.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
  show();
});
document.getElementById("open-keys").addEventListener("click", openList);
dialog.querySelector("button").addEventListener("click", () => dialog.close());
document.addEventListener("live:updated", () => {
  if (chosen && !chosen.isConnected) tell(document.querySelector(`button[formaction="${chosen.getAttribute("formaction")}"]`));
  show();
});
document.getElementById("open-keys").hidden = false;
show();
