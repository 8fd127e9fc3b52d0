// The country picker: typing finds a name, a country code or a calling code; a pasted +number chooses its country.

const picker = document.querySelector("select[data-countries]");
const number = document.getElementById("number");
const options = picker ? [...picker.options] : [];
const PAUSE = 1000;

// Calling codes that several countries share, and the one that is meant most often.
const MAIN = { "+1": "US", "+7": "RU", "+39": "IT", "+44": "GB", "+47": "NO", "+61": "AU", "+212": "MA", "+262": "RE",
  "+290": "SH", "+358": "FI", "+590": "GP", "+599": "CW" };

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function found(typed) {
  const looked = plain(typed);
  const name = (option) => plain(option.text);
  return options.find((option) => name(option).startsWith(looked))
    ?? (/^\+?\d/.test(looked) ? byCode(looked.startsWith("+") ? looked : `+${looked}`) : undefined)
    ?? options.find((option) => option.value.toLowerCase() === looked)
    ?? options.find((option) => name(option).includes(looked));
}

function byCode(given) {
  const fitting = options.filter((option) => given.startsWith(option.dataset.code));
  const longest = Math.max(...fitting.map((option) => option.dataset.code.length));
  const best = fitting.filter((option) => option.dataset.code.length === longest);
  return best.find((option) => option.selected) ?? best.find((option) => option.value === MAIN[option.dataset.code]) ?? best[0];
}

let typed = "";
let last = 0;
picker?.addEventListener("keydown", (event) => {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || (event.key === " " && !typed)) return;
  event.preventDefault();
  typed = event.timeStamp - last > PAUSE ? event.key : typed + event.key;
  last = event.timeStamp;
  const option = found(typed);
  if (option) picker.value = option.value;
});

number?.addEventListener("input", () => {
  const given = number.value.trim().replace(/^00/, "+").replace(/[^\d+]/g, "");
  const option = given.startsWith("+") && given.length > 1 ? byCode(given) : undefined;
  if (option) picker.value = option.value;
});
