// A page that waits for the press of a link notices it, in whichever tab or on whichever device it is pressed.

const waiting = document.querySelector("[data-waits-at]");
const GO_ON = 204;
const ASK_EVERY = 4000;
const AS_LONG_AS = 10 * 60 * 1000; // Each question counts as a sign of life, and a page left open must not keep its session alive.
let until;
let timer;
let isLeaving = false; // what was pressed leads on, and its answer must not be overtaken

async function ask() {
  clearTimeout(timer);
  const answer = await fetch(waiting.dataset.waitsAt, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (isLeaving) return;
  const isOver = answer && answer.status !== GO_ON && answer.status < 500; // A redirect that isn't followed counts as 0.
  if (isOver) location.replace(location.pathname); // The server knows what to show now.
  else if (!document.hidden && Date.now() < until) timer = setTimeout(ask, ASK_EVERY);
}

function begin() {
  until = Date.now() + AS_LONG_AS;
  clearTimeout(timer);
  timer = setTimeout(ask, ASK_EVERY);
}

if (waiting) {
  waiting.hidden = false;
  begin();
  addEventListener("submit", ({ defaultPrevented }) => { isLeaving ||= !defaultPrevented; });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) isLeaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    begin();
    ask();
  });
}
