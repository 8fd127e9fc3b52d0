// A Node application that signs people in by the FAPI 2.0 Security Profile, with openid-client: it signs who it is, pushes
// its requests, and proves a key with each call. In the joins file: jwks_file = "…", profile = "fapi2".
//
//   npm ci
//   ISSUER=https://account.example.com CLIENT_ID=bank KEY_FILE=bank.key.json ORIGIN=https://bank.example PORT=3000 node fapi2.js
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import * as openid from "openid-client";

const { ISSUER, CLIENT_ID, KEY_FILE, PORT = "3000" } = process.env;
const ORIGIN = process.env.ORIGIN ?? `http://localhost:${PORT}`;

const jwk = JSON.parse(readFileSync(KEY_FILE, "utf8")); // the private key (ES256) whose public one the joins file names
const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
const onLoopback = ISSUER.startsWith("http://") ? { execute: [openid.allowInsecureRequests] } : undefined;
const config = await openid.discovery(
  new URL(ISSUER), CLIENT_ID, { id_token_signed_response_alg: "ES256" },
  openid.PrivateKeyJwt({ key, kid: jwk.kid }), onLoopback,
);
const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
const sessions = new Map();

const pages = {
  "/": (session) => {
    if (!session.person) return html('<h1>Bank</h1><p><a href="/login">Sign in</a></p>');
    const said = session.said ?? "";
    delete session.said;
    return html(`<h1>Bank</h1><p>Hello ${escaped(session.person.name)} (${escaped(session.person.email)})</p>
      <p>${escaped(said)}</p><p><a href="/refresh">Refresh</a></p>`);
  },
  "/login": async (session) => {
    const verifier = openid.randomPKCECodeVerifier();
    session.pending = { verifier, state: openid.randomState(), nonce: openid.randomNonce() };
    const asked = {
      redirect_uri: `${ORIGIN}/callback`,
      scope: "openid profile email offline_access",
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state: session.pending.state,
      nonce: session.pending.nonce,
    };
    return redirect((await openid.buildAuthorizationUrlWithPAR(config, asked, { DPoP })).href);
  },
  "/callback": async (session, url) => {
    const { verifier, state, nonce } = session.pending ?? {};
    delete session.pending;
    session.tokens = await openid.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    }, undefined, { DPoP });
    const { access_token: token } = session.tokens;
    session.person = await openid.fetchUserInfo(config, token, session.tokens.claims().sub, { DPoP });
    return redirect("/");
  },
  "/refresh": async (session) => {
    // The answer holds no other refresh token: the profile doesn't rotate them.
    const fresh = await openid.refreshTokenGrant(config, session.tokens.refresh_token, undefined, { DPoP });
    session.tokens = { ...session.tokens, ...fresh };
    const { sub } = await openid.fetchUserInfo(config, fresh.access_token, session.person.sub, { DPoP });
    session.said = sub === session.person.sub ? `Refreshed: ${fresh.token_type}.` : "";
    return redirect("/");
  },
};

createServer(async (request, response) => {
  const url = new URL(request.url, ORIGIN);
  const id = /(?:^|; )bank=([0-9a-f-]{36})/.exec(request.headers.cookie ?? "")?.[1] ?? randomUUID();
  if (!sessions.has(id)) sessions.set(id, {});
  const answer = await answered(pages[url.pathname], sessions.get(id), url);
  response.writeHead(answer.status, { ...answer.headers, "set-cookie": `bank=${id}; Path=/; HttpOnly; SameSite=Lax` });
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
