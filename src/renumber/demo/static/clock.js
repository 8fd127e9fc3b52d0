// The time in the demo: this computer's, moved as the service's clock is.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
let movedBy = 0;

export function setMoved(seconds) {
  if (seconds !== movedBy) {
    movedBy = seconds;
    document.querySelectorAll("main time[datetime]").forEach((element) => moment(element, element.dateTime));
  }
  const moved = document.getElementById("moved");
  moved.textContent = moved.dataset.words.replace("{hours}", seconds / 3600);
  moved.hidden = seconds === 0;
  tick();
}

export function moment(element, at) {
  const then = new Date(at);
  element.dateTime = at;
  element.textContent = (isToday(then) ? time : day).format(then);
}

function now() {
  return new Date(Date.now() + movedBy * 1000);
}

function isToday(then) {
  return then.toDateString() === now().toDateString();
}

function tick() {
  const shown = document.getElementById("now");
  shown.dateTime = now().toISOString();
  shown.textContent = clock.format(now());
}

document.querySelector("form.clock").addEventListener("submit", (event) => {
  event.preventDefault();
  fetch(event.submitter?.getAttribute("formaction") ?? event.target.action, { method: "POST" });
});
setInterval(tick, 1000);
tick();
