// The phone page: connect this device, then answer requests.

import { acceptLink, offer, takeToken } from "./enrol.js";
import { canKeepKeys, keep, kept } from "./keys.js";
import { Attendance } from "./prompts.js";
import { register } from "./subscribe.js";
import { made, onPress, show } from "./view.js";

let attendance = null;

async function start() {
  const token = takeToken();
  if (attendance && !token) return; // Only the fragment has changed, and it says nothing.
  attendance?.end();
  attendance = null;
  const device = canKeepKeys() ? await kept("this").catch(() => null) : null;
  if (device === null) return show(made("unsupported"));
  if (token) return connectWith(token, device);
  if (device) return attend(device);
  showWithLink("first");
}

function connectWith(token, known) {
  offer(token, known, (device) => {
    if (device) return attend(device, true);
    return known ? attend(known) : showWithLink("first");
  });
}

function attend(device, isFresh = false) {
  register();
  attendance = new Attendance(device, { isFresh, removed: () => leave(device) });
}

// The key stays: should the service know it again, nothing was lost.
function leave(device) {
  attendance = null;
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
