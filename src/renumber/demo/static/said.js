// What happened, for those who hear the page.
export function say(words) {
  document.getElementById("said").textContent = words;
}
