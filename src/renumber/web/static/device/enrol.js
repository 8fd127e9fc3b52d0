// Connecting this device with the token of the code on the profile page, which stays in the fragment and here in memory.
// What comes of it waits to be confirmed in the browser that shows the code.

import { enrol, Refused, Unreachable } from "./api.js";
import { forget, keep, makeKeys, publicPoint, signed } from "./keys.js";
import { isUninstalledIos } from "./subscribe.js";
import { calm, complain, fill, made, once, onPress, reveal, show } from "./view.js";

let attempt = {}; // of the token that was tried last, for an answer may be lost on the way

const TOKEN = /#enrol=([A-Za-z0-9_-]{22})(?![A-Za-z0-9])/; // whatever was added to it on its way

export const tokenOf = (link) => TOKEN.exec(link.trim())?.[1] ?? null;

// Take the token out of the address at once, so that neither history nor a screenshot keeps it.
export function takeToken() {
  const token = tokenOf(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  return token;
}

// Show what is about to happen; `done` gets the device that waits to be confirmed, or nothing.
export function offer(token, known, done) {
  const card = made("enrol");
  const field = card.querySelector("input");
  if (known && !known.isGone) {
    fill(card, "account", known.account);
    reveal(card, "replaces");
  }
  reveal(card, "install", isUninstalledIos());
  nameAfterModel(field);
  onPress(card, "cancel", () => finish(null));
  onPress(card, "copy", (event) => copy(event.currentTarget, token));
  card.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    once(card, () => connect(card, { token, name: field.value.trim() }, finish));
  });
  takeAlong(`#enrol=${token}`);
  show(card);

  function finish(device) {
    takeAlong("");
    done(device);
  }
}

async function connect(card, { token, name }, done) {
  const problem = card.querySelector("[role=alert]");
  calm(problem);
  if (!name) {
    complain(problem, "enrol-problems", "name");
    card.querySelector("input").focus();
    return;
  }
  try {
    done(await connected(token, name));
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    complain(problem, "enrol-problems", reasonOf(error));
  }
}

// The key is kept before it is told to anyone: a browser that can't keep it must not be counted as connected.
async function connected(token, name) {
  if (attempt.token !== token) attempt = { token, keys: await makeKeys() };
  const { keys } = attempt;
  await keep("new", { keys });
  const point = await publicPoint(keys);
  const proof = await signed(keys, "renumber-device-enrol-v1", location.origin, token, point);
  const { account_id: accountId, device_id: deviceId, name: named, confirm_url: confirmUrl, expires_at: expiresAt } =
    await enrol({ token, public_key: point, name, proof });
  const device = { keys, accountId, deviceId, name: named ?? name, confirmUrl, expiresAt: Date.parse(expiresAt) };
  await keep("waiting", device);
  await forget("new");
  navigator.storage?.persist?.().catch(() => {}); // A wish: without it a browser short of space may forget the key.
  return device;
}

function reasonOf(error) {
  if (error instanceof Unreachable) return "offline";
  if (error.code === "another_device_waits") return "another";
  return { 409: "many", 410: "used" }[error.status] ?? (error.status < 500 ? "refused" : "server");
}

// Android says which model it is, to a page that asks.
async function nameAfterModel(field) {
  const preset = field.value;
  const { model } = (await navigator.userAgentData?.getHighEntropyValues(["model"])) ?? {};
  if (model && field.value === preset) field.value = model;
}

async function copy(button, token) {
  await navigator.clipboard.writeText(`${location.origin}${location.pathname}#enrol=${token}`);
  button.textContent = button.dataset.done;
}

// Whoever switches the language here comes back with the token: a fragment outlives a redirect (RFC 9110 10.2.2).
function takeAlong(fragment) {
  const form = document.querySelector("form.languages");
  if (form) form.action = `/language${fragment}`;
}

// The field into which the link is pasted, in the states that have it.
export function acceptLink(card, go) {
  const form = card.querySelector("[data-paste]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.querySelector("input");
    const problem = form.querySelector("[data-problem]");
    const token = tokenOf(field.value);
    if (token) return go(token);
    complain(problem, "enrol-problems", "link");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", problem.id);
    field.focus();
  });
}
