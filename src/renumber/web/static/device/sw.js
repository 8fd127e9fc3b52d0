// The service worker of the phone page: keeps the page for when there is no network, and says that there is a request.

const SHELL = "renumber-device-shell";
const PAGE = "/device";
const WORDS = "/device/words";
const PART = /(?:src|href)="(\/(?:static|brand|device)[^"#]*)"/g;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(renew().catch(() => {})); // Without a network now, the next visit keeps it.
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
  else if (pathname.startsWith("/static/")) event.respondWith(stored(request).then((found) => found ?? fetch(request)));
  else if (isPart(pathname)) event.respondWith(fetch(request).catch(async () => (await stored(request)) ?? Response.error()));
});

const isPart = (path) => path.startsWith("/brand") || (path.startsWith("/device/") && !path.startsWith("/device/api/"));

const stored = async (request) => (await caches.open(SHELL)).match(request);

async function page(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(answer.clone()).catch(() => {}));
    return answer;
  } catch {
    return (await stored(PAGE)) ?? Response.error();
  }
}

async function renew() {
  const answer = await fetch(PAGE);
  if (answer.ok) await keep(answer);
}

// Keep the page with all that belongs to it, and nothing of an earlier release.
async function keep(answer) {
  const shell = await caches.open(SHELL);
  const copy = answer.clone();
  const parts = [...(await answer.text()).matchAll(PART)].map(([, path]) => path);
  await Promise.all(parts.map((path) => keepPart(shell, path)));
  await shell.put(PAGE, copy);
  const current = new Set([PAGE, ...parts].map((path) => new URL(path, location.origin).href));
  for (const { url } of await shell.keys()) if (!current.has(url)) await shell.delete(url);
}

async function keepPart(shell, path) {
  if (path.startsWith("/static/") && (await shell.match(path))) return;
  const answer = await fetch(path);
  if (answer.ok) await shell.put(path, answer);
}

self.addEventListener("push", (event) => event.waitUntil(Promise.all([notify(), wake()])));

// A screen is read by others too: nothing of the account, the browser or the digits.
async function notify() {
  const words = await (await caches.match(WORDS))?.json();
  await self.registration.showNotification(words?.title ?? location.hostname, {
    body: words?.body,
    lang: words?.language,
    tag: "request",
    renotify: true,
    icon: "/device/icon-192.png",
    badge: "/device/badge-96.png",
  });
}

async function wake() {
  for (const window of await windows()) window.postMessage({ kind: "look" });
}

const windows = async () => {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter(({ url }) => new URL(url).pathname === PAGE);
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

async function open() {
  const [window] = await windows();
  if (!window) return self.clients.openWindow(PAGE);
  window.postMessage({ kind: "look" });
  return window.focus();
}
