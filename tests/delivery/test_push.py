"""Web Push on the wire: a real service that decrypts, checks headers and signature, and says no in many ways."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from renumber.crypto.vapid import VapidKey
from renumber.delivery.backoff import Backoff
from renumber.delivery.channel import Fault, Moot, RenderedPush
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.failover import Gateways
from renumber.delivery.http import open_client
from renumber.delivery.ports import Expired, Sent
from renumber.delivery.push import Devices, PushGateway
from renumber.delivery.render import Renderer
from renumber.delivery.translations import load_languages
from renumber.domain.messages.message import Channel, Message, Notice
from renumber.domain.push.device import Subscription
from tests.delivery.builders import NOON, FixedSecrets, MemoryOutbox, SetClock, a_branding
from tests.delivery.push_service import Receiver, Vapid, running_push_service

PROMPT, DEVICE, ACCOUNT = "9" * 32, "d" * 32, "a" * 32
UNTIL = NOON + timedelta(seconds=90)


class OneKey:
    """Keeps the first secret of each name, as the store does."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def first_kept(self, name: str, fresh: str) -> str:
        return self.kept.setdefault(name, fresh)


@dataclass
class Addresses:
    """The subscriptions of one account's devices."""

    known: dict[str, Subscription] = field(default_factory=dict)
    forgotten: list[tuple[str, str, str]] = field(default_factory=list)

    async def find(self, _account_id: str, device_id: str) -> Subscription | None:
        return self.known.get(device_id)

    async def forget(self, account_id: str, device_id: str, endpoint: str) -> None:
        self.forgotten.append((account_id, device_id, endpoint))


@dataclass
class Post:
    """The gateway between one subscribed device and its service."""

    receiver: Receiver
    addresses: Addresses
    vapid: VapidKey
    clock: SetClock
    gateway: PushGateway

    async def send(self) -> None:
        await self.gateway.send(
            RenderedPush(message_id="1" * 32, account_id=ACCOUNT, device_id=DEVICE, prompt_id=PROMPT, expires_at=UNTIL)
        )


@asynccontextmanager
async def posting(*, is_direct: bool = True) -> AsyncIterator[Post]:
    async with running_push_service() as receiver:
        addresses, vapid, clock = Addresses({DEVICE: receiver.subscription}), VapidKey(OneKey()), SetClock()
        gateway = PushGateway(
            open_client(through_proxy=False),
            Devices(addresses, vapid),
            clock=clock,
            contact="mailto:no-reply@example.com",
            is_direct=is_direct,
        )
        yield Post(receiver, addresses, vapid, clock, gateway)
        await gateway.close()


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with posting() as ready:
        yield ready


async def test_only_the_device_can_read_it_and_there_is_nothing_secret_in_it(post: Post) -> None:
    await post.send()

    [request] = post.receiver.service.requests
    assert (request.method, request.path) == ("POST", "/push/abc")
    assert post.receiver.read(request) == {"kind": "prompt", "id": PROMPT}
    assert PROMPT.encode() not in request.body


async def test_each_message_is_encrypted_with_a_key_and_a_salt_of_its_own(post: Post) -> None:
    await post.send()
    await post.send()

    first, second = (request.body for request in post.receiver.service.requests)
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


async def test_the_headers_say_how_long_it_is_of_use_and_that_it_is_urgent(post: Post) -> None:
    post.clock.at = NOON + timedelta(seconds=20)

    await post.send()

    headers = post.receiver.service.requests[0].headers
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["topic"], headers["urgency"]) == ("70", PROMPT, "high")
    assert len(headers["topic"]) <= 32


async def test_the_service_can_verify_who_posts(post: Post) -> None:
    await post.send()

    shown = Vapid.of(post.receiver.service.requests[0])
    assert shown.head == {"typ": "JWT", "alg": "ES256"}
    assert shown.claims["aud"] == post.receiver.origin
    assert shown.claims["sub"] == "mailto:no-reply@example.com"
    assert NOON.timestamp() < shown.claims["exp"] <= (NOON + timedelta(hours=24)).timestamp()
    assert shown.key == await post.vapid.public()


