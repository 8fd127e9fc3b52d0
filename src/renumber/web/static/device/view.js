// What is shown. Every state is a template of the page, with its words in it; here it is only filled in.

const place = document.getElementById("state");
const said = document.getElementById("said");
const purpose = document.getElementById("purpose");

// Times as the other pages write them: 24 November 2026, 14:32 CET.
const { lang: language } = document.documentElement;
const locales = { en: ["en-GB", "en-US"] }[language] ?? [language]; // Plain "en" calls Berlin's zone "GMT+1".
const as = (options, locale = locales[0]) => new Intl.DateTimeFormat(locale, options);
const day = as({ dateStyle: "long" });
const clock = as({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const moment = (at) => written("moment", { day: day.format(at), time: clock.format(at), zone: zone(at) });

export const time = (at) =>
  Math.abs(at - Date.now()) < 12 * 3600_000 ? written("clock", { time: clock.format(at) }) : moment(at);

const written = (pattern, values) => wordedBy(document.getElementById(pattern), values);

function zone(at) {
  const names = locales.map((locale) => zoneNamed("short", at, locale));
  return names.find((name) => /^\p{L}+$/u.test(name)) ?? zoneNamed("longOffset", at).replace("GMT", "UTC");
}

const zoneNamed = (timeZoneName, at, locale) =>
  as({ timeZoneName }, locale).formatToParts(at).find(({ type }) => type === "timeZoneName").value;

export function made(name, values = {}) {
  const card = document.importNode(document.getElementById(name).content.firstElementChild, true);
  for (const [what, value] of Object.entries(values)) fill(card, what, value);
  return card;
}

export const fill = (card, what, value) => {
  card.querySelector(`[data-fill="${what}"]`).textContent = value;
};

// An address that ends a line after a colon, not within a group.
export const breakable = (address) =>
  (address.match(/[^:]+:*|:+/g) ?? []).flatMap((group) => [group, document.createElement("wbr")]);

export const reveal = (card, when, isShown = true) => {
  card.querySelector(`[data-when="${when}"]`).hidden = !isShown;
};

// Put values into a text that the template gives: "{time} left".
export const worded = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const wordedBy = (part, values) => worded(part.dataset.text, values);

export function onPress(card, act, press) {
  card.querySelector(`[data-act="${act}"]`)?.addEventListener("click", press);
}

// Show these cards and nothing else. Whoever has pressed something is taken along; whoever reads is only told.
export function show(...cards) {
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...cards);
  introduce(cards[0], hadFocus);
}

export function add(card) {
  place.append(card);
  entitle();
}

export function introduce(card, withFocus) {
  entitle();
  const heading = card.querySelector("h2");
  say(withFocus ? "" : heading.textContent);
  if (withFocus) heading.focus();
}

// The heading of the page, and its name in a list of windows, are true for what is shown: a call is no sign-in.
function entitle() {
  const calls = shown().filter(({ dataset }) => dataset.about === "call").length;
  const text = purpose.dataset[!calls ? "signIns" : calls < shown().length ? "both" : "calls"];
  if (purpose.textContent === text) return;
  document.title = document.title.replace(purpose.textContent, () => text);
  purpose.textContent = text;
}

// Put one card in another's place.
export function swap(old, card) {
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(card);
  introduce(card, hadFocus);
}

export function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}

export const shown = () => [...place.children];
export const isShown = (state) => shown().some((card) => card.dataset.state === state);

// Say beside the field, or on top of the card, what went wrong. The words lie in the template `from`.
export function complain(part, from, problem, values = {}) {
  const sentence = document.getElementById(from).content.querySelector(`[data-problem="${problem}"]`);
  part.lastElementChild.textContent = sentence.dataset.text ? wordedBy(sentence, values) : sentence.textContent;
  part.dataset.problem = problem;
  part.hidden = false;
}

export function calm(part) {
  part.hidden = true;
}

// While a press is under way, a second one does nothing; the buttons stay in the order of focus.
export async function once(card, act) {
  if (card.dataset.busy) return;
  card.dataset.busy = "yes";
  const buttons = [...card.querySelectorAll("button")];
  buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
  try {
    await act();
  } finally {
    delete card.dataset.busy;
    buttons.forEach((button) => button.removeAttribute("aria-disabled"));
  }
}
