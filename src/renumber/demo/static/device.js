// The phone that confirms sign-ins: it scans the QR code that the web app shows, and keeps its page open.
import { whenArrived } from "./app.js";

const phone = document.getElementById("device");
const scan = document.getElementById("scan");
const page = document.getElementById("device-page");
let link = null;

export function drawDevice(isAdded) {
  if (isAdded && page.hidden) open("/device");
}

function open(address) {
  phone.hidden = page.hidden = false;
  scan.hidden = true;
  page.src = address;
}

whenArrived((found) => {
  link = found.querySelector("[data-invitation] a[href]");
  scan.hidden = !link;
  if (!link && page.hidden) phone.hidden = true;
  if (!link) return;
  phone.hidden = false;
  scan.scrollIntoView({ block: "nearest" });
});

scan.addEventListener("click", () => {
  page.hidden = true;
  page.src = "about:blank"; // what comes after another # alone would not be loaded anew
  page.addEventListener("load", () => open(link.href), { once: true });
});
