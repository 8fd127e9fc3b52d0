// Groups a number while it is typed, by the rules of its country; who sets their own spaces keeps them.

const known = new Map();

export async function rulesOf(country) {
  if (!known.has(country)) {
    const asked = fetch(`/number-formats/${country}`).then((reply) => (reply.ok ? reply.json() : null)).catch(() => null);
    known.set(country, asked);
  }
  return known.get(country);
}

const sum = (sizes) => sizes.reduce((all, size) => all + size, 0);

// As many digits to each group as it takes; what is more than the least goes to the first that takes it.
function split(digits, { groups, between }) {
  let more = Math.max(0, digits.length - sum(groups.map(([least]) => least)));
  let at = 0;
  let text = "";
  groups.forEach(([least, most], place) => {
    const wider = Math.min(more, most - least);
    more -= wider;
    const part = digits.slice(at, at + least + wider);
    if (part) text += (place ? between[place - 1] : "") + part;
    at += least + wider;
  });
  return text;
}

function national(digits, { trunk_prefix: trunk, groupings }) {
  const dialled = trunk && digits.startsWith(trunk) ? trunk : "";
  const own = digits.slice(dialled.length);
  const fits = ({ begins, groups }) => new RegExp(`^(?:${begins})`).test(own) && own.length <= sum(groups.map(([, most]) => most));
  const fitting = groupings.find(fits);
  const gap = dialled && dialled !== "0" && own ? " " : "";
  return dialled + gap + (fitting ? split(own, fitting) : own);
}

export const codeStart = /^\s*\(?(\+|00(?=[\s./-]*[1-9]))/;

export function grouped(text, rules) {
  const digits = text.replace(/\D/g, "");
  if (!digits || /[^\d\s().\/+-]/.test(text)) return text;
  const start = text.match(codeStart)?.[1];
  if (!start) return national(digits, rules);
  const code = String(rules.calling_code);
  const after = start === "+" ? digits : digits.slice(2);
  if (!after.startsWith(code)) return text;
  const rest = after.slice(code.length);
  return start + code + (rest && ` ${national(rest, rules)}`);
}

const meant = /[\d+]/g;
const count = (text) => text.match(meant)?.length ?? 0;

// The place behind as many digits as were before the caret.
function placeAfter(text, digits) {
  let place = 0;
  for (let seen = 0; place < text.length && seen < digits; place += 1) if (/[\d+]/.test(text[place])) seen += 1;
  return place;
}

export function groupWhileTyping(field, rulesNow) {
  let isOwn = false;
  let before = field.value;

  async function group() {
    const rules = await rulesNow();
    if (!rules || isOwn) return;
    const text = grouped(field.value, rules);
    if (text === field.value) return;
    const isHere = document.activeElement === field;
    const digits = count(field.value.slice(0, field.selectionStart ?? field.value.length));
    field.value = text;
    before = text;
    if (isHere) field.setSelectionRange(placeAfter(text, digits), placeAfter(text, digits));
  }

  // Beside a space, the key takes the digit: the space alone would be there again at once.
  field.addEventListener("beforeinput", (event) => {
    const { selectionStart: at, selectionEnd: end, value } = field;
    if (isOwn || at !== end) return;
    if (event.inputType === "deleteContentBackward") {
      const place = placeAfter(value, count(value.slice(0, at)));
      if (place && place < at) field.setSelectionRange(place, place);
    }
    if (event.inputType === "deleteContentForward") {
      const gap = value.slice(at).search(/[\d+]/);
      if (gap > 0) field.setSelectionRange(at + gap, at + gap);
    }
  });

  field.addEventListener("input", (event) => {
    const added = event.data ?? (before ? "" : field.value);
    const isAnew = added === field.value;
    isOwn = Boolean(field.value) && ((isOwn && !isAnew) || /[^\d+]/.test(added));
    before = field.value;
    if (!event.isComposing) group();
  });
  return group;
}
