// Looks now and then whether the phone has taken the code; without this the page loads itself again.

const invitation = document.querySelector("[data-invitation]");
const LOOK_EVERY = 3000;

async function look() {
  const answer = await fetch(location.href, { method: "HEAD", redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer && answer.type === "opaqueredirect") return location.reload();
  setTimeout(look, LOOK_EVERY);
}

if (invitation) setTimeout(look, LOOK_EVERY);
