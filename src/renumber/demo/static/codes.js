// The codes of the authenticator apps: a new one every half minute, of the time in the demo.
const buttons = [...document.querySelectorAll("[data-code]")];
const STEP = 30_000;
let next = 0;

export async function drawCodes() {
  clearTimeout(next);
  const codes = await (await fetch("/demo/codes")).json();
  for (const button of buttons) {
    const code = codes[button.dataset.code] ?? "";
    button.dataset.copy = code;
    button.querySelector(".words").textContent = code.replace(/^(.{3})/, "$1 ");
  }
  next = setTimeout(drawCodes, STEP - (Date.now() % STEP) + 50);
}
