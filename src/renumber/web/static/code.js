// The code field: pasted spaces and dashes go; a text that names this site is read by the browser (WebOTP).

const field = document.querySelector("input.code");

field?.addEventListener("input", () => {
  const digits = field.value.replace(/\D/g, "").slice(0, Number(field.dataset.digits ?? 6));
  if (digits !== field.value) field.value = digits;
});

async function readFromText(input) {
  const stop = new AbortController();
  input.form.addEventListener("submit", () => stop.abort());
  const found = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal: stop.signal });
  input.value = found.code;
  input.form.requestSubmit();
}

if (field?.hasAttribute("data-webotp") && "OTPCredential" in window) {
  readFromText(field).catch(() => {}); // Refused or too late: the person types the code.
}
