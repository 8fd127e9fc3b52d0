// Counts down: a button that can be pressed from a time on, and a line that says how long something holds.
// Without it the page says the time of day.

const MINUTE = 60;
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

// A computer that slept must not go on counting where it was: the time of day is asked, and no timer believed.
function count(part, each) {
  const ends = Date.now() + Number(part.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    each(left);
    if (!left) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

function wait(button) {
  const seen = button.querySelector("[data-seen]");
  button.setAttribute("aria-disabled", "true");
  count(button, (left) => {
    if (left) {
      if (left < MINUTE) seen.textContent = button.dataset.text.replace(" {time}", `\u00a0${clock(left)}`);
      return;
    }
    open(button);
  });
}

function open(button) {
  const label = document.createElement("span");
  label.textContent = button.dataset.label;
  button.replaceChildren(label);
  button.removeAttribute("aria-disabled");
  button.removeAttribute("data-countdown");
  document.getElementById("again-at")?.remove();
  const status = button.form.querySelector("[data-opened]");
  status.textContent = status.dataset.opened;
}

for (const button of document.querySelectorAll("button[data-countdown]")) wait(button);

// Before any other script hears of it: a button that waits sends nothing, and its form isn't taken for one that was sent.
document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-countdown]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

for (const line of document.querySelectorAll("p[data-countdown]")) {
  count(line, (left) => {
    line.textContent = left ? line.dataset.text.replace("{time}", clock(left)) : line.dataset.done;
  });
}
