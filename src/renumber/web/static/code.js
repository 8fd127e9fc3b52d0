// The code field: pasted spaces and dashes go; a code that arrives whole is sent by itself, once, and that is announced.
// Digits that are typed wait for the button or for Enter: a slip in the last one would cost a try.

const WHOLE = 6;
const PAUSE = 600; // milliseconds, in which it is announced and can still be mended

const field = document.querySelector("input.code");
let before = 0;
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

field?.addEventListener("input", () => {
  clearTimeout(timer);
  announce(false);
  const all = field.value.replace(/\D/g, "");
  const digits = all.slice(0, Number(field.dataset.digits ?? WHOLE));
  if (digits !== field.value) field.value = digits;
  const arrived = digits.length - before;
  before = digits.length;
  if ((all.length === WHOLE || all.length === Number(field.dataset.digits)) && arrived > 1) sendSoon();
});
field?.form.addEventListener("submit", () => clearTimeout(timer));

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
