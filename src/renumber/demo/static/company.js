// The setting of the company: whether changes of its people wait for its administrator.
const form = document.getElementById("changes-wait");
const button = form.querySelector("button");

export function drawWaiting(isOn) {
  button.setAttribute("aria-pressed", String(isOn));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const isOn = button.getAttribute("aria-pressed") === "true";
  fetch(`/demo/changes-wait/${isOn ? "no" : "yes"}`, { method: "POST" });
});