async def test_every_process_shows_the_same_key() -> None:
    kept = OneKey()

    first, second = VapidKey(kept), VapidKey(kept)

    assert await first.public() == await second.public() != await VapidKey(OneKey()).public()


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
async def test_a_subscription_that_the_service_ended_is_forgotten(post: Post, status: str) -> None:
    post.receiver.service.status = status

    with pytest.raises(Moot):
        await post.send()

    assert post.addresses.forgotten == [(ACCOUNT, DEVICE, post.receiver.subscription.endpoint)]


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("429 Too Many Requests", False),
        ("500 Internal Server Error", False),
        ("503 Service Unavailable", False),
        ("400 Bad Request", True),
        ("401 Unauthorized", True),
        ("403 Forbidden", True),
        ("413 Content Too Large", True),
        ("302 Found", True),
        ("307 Temporary Redirect", True),
    ],
)
async def test_what_may_pass_is_tried_again_and_the_rest_is_not(post: Post, status: str, *, permanent: bool) -> None:
    post.receiver.service.status = status
    post.receiver.service.headers = {"Location": f"{post.receiver.origin}/elsewhere", "Retry-After": "7"}

    with pytest.raises(Fault) as said:
        await post.send()

    assert said.value.permanent is permanent
    assert said.value.retry_after == timedelta(seconds=7)
    assert len(post.receiver.service.requests) == 1, "no redirect was followed"
    assert post.addresses.forgotten == []


async def test_no_answer_may_pass(post: Post) -> None:
    post.receiver.service.is_silent = True

    with pytest.raises(Fault) as said:
        await post.send()

    assert not said.value.permanent


async def test_a_device_that_is_subscribed_nowhere_is_posted_to_nowhere(post: Post) -> None:
    post.addresses.known.clear()

    with pytest.raises(Moot):
        await post.send()

    assert post.receiver.service.requests == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "100.64.0.1"])
async def test_a_name_that_leads_into_a_private_network_is_not_asked(post: Post, host: str) -> None:
    known = post.receiver.subscription
    post.addresses.known[DEVICE] = Subscription(f"https://{host}/push", known.p256dh, known.auth)

    with pytest.raises(Fault, match="private address") as said:
        await post.send()

    assert said.value.permanent


def a_push() -> Message:
    return Message(
        message_id="1" * 32,
        account_id=ACCOUNT,
        channel=Channel.PUSH,
        notice=Notice.SIGN_IN_PROMPT,
        to=DEVICE,
        locale="de",
        params={"prompt": PROMPT},
        created_at=NOON,
        expires_at=UNTIL,
    )


def a_dispatcher(post: Post, outbox: MemoryOutbox) -> Dispatcher:
    return Dispatcher(
        outbox,
        Renderer(a_branding(), FixedSecrets(), load_languages(["en"])),
        Gateways(push=[post.gateway]),
        clock=post.clock,
        observe=lambda *_: None,
        backoff=Backoff(lambda: 1.0),
        claimant="tests",
    )


async def test_a_push_leaves_through_the_outbox(post: Post) -> None:
    outbox = MemoryOutbox(message := a_push())

    await a_dispatcher(post, outbox).drain()

    assert outbox.of(message).settlement == Sent("push")
    assert post.receiver.read(post.receiver.service.requests[0])["id"] == PROMPT


async def test_an_expired_prompt_is_never_sent_not_even_when_the_service_comes_back(post: Post) -> None:
    outbox = MemoryOutbox(message := a_push())
    post.receiver.service.status = "503 Service Unavailable"
    await a_dispatcher(post, outbox).drain()
    [retry] = outbox.of(message).retries
    post.receiver.service.status = "201 Created"

    post.clock.at = UNTIL
    await a_dispatcher(post, outbox).drain()

    assert retry.reason == "push: answered 503"
    assert outbox.of(message).settlement == Expired()
    assert len(post.receiver.service.requests) == 1


async def test_a_gone_subscription_makes_no_dead_letter(post: Post) -> None:
    outbox = MemoryOutbox(message := a_push())
    post.receiver.service.status = "410 Gone"

    await a_dispatcher(post, outbox).drain()

    assert outbox.of(message).settlement == Expired()


@pytest.mark.parametrize(
    "said",
    [
        b"\x00\xff no HTTP\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\nRetry-After: " + b"9" * 4300 + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\nRetry-After: Sun Nov  6 08:49:37 1994\r\nDate: odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\n" + b"X-Header: x\r\n" * 50_000,
    ],
    ids=["no HTTP", "4,300 digits", "odd dates", "headers for ever"],
)
async def test_whatever_a_push_service_says_is_a_fault_that_may_pass(post: Post, said: bytes) -> None:
    post.receiver.service.raw = said

    with pytest.raises(Fault) as refused:
        await post.send()

    assert not refused.value.permanent
