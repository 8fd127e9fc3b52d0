// This device waits until its owner confirms it in the browser that shows the code, and goes on by itself.

import { connection, Refused, serverTime, Unreachable } from "./api.js";
import { fill, made, reveal, show, time } from "./view.js";

const LOOK_EVERY = 2_500; // ms
const LATER = 10_000; // while the service can't be reached

export class Waiting {
  #stop = new AbortController();

  // `confirmed` gets what the service says of the device, `ended` why it was not added.
  constructor(device, { confirmed, ended }) {
    Object.assign(this, { device, confirmed, ended, api: connection(device) });
    this.card = made("waiting", { name: device.name });
    fill(this.card, "until", time(device.expiresAt));
    this.#leadToPage();
    show(this.card);
    const { signal } = this.#stop;
    document.addEventListener("visibilitychange", () => document.hidden || this.look(), { signal });
    addEventListener("online", () => this.look(), { signal });
    this.look();
  }

  end() {
    this.#stop.abort();
    clearTimeout(this.next);
  }

  #leadToPage() {
    const target = new URL(this.device.confirmUrl ?? "/profile", location.origin);
    if (target.origin === location.origin) this.card.querySelector("[data-fill-link]").href = target.href;
  }

  async look() {
    clearTimeout(this.next);
    const found = await this.#ask();
    if (this.#stop.signal.aborted || !found) return;
    if (found.account) return this.confirmed(found);
    if (found.isOver) return this.ended(serverTime() < this.device.expiresAt ? "rejected" : "late");
    reveal(this.card, "offline", Boolean(found.isUnreachable));
    clearTimeout(this.next); // of another look meanwhile
    this.next = setTimeout(() => this.look(), found.isUnreachable ? LATER : LOOK_EVERY);
  }

  async #ask() {
    try {
      return await this.api.prompts();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      if (error.code === "device_unknown") return { isOver: true };
      return { isUnreachable: error.code !== "device_not_confirmed" };
    }
  }
}
