"""A phone as its owner holds it: a key of its own, and the calls that it signs."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device, Subscription
from renumber.domain.push.prompt import Decision, Prompt, PromptPurpose
from renumber.domain.push.signed_texts import answer_text, call_answer_text, call_text, enrolment_text
from renumber.flows.push.answer import Answer, answer_prompt, digits_for, pending
from renumber.flows.push.answered import Answered
from renumber.flows.push.confirm import confirm_device
from renumber.flows.push.devices import Call, authenticate, subscribe_device
from renumber.flows.push.enrol import Candidate, begin_device, enrol_device
from renumber.flows.services import Client
from tests.flows.person import Person
from tests.flows.world import ORIGIN, World

SIGNED_LENGTH = 32
AT_HOME = Client(ip="2001:db8:f0::1", browser="Chrome on Android", time_zone="Europe/Berlin")


def b64u(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()


@dataclass
class Phone:
    """One phone; `device` is what the service knows of it."""

    world: World
    name: str = "Pixel 9"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()), repr=False)
    device: Device | None = None

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def known(self) -> Device:
        assert self.device, "this phone was enrolled"
        return self.device

    def sign(self, text: str) -> bytes:
        """As a browser signs: r and s, 32 bytes each."""
        r, s = decode_dss_signature(self.key.sign(text.encode(), ECDSA(SHA256())))
        return r.to_bytes(SIGNED_LENGTH, "big") + s.to_bytes(SIGNED_LENGTH, "big")

    def candidate(self, token: str) -> Candidate:
        proof = self.sign(enrolment_text(ORIGIN, token, b64u(self.point)))
        return Candidate(public_key=b64u(self.point), point=self.point, name=self.name, proof=proof)

    async def enrol(self, token: str) -> Step[Device | None]:
        """Come with a code; what it does next waits for its owner."""
        step = await enrol_device(self.world.services, AT_HOME, token, self.candidate(token))
        self.device = step.state or self.device
        return step

    def call(self, path: str = "/device/api/prompts", *, late: int = 0, body: bytes = b"") -> Call:
        at = str(int(self.world.clock.time.timestamp()) - late)
        signature = self.sign(call_text(ORIGIN, "GET", path, at=at, body=body))
        return Call(
            account_id=self.known.account_id,
            device_id=self.known.device_id,
            at=at,
            signature=signature,
            method="GET",
            path=path,
            body=body,
        )

    async def authenticate(self, call: Call | None = None) -> Step[Device | None]:
        return await authenticate(self.world.services, call or self.call())

    async def prompts(self) -> list[Prompt]:
        return [prompt for prompt, _ in await pending(self.world.services, self.known)]

    async def prompt(self) -> Prompt:
        """The one thing that it is asked."""
        [prompt] = await self.prompts()
        return prompt

    def answer_to(self, prompt: Prompt, decision: Decision = Decision.APPROVE, digits: str | None = None) -> Answer:
        """The answer of somebody who sees the sign-in page, unless other digits are given."""
        services = self.world.services
        typed = digits if digits is not None else digits_for(services, prompt)
        typed = typed if decision is Decision.APPROVE else ""
        challenge = services.secrets.token(prompt.challenge)
        written = answer_text if prompt.purpose is PromptPurpose.SIGN_IN else call_answer_text
        text = written(ORIGIN, prompt.prompt_id, challenge, digits=typed, decision=decision.value)
        return Answer(prompt.prompt_id, decision, typed, self.sign(text))

    async def give(self, answer: Answer) -> Step[Answered | None]:
        return await answer_prompt(self.world.services, AT_HOME, self.known, answer)

    async def answer(
        self, decision: Decision = Decision.APPROVE, digits: str | None = None, prompt: Prompt | None = None
    ) -> Step[Answered | None]:
        return await self.give(self.answer_to(prompt or await self.prompt(), decision, digits))

    def subscription(self, endpoint: str = "https://fcm.googleapis.com/fcm/send/abc") -> Subscription:
        return Subscription(endpoint, b64u(self.point), b64u(b"0123456789abcdef"))

    async def subscribe(self, endpoint: str = "https://fcm.googleapis.com/fcm/send/abc") -> Refusal | None:
        subscribed = await subscribe_device(self.world.services, AT_HOME, self.known, self.subscription(endpoint))
        return subscribed.refusal


async def invite(person: Person) -> str:
    """Make a QR code on the profile, and give its token."""
    begun = await begin_device(person.world.services, person.browser.client, person.browser.ticket)
    assert begun.state, begun.refusal
    return begun.state.token


async def confirm(person: Person, phone: Phone) -> Step[Device | None]:
    """Press "Add" where the code is shown."""
    browser = person.browser
    step = await confirm_device(person.world.services, browser.client, browser.ticket, phone.known.device_id)
    phone.device = step.state or phone.device
    return step


async def add_phone(person: Person, name: str = "Pixel 9") -> Phone:
    """Sign in, enrol a phone, and confirm it."""
    if person.browser.session is None:
        await person.sign_in()
    await person.prove_again()
    phone = Phone(person.world, name)
    await phone.enrol(await invite(person))
    step = await confirm(person, phone)
    assert step.refusal is None, step.refusal
    return phone
