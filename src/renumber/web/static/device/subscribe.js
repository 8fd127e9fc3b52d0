// Notifications: the browser's push service wakes the service worker, which says no more than that there is a request.

import { configuration, Refused, Unreachable } from "./api.js";

const WORKER = "/device/sw.js";
const SCOPE = "/device";
const WORDS = "/device/words";
const CACHE = "renumber-device-words";

let registering = null;
let told = ""; // the subscription that the service knows of, as far as this page has told it

// The worker also keeps the page for when there is no network, so it is there with or without notifications.
export function register() {
  if (!("serviceWorker" in navigator)) return Promise.resolve(null);
  registering ??= navigator.serviceWorker
    .register(WORKER, { scope: SCOPE, updateViaCache: "none" })
    .then((registration) => keepWords().then(() => registration))
    .catch(() => null); // Such as in a private window: the page works without.
  return registering;
}

// The worker has no page to read its words from.
async function keepWords() {
  const { title, body } = document.getElementById("notification").dataset;
  const words = { title, body, language: document.documentElement.lang };
  await (await caches.open(CACHE)).put(WORDS, Response.json(words));
}

// "on", "off", or why it can't be: "blocked", "install", "none", "unserved".
export async function notifications(api) {
  const registration = await register();
  if (!registration || !("PushManager" in window && "Notification" in window)) return isUninstalledIos() ? "install" : "none";
  if (Notification.permission === "denied") return "blocked";
  const subscription = await registration.pushManager.getSubscription();
  if (subscription && Notification.permission === "granted") return tell(api, subscription);
  return (await key()) === "" ? "unserved" : "off";
}

// WebKit on iOS gives notifications to pages on the home screen only.
export const isUninstalledIos = () => "standalone" in navigator && !navigator.standalone;

async function key() {
  try {
    return (await configuration()).vapid_public_key ?? "";
  } catch {
    return null; // Unknown at the moment.
  }
}

export async function turnOn(api) {
  if ((await Notification.requestPermission()) !== "granted") return notifications(api);
  const registration = await register();
  try {
    const applicationServerKey = await key();
    if (!applicationServerKey) return applicationServerKey === "" ? "unserved" : "failed";
    const options = { userVisibleOnly: true, applicationServerKey };
    return await tell(api, await registration.pushManager.subscribe(options));
  } catch {
    return "failed"; // No push service can be reached, or it knows this page under another key.
  }
}

export async function turnOff(api) {
  const registration = await register();
  const subscription = await registration.pushManager.getSubscription();
  await subscription?.unsubscribe(); // First: from here on nothing arrives, whatever the service still knows.
  told = "";
  try {
    await api.unsubscribe();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
  }
  return notifications(api);
}

// Tell the service where to send to. A browser may change that by itself, so it is told once each time the page opens.
async function tell(api, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  if (told === endpoint) return "on";
  try {
    await api.subscribe({ endpoint, keys });
    told = endpoint;
    return "on";
  } catch (error) {
    if (error instanceof Unreachable) return "on";
    await subscription.unsubscribe(); // The service won't send there.
    return "failed";
  }
}

// A push has come in, or its notification was pressed.
export function onPush(act, signal) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.kind === "look" && act(), { signal });
}

// What was answered, or has expired, needs no notification any more.
export async function clearNotifications() {
  const registration = await registering;
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
}
