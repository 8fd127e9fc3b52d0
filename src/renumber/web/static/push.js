// Waits for the answer on the phone: told by the server as soon as it is there, asked for now and then without that.

const waiting = document.querySelector("[data-push-events]");
const finish = document.querySelector("form[data-push-finish]");
const ASK_EVERY = 5000;

// The server knows what to show now: the way on, or why there is none.
const look = () => location.replace(waiting.dataset.pushPage);

function listen() {
  const events = new EventSource(waiting.dataset.pushEvents);
  events.addEventListener("answered", () => {
    events.close();
    look();
  });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(look, ASK_EVERY); // No more than that is left to us.
  });
  addEventListener("submit", () => events.close()); // What was pressed leads on; its answer must not be overtaken.
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", ({ persisted }) => persisted && look());
}

if (waiting) listen();
if (finish) finish.requestSubmit();
