// Nothing to confirm: whose device this is, and how it will say that there is something.

import { keep } from "./keys.js";
import { notifications, turnOff, turnOn } from "./subscribe.js";
import { fill, made, moment, once, onPress, reveal } from "./view.js";

let invitation = null; // the browser's offer to install the page
let standing = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  invitation = event;
  if (standing) reveal(standing, "installable");
});

addEventListener("appinstalled", () => {
  invitation = null;
  if (standing) reveal(standing, "installable", false);
});

export class Quiet {
  constructor(device, api, isFresh) {
    Object.assign(this, { device, api, isFresh });
  }

  card() {
    const { account, name, since } = this.device;
    const card = made("quiet", { account, name, since: moment(since) });
    reveal(card, "fresh", this.isFresh);
    this.isFresh = false;
    reveal(card, "installable", Boolean(invitation));
    onPress(card, "install", () => invitation?.prompt());
    onPress(card, "turn-on", () => once(card, () => this.#turn(card, turnOn)));
    onPress(card, "turn-off", () => once(card, () => this.#turn(card, turnOff)));
    standing = card;
    this.renew();
    return card;
  }

  // Address and name can be changed on the profile.
  rename(account, name) {
    if (account === this.device.account && name === this.device.name) return;
    Object.assign(this.device, { account, name });
    keep("this", this.device);
    if (standing) for (const what of ["account", "name"]) fill(standing, what, this.device[what]);
  }

  // What the browser allows may have changed in its settings meanwhile.
  async renew() {
    if (standing) tell(standing, await notifications(this.api));
  }

  async #turn(card, act) {
    tell(card, await act(this.api));
    const button = card.querySelector("[data-notifications] button:not([hidden])");
    (button ?? card.querySelector("h2")).focus();
  }
}

function tell(card, state) {
  const part = card.querySelector("[data-notifications]");
  part.dataset.notifications = state;
  for (const sentence of part.querySelectorAll("[data-about]")) sentence.hidden = sentence.dataset.about !== state;
  part.querySelector("[data-act=turn-on]").hidden = state !== "off" && state !== "failed";
  part.querySelector("[data-act=turn-off]").hidden = state !== "on";
}
