// An operator's program with a generated TypeScript client: docs/api.md says how it is generated.
//
//   RENUMBER=https://account.example.com KEY=rnk_… node payments.js max@example.com
//   RENUMBER=https://account.example.com KEY=rnk_… node payments.js events
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./renumber.js";

type Problem = components["schemas"]["ProblemDetails"];
const { RENUMBER, KEY } = process.env;
const client = createClient<paths>({ baseUrl: RENUMBER!, headers: { authorization: `Bearer ${KEY}` } });

// Give the answer, or throw the problem; `code` never changes, so that a program can go by it.
async function answered<T>(asked: Promise<{ data?: T; error?: Problem }>): Promise<T> {
  const { data, error } = await asked;
  if (error) throw new Error(`${error.code}: ${error.title}`);
  return data!;
}

const once = (key: string = randomUUID()) => ({ header: { "Idempotency-Key": key } });

// Find the account of an address, or create it. Asked again with the same key, the API creates nothing twice.
async function accountOf(email: string): Promise<string> {
  const { accounts } = await answered(client.POST("/api/v1/accounts/search", { body: { email } }));
  if (accounts[0]) return accounts[0].account_id;
  const wanted = { body: { email, name: "Max Muster" }, params: once() };
  const created = await answered(client.POST("/api/v1/accounts", wanted));
  const again = await answered(client.POST("/api/v1/accounts", wanted));
  if (created.account_id !== again.account_id) throw new Error("created twice");
  return created.account_id;
}

// Ask before a payment; a program that keeps the ETag hears 304 as long as nothing has changed.
async function mayPay(account_id: string): Promise<boolean> {
  const path = "/api/v1/accounts/{account_id}/standing";
  const { data, error, response } = await client.GET(path, { params: { path: { account_id } } });
  if (error) throw new Error(error.code);
  const header = { "If-None-Match": response.headers.get("etag")! };
  const again = await client.GET(path, { params: { path: { account_id }, header } });
  if (again.response.status !== 304) throw new Error("changed meanwhile");
  return !data.frozen && data.change === "none" && data.hold_until === null;
}

// Read all events so far. Keep the last cursor, and go on from there tomorrow.
async function* events() {
  for (let cursor = "", isLast = false; !isLast; ) {
    const page = await answered(client.GET("/api/v1/events", { params: { query: { cursor, limit: 2 } } }));
    [cursor, isLast] = [page.next, page.is_last];
    yield* page.events;
  }
}

// Find somebody, give them a way to change their number, and freeze the account; the second time is a problem.
async function stopPayments(email: string) {
  const account_id = await accountOf(email);
  const journey = { account_id, kind: "change_phone", return_to: "https://shop.example/number" } as const;
  console.log("may pay:", (await mayPay(account_id)) ? "yes" : "no");
  console.log("send them to:", (await answered(client.POST("/api/v1/journeys", { body: journey, params: once() }))).url);
  for (let turn = 0; turn < 2; turn++) {
    const params = { path: { account_id }, ...once() };
    const body = { reason: "reported stolen by telephone" };
    const frozen = await answered(client.POST("/api/v1/accounts/{account_id}/freeze", { params, body }));
    console.log("state:", frozen.state);
    console.log("may pay:", (await mayPay(account_id)) ? "yes" : "no");
  }
}

try {
  if (process.argv[2] === "events") {
    for await (const event of events()) console.log(event.data.account_id, event.type);
  } else await stopPayments(process.argv[2]!);
} catch (problem) {
  console.error((problem as Error).message);
  process.exitCode = 1;
}
