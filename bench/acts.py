"""Six acts of the service, each as one request of a real page or device, and the way it takes through our files."""

import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.in_process import BASE, PASSWORD, Browser, Reply, Service
from bench.walk import Walk
from renumber.clock import SystemClock

ENROL = re.compile(r"#enrol=([\w-]+)")
DIGITS = re.compile(r'class="unseen">([\d ]+)<')
API = "/device/api"
HALF = 32  # bytes of r, and of s


async def six_acts(service: Service) -> dict[str, Walk]:
    """Do everything twice, since the first time something may be read or compiled that is kept; give the second."""
    await _each(service)
    return await _each(service)


async def _each(service: Service) -> dict[str, Walk]:
    return {**await _change_of_number(service), "push answer": await _push_answer(service)}


async def _change_of_number(service: Service) -> dict[str, Walk]:
    browser, email = Browser(service.app), await service.person()
    await browser.get("/sign-in")
    password = _led(await browser.post("/sign-in", email=email, password=PASSWORD), "/sign-in/code")
    await browser.get("/sign-in/code")
    _led(await browser.post("/sign-in/code", code=await service.newest_code()), "/profile")
    await browser.get("/phone-change/new")
    asking = _led(await browser.post("/phone-change"), "/profile?notice=change_requested")
    link = f"/phone-change/link/{await service.newest_token()}"
    await browser.get(link)
    pressing = _led(await browser.post(link), "/phone-change/removed")
    entering, proving = await _new_number(service, browser, email)
    return {
        "asking for the change": asking,
        "pressing the link": pressing,
        "entering the number": entering,
        "proving it": proving,
        "password": password,
    }


async def _new_number(service: Service, browser: Browser, email: str) -> tuple[Walk, Walk]:
    await browser.get("/sign-in")
    _led(await browser.post("/sign-in", email=email, password=PASSWORD), "/sign-in/number")
    await browser.get("/sign-in/number")
    number = f"+4915122{service.people:06}"
    entering = _led(await browser.post("/sign-in/number", country="DE", number=number), "/sign-in/number/code")
    await browser.get("/sign-in/number/code")
    code = await service.newest_code()
    return entering, _led(await browser.post("/sign-in/number/code", code=code), "/phone-change/finished")


async def _push_answer(service: Service) -> Walk:
    email, phone = await service.person(), Phone(Browser(service.app))
    browser, token = await _invitation(service, email)
    code_page = await phone.enrol(token)
    await browser.get(code_page)
    _led(await browser.post(f"{code_page}/confirm", device=phone.device_id), "/profile?notice=push_added")
    waiting = Browser(service.app)
    await waiting.get("/sign-in")
    _led(await waiting.post("/sign-in", email=email, password=PASSWORD), "/sign-in/push")
    digits = _found(DIGITS, await waiting.get("/sign-in/push")).replace(" ", "")
    return await phone.approve(digits)


async def _invitation(service: Service, email: str) -> tuple[Browser, str]:
    browser = Browser(service.app)
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=email, password=PASSWORD)
    await browser.get("/sign-in/code")
    _led(await browser.post("/sign-in/code", code=await service.newest_code()), "/profile")
    await browser.get("/reauthenticate")
    _led(await browser.post("/reauthenticate", password=PASSWORD), "/profile")
    await browser.get("/profile")
    begun = await browser.post("/profile/push")
    return browser, _found(ENROL, await browser.get(begun.location))


def _led(reply: Reply, location: str) -> Walk:
    assert reply.location == location, f"{reply.status} {reply.location}, not {location}"
    return reply.walk


def _found(pattern: re.Pattern[str], reply: Reply) -> str:
    found = pattern.search(reply.text)
    assert found, f"{reply.status}: {pattern.pattern} is not on the page"
    return found[1]


@dataclass
class Phone:
    """A device with a key of its own, which speaks the contract of docs/push.md."""

    browser: Browser
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()), repr=False)
    account_id: str = ""
    device_id: str = ""

    async def enrol(self, token: str) -> str:
        """Take the token of the QR code, and give the page on which the device is confirmed."""
        point = _b64u(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        proof = self._sign("renumber-device-enrol-v1", BASE, token, point)
        content = {"token": token, "public_key": point, "name": "Pixel 9", "proof": proof}
        told = json.loads((await self._send("POST", "/enrol", json.dumps(content).encode())).text)
        self.account_id, self.device_id = told["account_id"], told["device_id"]
        return str(told["confirm_url"])

    async def approve(self, digits: str) -> Walk:
        """Answer the one prompt there is."""
        [prompt] = json.loads((await self._call("GET", "/prompts")).text)["prompts"]
        signature = self._sign("renumber-push-answer-v1", BASE, prompt["id"], prompt["challenge"], digits, "approve")
        content = {"decision": "approve", "digits": digits, "signature": signature}
        reply = await self._call("POST", f"/prompts/{prompt['id']}/answer", json.dumps(content).encode())
        assert reply.status == 200, reply.text
        return reply.walk

    async def _call(self, method: str, path: str, body: bytes = b"") -> Reply:
        at, digest = str(int(SystemClock().now().timestamp())), _b64u(sha256(body).digest())
        signature = self._sign("renumber-device-call-v1", BASE, method, API + path, at, digest)
        named = f'account="{self.account_id}", device="{self.device_id}", at="{at}", signature="{signature}"'
        return await self._send(method, path, body, authorization=f"Renumber-Device {named}")

    async def _send(self, method: str, path: str, body: bytes, **headers: str) -> Reply:
        kind = {"content-type": "application/json", "accept": "application/json"}
        return await self.browser.send(method, API + path, body, headers={**kind, **headers})

    def _sign(self, *lines: str) -> str:
        r, s = decode_dss_signature(self.key.sign("\n".join(lines).encode(), ECDSA(SHA256())))
        return _b64u(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big"))


def _b64u(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()
