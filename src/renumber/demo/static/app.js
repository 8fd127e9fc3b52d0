// The web app in its frame: where it is, back, and reload. It is of the same origin, so it can be asked.
const frame = document.getElementById("app");
const back = document.getElementById("back");
const { run } = document.body.dataset;
const first = sessionStorage.run === run ? sessionStorage.address : null;

export function openInApp(url) {
  frame.src = url;
}

frame.addEventListener("load", () => {
  const { href } = frame.contentWindow.location;
  if (!href.startsWith("http")) return;
  document.getElementById("address").textContent = href.replace(/^https?:\/\//, "");
  Object.assign(sessionStorage, { run, address: href });
  back.disabled = frame.contentWindow.navigation?.canGoBack === false;
});

document.getElementById("reload").addEventListener("click", () => frame.contentWindow.location.reload());
back.addEventListener("click", () => frame.contentWindow.history.back());
openInApp(first ?? "/");
