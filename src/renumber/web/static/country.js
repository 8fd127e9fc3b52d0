// The country picker: it is found by name, country code or calling code, and a number with its code picks its own.

import { offerSearch } from "./country-search.js";
import { codeStart, groupWhileTyping, rulesOf } from "./grouping.js";

const picker = document.querySelector("select[data-countries]");
const number = document.getElementById("number");
const options = picker ? [...picker.options] : [];
const PAUSE = 1000;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// How well what was typed names a country: the less the better; Infinity doesn't.
function rank(option, looked) {
  const names = [option.text, ...option.dataset.also.split(", ")].map(plain);
  if (/^\+?\d/.test(looked)) return option.dataset.code.startsWith(`+${looked.replace("+", "")}`) ? (option.dataset.main === undefined ? 2 : 1) : Infinity;
  if (names[0].startsWith(looked)) return 1;
  if (option.value.toLowerCase() === looked) return 2;
  if (names.some((name) => name.startsWith(looked))) return 3;
  return names.some((name) => name.includes(looked)) ? 4 : Infinity;
}

function found(typed) {
  const looked = plain(typed.trim());
  const ranked = options.map((option) => [rank(option, looked), option]).filter(([rank]) => rank < Infinity);
  return ranked.sort(([one], [other]) => one - other).map(([, option]) => option);
}

// The country of a number that begins with a calling code; of several under one code the picked one, else the main one.
function byCode(given) {
  const fitting = options.filter((option) => given.startsWith(option.dataset.code));
  return fitting.find((option) => option.selected) ?? fitting.find((option) => option.dataset.main !== undefined) ?? fitting[0];
}

function pick(option) {
  if (picker.value === option.value) return;
  picker.value = option.value;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
}

let typed = "";
let last = 0;
picker?.addEventListener("keydown", (event) => {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || (event.key === " " && !typed)) return;
  event.preventDefault();
  typed = event.timeStamp - last > PAUSE ? event.key : typed + event.key;
  last = event.timeStamp;
  const [option] = found(typed);
  if (option) pick(option);
});

function followCode() {
  const start = number.value.match(codeStart)?.[1];
  const digits = number.value.replace(/\D/g, "");
  const option = start && byCode(`+${start === "+" ? digits : digits.slice(2)}`);
  if (!option || option.selected) return;
  pick(option);
  const said = document.getElementById("country-said");
  said.textContent = said.dataset.text.replace("{country}", option.text);
}

if (picker && number) {
  const group = groupWhileTyping(number, () => rulesOf(picker.value));
  number.addEventListener("input", followCode);
  picker.addEventListener("change", group);
  followCode();
  rulesOf(picker.value);
  offerSearch(picker, found, pick);
}
