// Counts down the seconds until something may be sent again; without it the page says the time of day.

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

for (const line of document.querySelectorAll("[data-countdown]")) {
  const ends = performance.now() + Number(line.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    if (left > 0) {
      line.textContent = line.dataset.text.replace("{time}", clock(left));
      return;
    }
    line.textContent = line.dataset.done;
    clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}
