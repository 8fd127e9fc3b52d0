"""One call of an application: its parameters, who it is, and errors as OAuth says them."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, unquote_plus

from litestar.response.base import ASGIResponse

from renumber.flows.oidc.authenticate import Credentials, authenticate
from renumber.flows.oidc.key_proof import ProvenKey, lacks_nonce, newest_nonce, spend_key_proof
from renumber.policies.joins import Application
from renumber.web.api.bearer import NONCE, read_proof
from renumber.web.api.call import ApiCall, decoded
from renumber.web.reply import reply

FIELDS = 40
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
Params = Mapping[str, list[str]]
Headers = Iterable[tuple[str, str]]
NOT_KEPT = (("cache-control", "no-store"), ("pragma", "no-cache"))  # RFC 6749 5.1
CHALLENGE = ("www-authenticate", 'Basic realm="oauth"')


class OAuthCall(ApiCall):
    """A request as an endpoint of the provider sees it; nothing in it comes from a cookie.

    Its answer gives the `nonce` for the next proof, if the application has to use one (RFC 9449 8.2).
    """

    nonce = ""

    def queried(self) -> Params | None:
        """Read the query; None for what is none."""
        return _parsed(self.request.http.url.query)

    async def form(self) -> Params | None:
        """Read a posted form; None for anything else."""
        kind = self.request.header("content-type").partition(";")[0].strip().lower()
        body = await self.body()
        if kind != FORM or body is None:
            return None
        try:
            return _parsed(body.decode())
        except UnicodeDecodeError:
            return None

    async def application(self, form: Params) -> Application | None:
        """Find the application that calls, if it has proven itself."""
        given = self._credentials(form)
        return await authenticate(self.services, self.client, given) if given else None

    def _credentials(self, form: Params) -> Credentials | None:
        """Read who it says it is: in the header or in the form, never in both (RFC 6749 2.3)."""
        header, client_id = self.request.header("authorization"), one(form, "client_id")
        if header:
            basic = _basic(header)
            is_alone = not {"client_secret", "client_assertion"} & form.keys()
            return basic if basic and is_alone and client_id in ("", basic.client_id) else None
        if "client_assertion" in form or "client_assertion_type" in form:
            return self._signed(form)
        return Credentials(client_id=client_id, secret=one(form, "client_secret") if "client_secret" in form else None)

    def _signed(self, form: Params) -> Credentials | None:
        """Read a signed word; who it is about stands in it, and need not stand beside it (RFC 7521 4.2)."""
        if one(form, "client_assertion_type") != ASSERTION_TYPE:
            return None
        assertion, endpoint = one(form, "client_assertion"), f"{self.site.base_url}{self.request.http.url.path}"
        client_id = one(form, "client_id") or _subject(assertion)
        secret = one(form, "client_secret") if "client_secret" in form else None
        return Credentials(client_id=client_id, secret=secret, assertion=assertion, endpoint=endpoint)

    def key_proof(self, token: str = "") -> ProvenKey | None:
        """Read the proof of a key that comes with this call and token: `NO_KEY` for none, None for one of no use."""
        return read_proof(self.request, token)

    async def proven_key(self, application: Application) -> ProvenKey | ASGIResponse:
        """Take the proof of a key, if there is one, or answer what is wrong with it."""
        key = self.key_proof()
        self.nonce = newest_nonce(self.services) if application.uses_nonces else ""
        if key is None:
            return self.not_proven()
        if lacks_nonce(self.services, application, key):
            return self.error("use_dpop_nonce", "The DPoP proof has to be made with the nonce of this answer.")
        return key if await spend_key_proof(self.services, self.client, key) else self.not_proven()

    def say(self, content: Mapping[str, object], *, status: int = 200, headers: Headers = NOT_KEPT) -> ASGIResponse:
        """Answer with JSON."""
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = (*headers, (NONCE, self.nonce)) if self.nonce else headers
        return reply(self.request.http, body, "application/json", status=status, headers=headers)

    def error(self, error: str, description: str, *, status: int = 400) -> ASGIResponse:
        """Answer with an error (RFC 6749 5.2)."""
        return self.say({"error": error, "error_description": description}, status=status)

    def not_authenticated(self) -> ASGIResponse:
        """Refuse an application that hasn't proven who it is."""
        content = {"error": "invalid_client", "error_description": "The client is unknown, or didn't prove itself."}
        return self.say(content, status=401, headers=(*NOT_KEPT, CHALLENGE))

    def not_proven(self) -> ASGIResponse:
        """Refuse a call with a proof that is none, or without one where it takes one (RFC 9449 5)."""
        return self.error("invalid_dpop_proof", "The DPoP proof is missing, not for this call, or came before.")

    def too_large(self) -> ASGIResponse:
        """Refuse a body that is longer than any of ours."""
        return self.error("invalid_request", "The body is too long.", status=413)


def one(params: Params, name: str) -> str:
    """Give a parameter that stands there once, else nothing."""
    values = params.get(name, [])
    return values[0] if len(values) == 1 else ""


def token_type(jkt: str) -> str:
    """Name the way in which a token is to be shown: with a proof of its key, if it is bound to one (RFC 9449 5)."""
    return "DPoP" if jkt else "Bearer"


def is_repeated(params: Params) -> bool:
    """Tell whether a parameter stands there twice, of which nobody knows which is meant (RFC 6749 3.2)."""
    return any(len(values) > 1 for values in params.values())


def _parsed(text: str) -> Params | None:
    try:
        return parse_qs(text, keep_blank_values=False, max_num_fields=FIELDS, errors="strict")
    except ValueError:
        return None


def _basic(header: str) -> Credentials | None:
    """Read HTTP Basic; id and secret are form-encoded within it (RFC 6749 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return None
    return Credentials(client_id=unquote_plus(client_id), secret=unquote_plus(secret)) if colon else None


def _subject(assertion: str) -> str:
    """Read, without believing it yet, who a signed word is about."""
    parts = assertion.split(".")
    payload = decoded(parts[1]) if len(parts) == 3 else None
    try:
        claims = json.loads(payload or b"")
    except (ValueError, RecursionError):
        return ""
    subject = claims.get("sub") if isinstance(claims, dict) else None
    return subject if isinstance(subject, str) else ""
