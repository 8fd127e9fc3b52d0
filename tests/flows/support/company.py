"""A company's identity provider, which signs whatever a test wants it to, and remembers what it was asked."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from renumber.flows.ports.services import Clock
from tests.flows.world import SettableClock

CLIENT_ID, SECRET = "the console", "a secret of the company's: 100% safe"
GROUPS = "support=agent, leads=reviewer, it=administrator, audit=auditor"
people = count(1)
Claims = dict[str, Any]
Sign = Callable[["Company", Claims], str]
KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


def signed(company: "Company", claims: Claims) -> str:
    """Sign with the company's own key, as it should."""
    return jwt.encode({"alg": "ES256", "kid": company.key.kid}, claims, company.key, ["ES256"])


@dataclass
class Company:
    """The provider: `person` is whoever signs in there next, and the others are what it gets right or wrong."""

    issuer: str
    clock: Clock = field(default_factory=SettableClock)
    key: ECKey = field(default_factory=lambda: KEY)
    person: Claims = field(default_factory=dict)
    told_apart: Claims = field(default_factory=dict)  # by the UserInfo endpoint
    metadata: Claims = field(default_factory=dict)
    sign: Sign = signed
    published: list[ECKey] = field(default_factory=lambda: [KEY])
    status: dict[str, int] = field(default_factory=dict)
    body: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, Claims] = field(default_factory=dict)

    def answers(self, path: str, given: dict[str, str], authorization: str) -> object:
        """Answer one request as a provider does."""
        self.asked.append((path, given))
        match path:
            case "/.well-known/openid-configuration":
                return self._described()
            case "/keys":
                return KeySet([*self.published]).as_dict(private=False)
            case "/token":
                return self._tokens(given, authorization)
            case "/userinfo":
                return self.told_apart
        return {}

    def _described(self) -> Claims:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {
            "issuer": self.issuer,
            **{name: f"{self.issuer}/{place}" for name, place in places.items()},
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            **self.metadata,
        }

    def _tokens(self, given: dict[str, str], authorization: str) -> Claims:
        begun = self.codes.pop(given.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if begun is None or challenge != begun["code_challenge"]:
            return {"error": "invalid_grant"}
        if authorization:
            pair = b64decode(authorization.removeprefix("Basic ")).decode().split(":")
            assert [unquote_plus(each) for each in pair] == [CLIENT_ID, SECRET]
        return {"id_token": self.sign(self, self.claims(begun["nonce"])), "access_token": "an-access-token"}

    def claims(self, nonce: str) -> Claims:
        """What an ID token says of the person; a claim that is None is left out."""
        now = int(self.clock.now().timestamp())
        usual = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        return {name: value for name, value in {**usual, **self.person}.items() if value is not None}

    def code_for(self, address: str) -> str:
        """Sign the person in at the address to which a browser was sent, and give its code."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.asked)}-{len(self.codes)}"
        self.codes[code] = asked
        return code

    def forget(self) -> None:
        """Be as at the start: right in everything, and asked nothing yet."""
        fresh = Company(self.issuer, self.clock)
        for each in fields(self):
            setattr(self, each.name, getattr(fresh, each.name))

    def times(self, path: str) -> int:
        """How often something was asked for."""
        return sum(each == path for each, _ in self.asked)


def an_agent(**more: Any) -> Claims:
    """Somebody of the group of agents, who has shown a second factor."""
    number = next(people)
    usual = {"sub": f"anna-{number}", "email": f"anna-{number}@company.example", "name": "Anna Agent"}
    return {**usual, "groups": ["support"], "amr": ["pwd", "otp"], **more}
