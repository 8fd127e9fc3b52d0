// Passkeys: the options of a question are fetched, the authenticator answers, and the answer goes off with the form.
// On the sign-in page the browser also offers passkeys in the address field, for as long as nothing else is chosen.

const api = window.PublicKeyCredential;
const RENEWED = 0.8; // of the time in which a question can be answered

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

// What browsers without the JSON methods of WebAuthn level 3 need.
const plain = (one) => ({ ...one, id: bytes(one.id) });
const CREATE = (json) => ({
  ...json,
  challenge: bytes(json.challenge),
  user: plain(json.user),
  excludeCredentials: json.excludeCredentials?.map(plain),
});
const GET = (json) => ({
  ...json, challenge: bytes(json.challenge), allowCredentials: json.allowCredentials?.map(plain),
});

function parsed(kind, json) {
  if (kind === "create") return (api.parseCreationOptionsFromJSON?.bind(api) ?? CREATE)(json);
  return (api.parseRequestOptionsFromJSON?.bind(api) ?? GET)(json);
}

function written(credential) {
  const { id, rawId, type, response } = credential;
  const said = { transports: response.getTransports?.() };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: said });
}

async function asked(form) {
  const reply = await fetch(form.dataset.options, { headers: { accept: "application/json" } });
  const isJson = reply.headers.get("content-type")?.startsWith("application/json");
  return reply.ok && isJson ? reply.json() : null;
}

async function answered(form, json, more) {
  const kind = form.dataset.passkey;
  const credential = await navigator.credentials[kind]({ publicKey: parsed(kind, json), ...more });
  return typeof credential.toJSON === "function" ? wellWritten(credential) : written(credential);
}

function wellWritten(credential) {
  try {
    return JSON.stringify(credential); // calls toJSON
  } catch {
    return written(credential); // some password managers replace the credential by an object of their own
  }
}

function send(form, answer) {
  form.elements.answer.value = answer;
  form.submit();
}

function wordsFor(form, error) {
  if (error.name === "InvalidStateError") return form.dataset.known;
  if (error.name === "SecurityError") return form.dataset.insecure;
  return ["NotAllowedError", "AbortError"].includes(error.name) ? form.dataset.cancelled : form.dataset.failed;
}

function say(form, words) {
  const notice = form.querySelector("[role=alert]");
  notice.hidden = !words;
  notice.querySelector("p").textContent = words;
}

function busy(form, is) {
  const button = form.querySelector("button");
  if (is) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
  form.toggleAttribute("data-busy", is);
}

// The offer in the address field; the browser allows one question at a time.
let offer;

async function offerInField(form) {
  offer = new AbortController();
  const own = offer;
  try {
    const json = await asked(form);
    if (!json) return;
    const timer = setTimeout(() => own.abort("renew"), json.timeout * RENEWED);
    own.signal.addEventListener("abort", () => clearTimeout(timer));
    send(form, await answered(form, json, { mediation: "conditional", signal: own.signal }));
  } catch {
    if (own.signal.reason === "renew") offerInField(form);
  }
}

async function press(form) {
  say(form, "");
  busy(form, true);
  offer?.abort("pressed");
  try {
    const json = await asked(form);
    if (json) send(form, await answered(form, json));
    else location.reload(); // whoever is no longer where this page belongs is led on
  } catch (error) {
    busy(form, false);
    say(form, wordsFor(form, error));
    if (offer) offerInField(form);
  }
}

async function begin(form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.hasAttribute("data-busy")) press(form);
  });
  const inField = document.querySelector("input[autocomplete~=webauthn]");
  if (inField && (await api.isConditionalMediationAvailable?.())) offerInField(form);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (api) begin(form);
}
for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = Boolean(api);
for (const note of document.querySelectorAll("[data-needs-script]")) note.hidden = true;

// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.elements.answer.value = "";
    busy(form, false);
  }
});
