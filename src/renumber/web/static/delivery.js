// Says what became of a message: looks at the page again, now and then, while it is on its way, and takes over that part.

const PAUSES = [2, 3, 5, 8, 8, 10, 15, 30]; // seconds; whoever waits longer loads the page
const shown = document.querySelector("[data-delivery]");

// Nothing says any more that it is being sent, once nobody sends it.
function giveUp(page) {
  for (const part of document.querySelectorAll("[data-with-delivery]")) {
    const newer = page.getElementById(part.id);
    if (newer) part.replaceWith(newer);
    else part.remove();
  }
}

async function look() {
  const answer = await fetch(location.pathname, { cache: "no-store", redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.querySelector("[data-delivery]");
  if (!newer || newer.textContent.trim() === shown.textContent.trim()) return;
  shown.dataset.delivery = newer.dataset.delivery;
  if (newer.dataset.delivery === "given_up") giveUp(page);
  shown.replaceChildren(...newer.children); // A status: what is new in it is announced.
}

async function follow() {
  for (const pause of PAUSES) {
    if (shown?.dataset.delivery !== "trying") return;
    await new Promise((resume) => setTimeout(resume, pause * 1000));
    if (!document.hidden) await look();
  }
}

follow();
