// Keeps an open page as it is on the server: told by a stream, it loads itself and takes over what differs.
// What somebody types, has marked or points at stays as it is, and so does the focus.
import { sendOnce } from "./submit.js";

const page = document.querySelector("[data-live]");
const state = document.getElementById("live");
const said = document.getElementById("live-said");
const AGAIN_AFTER = 10_000;
const madeAt = Number(page?.dataset.since) - performance.now();
let stream = null;
let waiting = false;
let pressed = false;

const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
const shape = (root) => [...root.querySelectorAll("[data-part], [name]")].map((part) => part.dataset.part ?? part.name).join();
const isTyped = () => [...page.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
const isMarked = (part) => !getSelection().isCollapsed && getSelection().containsNode(part, true);

function listen() {
  stream?.close();
  stream = new EventSource(`${page.dataset.live}?since=${Math.floor(madeAt + performance.now())}`);
  stream.addEventListener("open", () => tell("on"));
  stream.addEventListener("changed", refresh);
  stream.addEventListener("over", end);
  stream.addEventListener("error", () => stream.readyState === EventSource.CLOSED && tryAgain());
}

function tryAgain() {
  stop();
  setTimeout(async () => await refresh() && listen(), AGAIN_AFTER);
}

function stop() {
  stream?.close();
  stream = null;
}

function end() {
  stop();
  tell("over");
}

function tell(name) {
  state.hidden = false;
  state.classList.toggle("over", name === "over");
  state.textContent = state.dataset[name];
}

// Gives whether there is something to listen for still.
async function refresh() {
  if (pressed) {
    waiting = true;
    return true;
  }
  const answer = await fetch(location.href, { headers: { "x-by-itself": "yes" } }).catch(() => null);
  if (!answer) return true; // the way to the server is cut; the stream notices when it is back
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.redirected || !fresh.querySelector("[data-live]")) {
    end();
    return false;
  }
  take(fresh);
  return true;
}

function take(fresh) {
  const other = fresh.querySelector("[data-live]");
  document.title = fresh.title;
  waiting = false;
  if (shape(page) !== shape(other) && !isTyped() && !isMarked(page)) {
    replace(page, other);
    sendOnce(page);
  }
  takeParts(parts(page), parts(other));
  document.dispatchEvent(new CustomEvent("live:updated"));
}

function takeParts(own, others) {
  for (const [name, part] of own) {
    const other = others.get(name);
    if (plain(part) === (other ? plain(other) : "")) continue;
    if (isMarked(part)) waiting = true;
    else replace(part, other);
  }
}

// What the server has written, without what scripts have added.
function plain(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((key) => key.remove());
  copy.querySelectorAll("*").forEach((each) => ["aria-keyshortcuts", "tabindex", "class"].forEach((name) => each.removeAttribute(name)));
  return copy.innerHTML;
}

function replace(part, other) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const before = new Set([...part.querySelectorAll("li")].map((row) => row.textContent));
  part.replaceChildren(...(other ? document.importNode(other, true).childNodes : []));
  if (part.dataset.said) announce(part, before);
  if (focused) refocus(part, focused);
}

function announce(part, before) {
  const rows = [...part.querySelectorAll("li")].filter((row) => !before.has(row.textContent));
  rows.forEach((row) => row.classList.add("fresh"));
  said.textContent = part.dataset.said.replace("{what}", rows[0]?.querySelector("strong")?.textContent ?? "");
}

function refocus(part, focused) {
  const same = ["href", "formaction", "id"].map((name) => focused.getAttribute(name) && `[${name}="${CSS.escape(focused.getAttribute(name))}"]`);
  const found = same.filter(Boolean).map((selector) => part.querySelector(selector)).find(Boolean)
    ?? [...part.querySelectorAll(focused.tagName)].find((each) => each.textContent === focused.textContent)
    ?? part;
  if (!found.matches("a[href], button")) found.tabIndex = -1;
  found.focus({ preventScroll: true });
}

if (page) {
  listen();
  addEventListener("submit", stop); // what was pressed leads on; its answer must not be overtaken
  addEventListener("pagehide", stop);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  addEventListener("pointerdown", () => { pressed = true; });
  addEventListener("pointerup", () => setTimeout(() => { pressed = false; if (waiting) refresh(); }));
  document.addEventListener("selectionchange", () => waiting && !pressed && getSelection().isCollapsed && refresh());
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) stop();
    else if (await refresh()) listen();
  });
}
