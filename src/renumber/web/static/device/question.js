// One request: who asks, how long it still waits, and the three answers. The digits are read when they are sent, and kept nowhere.

import { digitsIn } from "../digits.js";
import { Refused, serverTime, Unreachable } from "./api.js";
import { breakable, calm, complain, fill, made, once, onPress, reveal, say, time, wordedBy } from "./view.js";

const WARN_AT = 30; // seconds
const OUTCOMES = {
  device_unknown: "removed",
  factor_suspended: "paused",
  account_frozen: "paused",
  prompt_unknown: "elsewhere",
  prompt_answered: "elsewhere",
  prompt_replaced: "elsewhere",
  prompt_expired: "expired",
};

// A call with customer relations signs nobody in, and says so at each of its ends.
const OF_CALLS = {
  approved: "call_approved",
  denied: "call_denied",
  not_me: "call_denied",
  expired: "call_expired",
  spent: "call_spent",
  paused: "call_paused",
};

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export class Question {
  // `settle(question, outcome, link)` is told what became of it.
  constructor(prompt, { api, account, digits, settle }) {
    Object.assign(this, { prompt, api, digits });
    this.settle = (question, outcome, link) => settle(question, this.#named(outcome), link);
    this.problems = prompt.isCall ? "call-problems" : "answer-problems";
    this.expiresAt = Date.parse(prompt.expires_at);
    this.card = made(prompt.isCall ? "call" : "prompt", { account, asked: time(Date.parse(prompt.asked_at)) });
    this.card.dataset.about = prompt.isCall ? "call" : "sign-in";
    this.field = this.card.querySelector("input");
    this.problem = this.card.querySelector("[data-problem]");
    this.#name();
    this.#listen();
    this.tick();
  }

  #named(outcome) {
    return (this.prompt.isCall && OF_CALLS[outcome]) || outcome;
  }

  // A field and a heading of its own, for there may be several.
  #name() {
    const { id, browser, ip } = this.prompt;
    const part = this.card.querySelector("[data-fill=browser]");
    const [found, system] = browser.split(" on ");
    part.textContent = !browser ? part.dataset.none : system ? wordedBy(part, { browser: found, system }) : found;
    this.card.querySelector("[data-fill=ip]").append(...breakable(ip));
    this.field.id = `digits-${id}`;
    this.problem.id = `problem-${id}`;
    this.card.querySelector("label").htmlFor = this.field.id;
    this.field.style.setProperty("--digits", this.digits);
  }

  #listen() {
    this.card.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#approve();
    });
    onPress(this.card, "deny", () => this.#answer("deny", ""));
    onPress(this.card, "not_me", () => this.#answer("not_me", ""));
  }

  get isBusy() {
    return Boolean(this.card.dataset.busy);
  }

  get isOver() {
    return serverTime() >= this.expiresAt;
  }

  replaces() {
    reveal(this.card, "newer");
  }

  // Say how long it still waits; nearly at the end, aloud.
  tick() {
    const left = Math.max(0, Math.ceil((this.expiresAt - serverTime()) / 1000));
    const part = this.card.querySelector("[data-fill=left]");
    const text = wordedBy(part, { time: clock(left) });
    if (part.textContent === text) return;
    fill(this.card, "left", text);
    const whole = (this.expiresAt - Date.parse(this.prompt.asked_at)) / 1000;
    this.card.querySelector("progress").value = Math.min(1, left / whole);
    this.card.classList.toggle("late", left <= WARN_AT);
    if (left === WARN_AT) say(text);
  }

  #approve() {
    const digits = digitsIn(this.field.value, this.digits);
    if (!digits) return this.#refuse("short", { digits: this.digits });
    this.#answer("approve", digits);
  }

  #answer(decision, digits) {
    return once(this.card, async () => {
      this.#excuse();
      try {
        const { freeze_url: link } = await this.api.answer(this.prompt, decision, digits);
        this.settle(this, decision === "approve" ? "approved" : decision === "deny" ? "denied" : "not_me", link);
      } catch (error) {
        this.#judge(error);
      }
    });
  }

  #judge(error) {
    if (error instanceof Unreachable) return this.trouble("offline");
    if (!(error instanceof Refused)) throw error;
    if (error.code === "wrong_digits") return this.#wrong(error.problem);
    const outcome = OUTCOMES[error.code];
    return outcome ? this.settle(this, outcome) : this.trouble("server");
  }

  #wrong({ tries_left: left }) {
    this.field.value = "";
    if (left === 0) return this.settle(this, "spent");
    if (left === undefined) return this.#refuse("wrong");
    this.#refuse(left === 1 ? "last" : "tries", { tries: left });
  }

  #refuse(problem, values) {
    complain(this.problem, this.problems, problem, values);
    this.field.setAttribute("aria-invalid", "true");
    this.field.setAttribute("aria-describedby", this.problem.id);
    this.field.focus();
  }

  // Something between here and the service, and nothing about what was typed.
  trouble(problem) {
    complain(this.problem, this.problems, problem);
    this.card.dataset.trouble = "yes";
  }

  soothe() {
    if (!this.card.dataset.trouble) return;
    delete this.card.dataset.trouble;
    calm(this.problem);
  }

  #excuse() {
    delete this.card.dataset.trouble;
    calm(this.problem);
    this.field.removeAttribute("aria-invalid");
    this.field.removeAttribute("aria-describedby");
  }
}
