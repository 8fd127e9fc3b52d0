// Codes as people type and paste them, by the rule of domain/typed/codes.py: digits of any script count as 0 to 9, and
// what stands around them doesn't. Nothing comes back where no code of these lengths was typed, or two that differ.

const DIGIT = /\p{Nd}/u;
const FILLERS = /[\u115f\u1160\u3164\uffa0]/;
const MOST = 1024;

// Digits stand in runs of ten from their zero on.
function value(digit) {
  let zero = digit.codePointAt(0);
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((digit.codePointAt(0) - zero) % 10);
}

function plain(character) {
  if (DIGIT.test(character)) return value(character);
  if (/[\p{Cf}\p{M}]/u.test(character) || FILLERS.test(character)) return "";
  if (/[\p{Pd}\u2212\u02d7]/u.test(character)) return "-";
  return /[\p{Z}\p{C}]/u.test(character) ? " " : character;
}

export function digitsIn(typed, ...lengths) {
  const fits = (code) => lengths.includes(code.length);
  const text = [...typed].slice(0, MOST).map(plain).join("");
  const alone = text.replace(/[^\p{L}\p{N}]/gu, "");
  if (/^[0-9]+$/.test(alone) && fits(alone)) return alone;
  const bound = text.match(/#([0-9]+)[^0-9A-Za-z]*$/)?.[1];
  if (bound && fits(bound)) return bound;
  const runs = text.match(/[0-9]+(?:[ -][0-9]+)*/g) ?? [];
  const found = new Set(runs.flatMap((run) => [...run.match(/[0-9]+/g), run.replace(/[ -]/g, "")]).filter(fits));
  return found.size === 1 ? [...found][0] : "";
}
