// A plain Node application that signs people in through Renumber, with openid-client.
//
//   npm ci
//   ISSUER=https://account.example.com CLIENT_ID=shop CLIENT_SECRET=… API_KEY=rnk_… \
//   ORIGIN=https://shop.example PORT=3000 node app.js
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import * as jose from "jose";
import * as openid from "openid-client";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, API_KEY, PORT = "3000" } = process.env;
const ORIGIN = process.env.ORIGIN ?? `http://localhost:${PORT}`;
const TRUSTED_FOR = 5 * 60; // seconds: whoever signed in longer ago gives the password again before a payment

const onLoopback = ISSUER.startsWith("http://") ? { execute: [openid.allowInsecureRequests] } : undefined;
const config = await openid.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, onLoopback);
const keys = jose.createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
const sessions = new Map();

const pages = {
  "/": (session) => {
    if (!session.person) return html('<h1>Shop</h1><p><a href="/login">Sign in</a></p>');
    const { name, email } = session.person;
    const said = session.said ?? "";
    delete session.said;
    return html(`<h1>Shop</h1><p>Hello ${escaped(name)} (${escaped(email)})</p><p>${escaped(said)}</p>
      <p><a href="/pay">Pay</a> <a href="/number">Change my number</a>
      <a href="/refresh">Refresh</a> <a href="/logout">Sign out</a></p>`);
  },
  // Begin a sign-in, also for Renumber, which sends people back here who have changed their number there.
  "/login": (session, url) => {
    const status = url.searchParams.get("action_status");
    if (status) session.said = `Your number: ${status}.`;
    return toRenumber(session);
  },
  "/callback": async (session, url) => {
    const { verifier, state, nonce, onward = "/" } = session.pending ?? {};
    delete session.pending;
    const tokens = await openid.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      ...(onward === "/pay" ? { maxAge: TRUSTED_FOR } : {}), // it checks auth_time
    });
    const claims = tokens.claims();
    session.person = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    session.tokens = tokens;
    session.sid = claims.sid;
    session.mayPay = onward === "/pay";
    return redirect(onward);
  },
  // A recent sign-in is asked for (RFC 9470): one that is recent enough comes back at once, without a page.
  "/pay": (session) => {
    if (!session.mayPay) return toRenumber(session, "/pay", { max_age: String(TRUSTED_FOR) });
    session.mayPay = false;
    session.said = "Paid.";
    return redirect("/");
  },
  // Send somebody to change their number: the address names them, works once, and signs nobody in.
  "/number": async (session) => {
    const answer = await fetch(`${ISSUER}/api/v1/journeys`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${API_KEY}`,
        "content-type": "application/json",
        "idempotency-key": randomUUID(),
      },
      body: JSON.stringify({ account_id: session.person.sub, kind: "change_phone", return_to: `${ORIGIN}/` }),
    });
    if (!answer.ok) throw await answer.json(); // problem details (RFC 9457), which have a code
    return redirect((await answer.json()).url);
  },
  "/refresh": async (session) => {
    session.tokens = { ...session.tokens, ...(await openid.refreshTokenGrant(config, session.tokens.refresh_token)) };
    session.said = "Refreshed.";
    return redirect("/");
  },
  "/logout": (session) => {
    const hint = session.tokens?.id_token;
    for (const name of Object.keys(session)) delete session[name];
    return redirect(openid.buildEndSessionUrl(config, {
      post_logout_redirect_uri: `${ORIGIN}/`,
      ...(hint ? { id_token_hint: hint } : {}),
    }).href);
  },
};

async function toRenumber(session, onward, more = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  session.pending = { verifier, state: openid.randomState(), nonce: openid.randomNonce(), onward };
  return redirect(openid.buildAuthorizationUrl(config, {
    redirect_uri: `${ORIGIN}/callback`,
    scope: "openid profile email offline_access",
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: session.pending.state,
    nonce: session.pending.nonce,
    ...more,
  }).href);
}

// Hear that a session has ended there (OpenID Connect Back-Channel Logout 1.0).
async function backchannel(request) {
  const token = new URLSearchParams(await text(request)).get("logout_token") ?? "";
  const asked = { issuer: ISSUER, audience: CLIENT_ID, typ: "logout+jwt", requiredClaims: ["sid", "events"] };
  const told = await jose.jwtVerify(token, keys, asked).catch(() => undefined);
  if (!told?.payload.events["http://schemas.openid.net/event/backchannel-logout"]) return 400;
  for (const [id, session] of sessions) if (session.sid === told.payload.sid) sessions.delete(id);
  return 204;
}

createServer(async (request, response) => {
  const url = new URL(request.url, ORIGIN);
  if (request.method === "POST" && url.pathname === "/backchannel") {
    response.writeHead(await backchannel(request)).end();
    return;
  }
  const id = /(?:^|; )shop=([0-9a-f-]{36})/.exec(request.headers.cookie ?? "")?.[1] ?? randomUUID();
  if (!sessions.has(id)) sessions.set(id, {});
  const answer = await answered(pages[url.pathname], sessions.get(id), url);
  response.writeHead(answer.status, { ...answer.headers, "set-cookie": `shop=${id}; Path=/; HttpOnly; SameSite=Lax` });
  response.end(answer.body);
}).listen(Number(PORT), "127.0.0.1", () => console.log(`listening at ${ORIGIN}`));

async function answered(page, session, url) {
  if (!page) return html("<p>There is no such page.</p>", 404);
  try {
    return await page(session, url);
  } catch (refused) {
    return html(`<p>You are not signed in: ${escaped(refused.error ?? refused.code ?? "unknown")}</p>`, 403);
  }
}

const html = (body, status = 200) => ({ status, headers: { "content-type": "text/html; charset=utf-8" }, body });
const redirect = (location) => ({ status: 303, headers: { location }, body: "" });
const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
