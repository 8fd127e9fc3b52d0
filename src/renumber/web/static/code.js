// The code field: a code that arrives whole is sent by itself, once, and that is announced. What is typed stays as it is
// and waits for the button or for Enter: a slip in the last digit would cost a try.

import { digitsIn } from "./digits.js";

const WHOLE = 6;
const PAUSE = 600; // milliseconds, in which it is announced and can still be mended

const field = document.querySelector("input.code");
let before = field?.value.length ?? 0;
let timer;

function announce(text) {
  const status = document.querySelector("[data-code-status]");
  if (status) status.textContent = text ? status.dataset.codeStatus : "";
}

function sendSoon() {
  announce(true);
  timer = setTimeout(() => {
    if (!field.form.dataset.sent) field.form.requestSubmit();
  }, PAUSE);
}

field?.addEventListener("input", (event) => {
  clearTimeout(timer);
  announce(false);
  const hasArrived = event.inputType === "insertFromPaste" || field.value.length - before > 1;
  const code = hasArrived ? digitsIn(field.value, WHOLE, Number(field.dataset.digits ?? WHOLE)) : "";
  if (code) {
    field.value = code;
    sendSoon();
  }
  before = field.value.length;
});
field?.form.addEventListener("submit", () => clearTimeout(timer));
// What was too short comes back, to be mended or typed anew; what somebody has typed before this ran stays as it is.
if (field?.value && field.value === field.defaultValue) field.select();

async function readFromText(input) {
  const stop = new AbortController();
  input.form.addEventListener("submit", () => stop.abort());
  const found = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal: stop.signal });
  input.value = found.code;
  sendSoon();
}

if (field?.hasAttribute("data-webotp") && "OTPCredential" in window) {
  readFromText(field).catch(() => {}); // Refused or too late: the person types the code.
}
