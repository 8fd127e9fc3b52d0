// Calls to the service. Each is signed for this origin, this path and this minute, so it is of no use to anyone else.

import { digestOf } from "./encoding.js";
import { signed } from "./keys.js";

const BASE = "/device/api";
const PATIENCE = 10_000; // ms

let ahead = 0; // ms that the server's clock is ahead of this device's

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.code ?? String(status));
    Object.assign(this, { status, problem });
  }

  get code() {
    return this.problem.code;
  }
}

export class Unreachable extends Error {}

export const serverTime = () => Date.now() + ahead;

export const configuration = () => plainly("GET", `${BASE}/configuration`);

export const enrol = (enrolment) => plainly("POST", `${BASE}/enrol`, enrolment);

export function connection(device) {
  const call = (method, path, content) => signedly(device, { method, path: BASE + path, content });
  return {
    async prompts() {
      const answer = await call("GET", "/prompts");
      if (answer.now) setClock(Date.parse(answer.now));
      const calls = (answer.calls ?? []).map((prompt) => ({ ...prompt, isCall: true }));
      return { ...answer, prompts: [...answer.prompts, ...calls] };
    },
    async answer({ id, challenge, isCall }, decision, digits) {
      const use = isCall ? "renumber-call-answer-v1" : "renumber-push-answer-v1";
      const text = [use, location.origin, id, challenge, digits, decision];
      const signature = await signed(device.keys, ...text);
      return call("POST", `/prompts/${encodeURIComponent(id)}/answer`, { decision, digits, signature });
    },
    subscribe: (subscription) => call("PUT", "/subscription", subscription),
    unsubscribe: () => call("DELETE", "/subscription"),
  };
}

async function plainly(method, path, content) {
  return taken(await sent(method, path, content));
}

async function signedly(device, request) {
  const first = await sent(request.method, request.path, request.content, await credentials(device, request));
  if (first.status !== 401) return taken(first);
  const problem = await read(first);
  if (!isClockWrong(problem)) throw new Refused(401, problem);
  setClock(problem.now * 1000);
  return taken(await sent(request.method, request.path, request.content, await credentials(device, request)));
}

async function credentials({ accountId, deviceId, keys }, { method, path, content }) {
  const at = Math.floor(serverTime() / 1000);
  const digest = await digestOf(written(content));
  const signature = await signed(keys, "renumber-device-call-v1", location.origin, method, path, at, digest);
  return `Renumber-Device account="${accountId}", device="${deviceId}", at="${at}", signature="${signature}"`;
}

const written = (content) => (content === undefined ? "" : JSON.stringify(content));

async function sent(method, path, content, authorization) {
  const headers = { Accept: "application/json" };
  if (content !== undefined) headers["Content-Type"] = "application/json";
  if (authorization) headers.Authorization = authorization;
  const body = content === undefined ? undefined : written(content);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await fetch(path, { method, headers, body, signal, credentials: "omit", cache: "no-store", redirect: "error" });
  } catch {
    throw new Unreachable();
  }
}

async function taken(answer) {
  if (!answer.ok) throw new Refused(answer.status, await read(answer));
  return answer.status === 204 ? null : read(answer);
}

async function read(answer) {
  try {
    return await answer.json();
  } catch {
    return {}; // A proxy's own error page.
  }
}

const isClockWrong = ({ code, now }) => code === "device_clock_off" && typeof now === "number";

function setClock(at) {
  ahead = at - Date.now();
}
