// Waits for the answer on the phone: told by the server as soon as it is there, asked for now and then without that.

const waiting = document.querySelector("[data-push-events]");
const finish = document.querySelector("form[data-push-finish]");
const ASK_EVERY = 5000;
let isLeaving = false; // what was pressed leads on, and its answer must not be overtaken

// The server knows what to show now: the way on, or why there is none.
const look = () => isLeaving || location.replace(waiting.dataset.pushPage);

function lookAgain() {
  isLeaving = false;
  look();
}

function listen() {
  const events = new EventSource(waiting.dataset.pushEvents);
  events.addEventListener("answered", () => {
    events.close();
    look();
  });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(look, ASK_EVERY); // No more than that is left to us.
  });
  addEventListener("submit", () => {
    isLeaving = true;
    events.close();
  });
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", ({ persisted }) => persisted && lookAgain());
}

if (waiting) listen();
if (finish) finish.requestSubmit();
