// Looks now and then whether there is something else to show: a device that has scanned the code, or the end of it.
// Without this the page with the code loads itself again.

const { invitation: page, seen } = document.querySelector("[data-invitation]").dataset;
const LOOK_EVERY = 3000;
let isLeaving = false; // what was pressed leads on, and its answer must not be overtaken

async function look() {
  const asked = `${page}?seen=${encodeURIComponent(seen)}`;
  const answer = await fetch(asked, { method: "HEAD", redirect: "manual", cache: "no-store" }).catch(() => null);
  if (isLeaving) return;
  if (answer && (answer.type === "opaqueredirect" || isRefused(answer))) return location.replace(page);
  setTimeout(look, LOOK_EVERY);
}

const isRefused = ({ status }) => status >= 400 && status < 500 && status !== 429;

addEventListener("submit", () => { isLeaving = true; });
addEventListener("pageshow", ({ persisted }) => persisted && location.replace(page));
setTimeout(look, LOOK_EVERY);
