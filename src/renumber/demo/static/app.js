// The web app in its frame: where it is, in which browser, back, and reload. It is of the same origin, so it can be asked.
import { showPart } from "./parts.js";

const frame = document.getElementById("app");
const back = document.getElementById("back");
const { run } = document.body.dataset;
const first = sessionStorage.run === run ? sessionStorage.address : null;

const browsers = [...document.querySelectorAll(".windows button")];
const followers = [];

export function openInApp(url) {
  frame.src = url;
  showPart("app-part");
}

export function whenArrived(follow) {
  followers.push(follow);
}

frame.addEventListener("load", () => {
  const href = addressInFrame();
  if (!href.startsWith("http")) return;
  document.querySelector("main").classList.toggle("desk", new URL(href).pathname.startsWith("/console"));
  document.getElementById("address").textContent = href.replace(/^https?:\/\//, "");
  Object.assign(sessionStorage, { run, address: href });
  if (frame.contentDocument) followers.forEach((follow) => follow(frame.contentDocument));
  back.disabled = frame.contentDocument ? frame.contentWindow.navigation?.canGoBack === false : false;
});

// The shop is of another origin, which tells nobody where it is: its front page, as far as this page knows.
function addressInFrame() {
  return frame.contentDocument ? frame.contentWindow.location.href : `${frame.dataset.shop}/`;
}

document.getElementById("reload").addEventListener("click", () => {
  if (frame.contentDocument) frame.contentWindow.location.reload();
  else frame.src = addressInFrame();
});
back.addEventListener("click", () => (frame.contentDocument ? frame.contentWindow.history : history).back());
for (const button of browsers) button.form.addEventListener("submit", () => showBrowser(button.value));
document.querySelectorAll('form[action^="/demo/let-in/"]').forEach((form) => form.addEventListener("submit", () => showBrowser(form.dataset.opens ?? "own")));

function showBrowser(name) {
  document.querySelector(".browser").dataset.browser = name;
  browsers.forEach((each) => each.toggleAttribute("aria-current", false));
  browsers.find((each) => each.value === name).setAttribute("aria-current", "true");
}

frame.src = first ?? "/";
