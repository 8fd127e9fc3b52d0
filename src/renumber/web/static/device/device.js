// The phone page: connect this device, wait until that is confirmed, then answer requests.

import { acceptLink, offer, takeToken } from "./enrol.js";
import { canKeepKeys, forget, keep, kept } from "./keys.js";
import { Attendance } from "./prompts.js";
import { register } from "./subscribe.js";
import { made, onPress, reveal, show } from "./view.js";
import { Waiting } from "./waiting.js";

let occupation = null; // what this page attends to until it ends

async function start() {
  const token = takeToken();
  if (occupation && !token) return; // Only the fragment has changed, and it says nothing.
  turnTo(null);
  const found = canKeepKeys() ? await Promise.all([kept("this"), kept("waiting")]).catch(() => null) : null;
  if (found === null) return show(made("unsupported"));
  const [device, waiting] = found;
  if (token) return connectWith(token, device, waiting);
  goOn(device, waiting);
}

function turnTo(next) {
  occupation?.end();
  occupation = next;
}

function goOn(device, waiting) {
  if (waiting) return wait(waiting, device);
  if (device) return attend(device);
  showWithLink("first");
}

function connectWith(token, known, waiting) {
  offer(token, known, (device) => goOn(known, device ?? waiting));
}

// What was connected before stays until the new one is confirmed.
function wait(waiting, known) {
  async function confirmed({ account, name }) {
    const { keys, accountId, deviceId } = waiting;
    const device = { keys, accountId, deviceId, account, name, since: Date.now() };
    await keep("this", device);
    await forget("waiting");
    attend(device, true);
  }
  async function ended(why) {
    await forget("waiting");
    turnTo(null);
    const card = showWithLink(why, known);
    reveal(card, "known", Boolean(known && !known.isGone));
    onPress(card, "back", () => attend(known));
  }
  turnTo(new Waiting(waiting, { confirmed, ended }));
}

function attend(device, isFresh = false) {
  register();
  turnTo(new Attendance(device, { isFresh, removed: () => leave(device) }));
}

// The key stays: should the service know it again, nothing was lost.
function leave(device) {
  occupation = null;
  device.isGone = true;
  keep("this", device);
  const card = showWithLink("removed", device);
  onPress(card, "again", () => attend(device));
}

function showWithLink(state, known) {
  const card = made(state);
  acceptLink(card, (token) => connectWith(token, known));
  show(card);
  return card;
}

addEventListener("hashchange", start);
start();
