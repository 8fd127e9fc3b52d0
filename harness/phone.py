"""A phone with a key of its own, that speaks the contract of docs/push.md over HTTP."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.server import Server
from harness.visitor import Reply, Visitor
from renumber.clock import SystemClock

HALF = 32
API = "/device/api"
TOLD = ("account_id", "device_id", "confirm_url")


def b64u(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()


@dataclass
class Phone:
    """One phone of one account, once `enrol` has told it which."""

    server: Server = field(repr=False)
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()), repr=False)
    account_id: str = ""
    device_id: str = ""
    confirm_url: str = ""

    def __post_init__(self) -> None:
        self.visitor: Visitor = self.server.visitor()

    @property
    def point(self) -> str:
        return b64u(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def sign(self, *lines: str) -> str:
        r, s = decode_dss_signature(self.key.sign("\n".join(lines).encode(), ECDSA(SHA256())))
        return b64u(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big"))

    def enrol(self, token: str, name: str = "Pixel 9") -> Reply:
        proof = self.sign("renumber-device-enrol-v1", self.server.origin, token, self.point)
        body = {"token": token, "public_key": self.point, "name": name, "proof": proof}
        reply = self.send("POST", f"{API}/enrol", body)
        if reply.status == 201:
            told = json.loads(reply.body)
            self.account_id, self.device_id, self.confirm_url = (told[name] for name in TOLD)
        return reply

    def call(self, method: str, path: str, content: Any = None, *, late: float = 0) -> Reply:
        """A signed call."""
        body = json.dumps(content) if content is not None else ""
        return self.send(method, API + path, content, self.credentials(method, API + path, body, late=late))

    def credentials(self, method: str, path: str, body: str, *, late: float = 0) -> dict[str, str]:
        at = str(int(SystemClock().now().timestamp() + self.server.offset - late))
        digest = b64u(sha256(body.encode()).digest())
        signature = self.sign("renumber-device-call-v1", self.server.origin, method, path, at, digest)
        named = f'account="{self.account_id}", device="{self.device_id}", at="{at}", signature="{signature}"'
        return {"Authorization": f"Renumber-Device {named}"}

    def send(self, method: str, path: str, content: Any = None, headers: dict[str, str] | None = None) -> Reply:
        body = json.dumps(content) if content is not None else ""
        kind = {"Content-Type": "application/json", "Accept": "application/json"}
        return self.visitor.send(method, path, body, {**kind, **(headers or {})})

    def prompts(self) -> list[dict[str, str]]:
        reply = self.call("GET", "/prompts")
        assert reply.status == 200, reply.body
        listed: list[dict[str, str]] = json.loads(reply.body)["prompts"]
        return listed

    def answer(self, prompt: dict[str, str], decision: str, digits: str = "") -> Reply:
        text = (self.server.origin, prompt["id"], prompt["challenge"], digits, decision)
        signature = self.sign("renumber-push-answer-v1", *text)
        content = {"decision": decision, "digits": digits, "signature": signature}
        return self.call("POST", f"/prompts/{prompt['id']}/answer", content)
