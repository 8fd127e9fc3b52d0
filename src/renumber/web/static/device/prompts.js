// Attending to requests: asks the service while the page is in view, and shows what there is to answer.

import { connection, Refused, Unreachable } from "./api.js";
import { Question } from "./question.js";
import { Quiet } from "./quiet.js";
import { clearNotifications, onPush } from "./subscribe.js";
import { add, introduce, isShown, made, onPress, reveal, fill, show, shown, swap } from "./view.js";

const OFTEN = 2_500; // ms, while a request waits or the page was just opened
const SELDOM = 12_000;
const JUST_OPENED = 120_000;
const LATER = [3_000, 6_000, 12_000, 30_000]; // after failures

export class Attendance {
  #questions = new Map();
  #failures = 0;
  #timers = [];
  #stop = new AbortController();
  #isAsking = false;
  #isWanted = false;

  // `removed` is called when the service no longer knows this device.
  constructor(device, { isFresh, removed }) {
    Object.assign(this, { device, removed });
    this.api = connection(device);
    this.quiet = new Quiet(device, this.api, isFresh);
    this.openedAt = performance.now();
    const { signal } = this.#stop;
    document.addEventListener("visibilitychange", () => this.#reopen(), { signal });
    addEventListener("online", () => this.look(), { signal });
    onPush(() => this.look(), signal);
    this.#timers.push(setInterval(() => this.#tick(), 500));
    this.look();
  }

  end() {
    this.#stop.abort();
    this.#timers.forEach(clearInterval);
    clearTimeout(this.next);
  }

  #reopen() {
    clearTimeout(this.next);
    if (document.hidden) return;
    this.openedAt = performance.now();
    this.quiet.renew();
    this.look();
  }

  async look() {
    clearTimeout(this.next);
    if (this.#isAsking) {
      this.#isWanted = true;
      return;
    }
    this.#isAsking = true;
    await this.#ask();
    this.#isAsking = false;
    if (this.#stop.signal.aborted || document.hidden) return;
    this.next = setTimeout(() => this.look(), this.#isWanted ? 0 : this.#pause());
    this.#isWanted = false;
  }

  #pause() {
    if (this.#failures) return LATER[Math.min(this.#failures, LATER.length) - 1];
    const isLively = this.#questions.size || performance.now() - this.openedAt < JUST_OPENED;
    return isLively ? OFTEN : SELDOM;
  }

  async #ask() {
    try {
      const answer = await this.api.prompts();
      if (this.#stop.signal.aborted) return;
      this.#failures = 0;
      this.#show(answer);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#fail(error);
    }
  }

  #show({ prompts, account, digits, name }) {
    this.quiet.rename(account, name);
    this.#questions.forEach((question) => question.soothe());
    const waiting = new Set(prompts.map(({ id }) => id));
    const fresh = prompts.filter(({ id }) => !this.#questions.has(id));
    const gone = [...this.#questions.values()].filter(({ prompt, isBusy }) => !waiting.has(prompt.id) && !isBusy);
    if (fresh.length) this.#begin(fresh, { account, digits, gone });
    else gone.forEach((question) => question.settle(question, question.isOver ? "expired" : "elsewhere"));
    if (!this.#questions.size) this.#rest();
  }

  // New requests come in; what has become of earlier ones gives way to them.
  #begin(prompts, { account, digits, gone }) {
    gone.forEach(({ prompt }) => this.#questions.delete(prompt.id));
    const settle = (...outcome) => this.settle(...outcome);
    const begun = prompts.map((prompt) => new Question(prompt, { api: this.api, account, digits, settle }));
    if (gone.length) begun[0].replaces();
    const before = [...this.#questions.values()];
    begun.forEach((question) => this.#questions.set(question.prompt.id, question));
    if (before.length && !gone.length) begun.forEach(({ card }) => add(card));
    else show(...before.map(({ card }) => card), ...begun.map(({ card }) => card));
    if (before.length) introduce(begun[0].card, false);
    if (document.activeElement.matches("body, h2")) begun[0].field.focus({ preventScroll: true }); // Nothing is being typed.
  }

  #rest() {
    clearNotifications();
    const isOutcome = shown().some(({ dataset }) => dataset.outcome);
    if (!isOutcome && !isShown("quiet")) show(this.quiet.card());
  }

  settle(question, outcome, link) {
    this.#questions.delete(question.prompt.id);
    if (outcome === "removed") return this.#leave();
    const card = made(outcome);
    card.dataset.outcome = outcome;
    card.dataset.about = question.card.dataset.about;
    if (outcome === "not_me") this.#leadToFreeze(card, link);
    onPress(card, "done", () => this.#dismiss(card));
    swap(question.card, card);
    clearNotifications();
  }

  #leadToFreeze(card, link) {
    const target = new URL(link ?? "/", location.origin);
    const button = card.querySelector("[data-fill-link]");
    if (link && target.origin === location.origin) button.href = target.href;
    else button.remove();
  }

  #dismiss(card) {
    if (shown().length > 1) {
      card.remove();
      introduce(shown()[0], true);
    } else {
      show(this.quiet.card());
    }
    this.look();
  }

  #fail(error) {
    if (error.code === "device_unknown") return this.#leave();
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    this.#failures += 1;
    const state = error instanceof Unreachable ? "offline" : "server";
    this.#questions.forEach((question) => (question.isOver ? question.settle(question, "expired") : question.trouble(state)));
    if (this.#questions.size || shown().some(({ dataset }) => dataset.outcome)) return;
    if (!isShown(state)) show(this.#troubled(state, error));
  }

  #troubled(state, error) {
    const card = made(state);
    const reference = error.problem?.request_id;
    if (reference) {
      fill(card, "reference", reference);
      reveal(card, "reference");
    }
    onPress(card, "again", () => this.look());
    return card;
  }

  #leave() {
    this.end();
    this.removed();
  }

  #tick() {
    for (const question of this.#questions.values()) {
      question.tick();
      if (question.isOver && !question.isAskedFor) {
        question.isAskedFor = true;
        this.look();
      }
    }
  }
}
