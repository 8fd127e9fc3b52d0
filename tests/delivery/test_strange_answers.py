"""Threat: a gateway that answers garbage, too much or for ever (SECURITY.md row 52); the next one is asked anyway.

The gateways listen on real sockets and write what they like.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renumber.delivery.backoff import Backoff
from renumber.delivery.channel import Fault, Gateway, RenderedSms
from renumber.delivery.direct import DirectClient
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.failover import Gateways
from renumber.delivery.http import ProxiedClient
from renumber.delivery.mail.smtp import SmtpGateway
from renumber.delivery.ports import Sent
from renumber.delivery.sms.generic import GenericGateway
from renumber.delivery.sms.twilio import TwilioGateway
from renumber.settings.sms_url import TwilioUrl
from renumber.settings.smtp_url import smtp_url
from renumber.settings.urls import split
from tests.delivery.builders import MemoryOutbox, SetClock, a_mail, a_renderer, a_text, an_sms
from tests.delivery.servers import running_sms_server
from tests.delivery.test_dispatcher import QUICK
from tests.delivery.test_email import SENDER

LONG = 1 << 20
PATIENCE = 0.2  # seconds
RENDERER = a_renderer()
SMS = an_sms()
BUSY = b"HTTP/1.1 503 Busy\r\n"


def busy(*headers: bytes) -> bytes:
    """A gateway that is busy, with these headers."""
    return BUSY + b"".join(header + b"\r\n" for header in headers) + b"Content-Length: 0\r\n\r\n"


STRANGE = {
    "nothing": b"",
    "no HTTP": b"\x00\xff\xfe garbage \r\n\r\n",
    "a page": b"<html>It works!</html>",
    "a mail server": b"220 mail.example.com ESMTP\r\n",
    "half a status": b"HTTP/1.1 2",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "an unknown status": b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
    "HTTP/9": b"HTTP/9.9 503 Busy\r\n\r\n",
    "a header for ever": b"HTTP/1.1 503 Busy\r\nX: " + b"x" * LONG,
    "headers for ever": BUSY + b"X-Header: x\r\n" * 50_000,
    "a body for ever": BUSY + b"Content-Length: 99999999999\r\n\r\n" + b"x" * LONG,
    "chunks for ever": BUSY + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 50_000,
    "chunks that are none": BUSY + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "two lengths": BUSY + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "gzip that is none": BUSY + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
    "many interim answers": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10_000,
    "bytes in a header": busy(b"Retry-After: \xff\xfe\x80"),
    "two waits": busy(b"Retry-After: 5", b"Retry-After: 6"),
    "17 digits": busy(b"Retry-After: " + b"9" * 17),
    "4,300 digits": busy(b"Retry-After: " + b"9" * 4300),
    "5,000 digits": busy(b"Retry-After: " + b"9" * 5000),
    "asctime": busy(b"Retry-After: Sun Nov  6 08:49:37 1994", b"Date: Sun, 06 Nov 1994 08:49:37 GMT"),
    "no zone": busy(b"Retry-After: Sun, 06 Nov 1994 08:49:37 -0000", b"Date: Sun, 06 Nov 1994 08:49:37 GMT"),
    "an odd date": busy(b"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", b"Date: the day before"),
}
each_strange = pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)


@asynccontextmanager
async def answering(answer: bytes, *, then: bytes = b"", waits: bool = True) -> AsyncIterator[int]:
    """Listen, answer every connection with these bytes, go on with others for ever or hang up; gives the port.

    A mail server doesn't wait until it is asked.
    """

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if waits:
                await reader.read(1)
            writer.write(answer)
            await writer.drain()
            while then:
                writer.write(then)
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def generic(port: int) -> GenericGateway:
    """The generic gateway, with little patience."""
    return GenericGateway("strange", f"http://127.0.0.1:{port}/", DirectClient(within=2 * PATIENCE))


def twilio(port: int) -> TwilioGateway:
    """Twilio, with little patience."""
    account = TwilioUrl(endpoint=split(f"http://127.0.0.1:{port}"), sid="AC1", token="secret", sender="Example")
    return TwilioGateway("strange", account, ProxiedClient(httpx2.AsyncClient(timeout=PATIENCE)))


async def sent_by_second(first: Gateway[RenderedSms]) -> bool:
    """Whether a text whose first gateway is this one leaves by the second, in one attempt."""
    message = a_text()
    outbox = MemoryOutbox(message)
    async with running_sms_server() as willing:
        second = GenericGateway("second", f"http://127.0.0.1:{willing.port}/", DirectClient())
        dispatcher = Dispatcher(
            outbox,
            RENDERER,
            Gateways(sms=(first, second)),
            clock=SetClock(),
            observe=lambda *_: None,
            backoff=Backoff(lambda: 0.5),
            claimant="tests",
            pace=QUICK,
        )
        await dispatcher.drain()
        await dispatcher.close()
        assert len(willing.requests) <= 1
    kept = outbox.of(message)
    return (kept.settlement, kept.attempts) == (Sent("second"), 1)


@each_strange
@pytest.mark.parametrize("opened", [generic, twilio])
async def test_after_any_answer_the_next_gateway_is_asked(
    opened: Callable[[int], Gateway[RenderedSms]], answer: bytes
) -> None:
    async with answering(answer) as port:
        assert await sent_by_second(opened(port))


@pytest.mark.parametrize(
    ("begun", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 503 Busy\r\n", b"X: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (BUSY + b"Content-Length: 99999999999\r\n\r\n", b"x"),
        (BUSY + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["nothing whole", "headers", "interim answers", "a body", "chunks"],
)
async def test_an_answer_that_trickles_in_for_ever_is_given_up(begun: bytes, piece: bytes) -> None:
    async with answering(begun, then=piece) as port:
        assert await sent_by_second(generic(port))


async def test_what_was_accepted_is_not_sent_again_however_its_answer_goes_on() -> None:
    begun = b"HTTP/1.1 202 Accepted\r\nContent-Length: 99999999999\r\n\r\n"
    async with answering(begun, then=b"x") as port:
        gateway = generic(port)
        await gateway.send(SMS)
        await gateway.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from([b"", b"HTTP/1.1 ", BUSY, BUSY + b"Retry-After: "]))
async def test_no_bytes_are_more_than_a_fault(tail: bytes, begun: bytes) -> None:
    async with answering(begun + tail + b"\r\n\r\n") as port:
        gateway = generic(port)
        with suppress(Fault):
            await gateway.send(SMS)
        await gateway.close()


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"\x00\xff\xfe\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"220-" + b"x" * LONG,
        b"220-x\r\n" * 50_000,
        b"999 \xff\r\n",
        b"99999999999999999999 no\r\n",
        b"554 go away\r\n",
    ],
    ids=["nothing", "no text", "HTTP", "a line for ever", "lines for ever", "odd code", "long code", "refusal"],
)
async def test_whatever_a_mail_server_says_is_a_fault_that_may_pass(greeting: bytes) -> None:
    async with answering(greeting, waits=False) as port:
        url = smtp_url(f"smtp://127.0.0.1:{port}?tls=none")
        gateway = SmtpGateway(url, SENDER)

        with pytest.raises(Fault) as refused:
            await gateway.send(a_mail())
        await gateway.close()

    assert not refused.value.permanent
