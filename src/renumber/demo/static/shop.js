// Events appear as they arrive: the list alone is fetched anew, and the page for whoever was signed out.
const events = new EventSource("/events");
let known = String(document.querySelectorAll("#events time").length); // of the page as it came

events.addEventListener("message", async ({ data }) => {
  if (data !== known) await draw();
  known = data;
});

async function draw() {
  const answer = await fetch("/", { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if ("signedIn" in document.body.dataset && !("signedIn" in fresh.body.dataset)) return location.reload();
  document.getElementById("events").replaceWith(fresh.getElementById("events"));
  for (const time of document.querySelectorAll("#events time")) time.textContent = new Date(time.dateTime).toLocaleTimeString(document.documentElement.lang);
}

for (const time of document.querySelectorAll("#events time")) time.textContent = new Date(time.dateTime).toLocaleTimeString(document.documentElement.lang);
