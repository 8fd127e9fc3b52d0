"""Where messages arrive: a mail server and an SMS gateway that listen on loopback, in the process of the tests."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, Generic, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from harness.ports import free_port

ARRIVES_WITHIN = 30.0  # seconds
_OF_SIGN_IN, _OF_RECOVERY = r"sign-in/(?:new-password|mailbox|release/link)", r"recovery/(?:link|request)"
LINK = re.compile(rf"https?://\S+/(?:phone-change/link|caller/link|freeze|{_OF_RECOVERY}|{_OF_SIGN_IN})/\S+")
CODE = re.compile(r"\b\d{6}\b")
CODE_LINE = re.compile(r"^@\S+ #\d{6}$", re.MULTILINE)


@dataclass(frozen=True)
class Delivered:
    """One message as it arrived; a copy of it has the same id."""

    message_id: str
    to: str
    subject: str
    text: str
    raw: bytes

    def link(self, path: str) -> str:
        """The link in it that begins with this path, without its origin."""
        links: list[str] = LINK.findall(self.text)
        found = next(link for link in links if f"{path}/" in link)
        return path + found.partition(path)[2]

    @property
    def code(self) -> str:
        """The one-time code in it."""
        codes: list[str] = CODE.findall(self.text)
        return codes[0]

    @property
    def is_code(self) -> bool:
        """Whether it is a text that carries a code, bound to our host in its last line."""
        return bool(CODE_LINE.search(self.text))

    @property
    def rendered(self) -> str:
        """The other half of a mail; a text message has none."""
        return half(self.raw, "html") if self.subject else ""


def opened(raw: bytes) -> EmailMessage:
    """A mail as its reader's program understands it."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def half(raw: bytes, kind: str) -> str:
    """The plain or the html half of a mail."""
    body = opened(raw).get_body((kind,))
    assert body is not None, f"a mail has a {kind} half"
    return str(body.get_content())


Arrived = TypeVar("Arrived", bound=Delivered)


class Sink(Generic[Arrived]):
    """All that arrived; `on_accept` runs once, after a message is taken and before the sender hears of it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.attempts: list[Arrived] = []
        self.on_accept: Callable[[Arrived], None] | None = None
        self._news = Condition()

    def take(self, message: Arrived) -> None:
        """Keep a message, and wake who waits for it."""
        with self._news:
            self.attempts.append(message)
            self._news.notify_all()
        if self.on_accept:
            once, self.on_accept = self.on_accept, None
            once(message)

    def to(self, address: str) -> list[Arrived]:
        """What this address has received, each message once, in the order of arrival."""
        return list({message.message_id: message for message in self.attempts if message.to == address}.values())

    def wait(self, address: str, number: int, within: float = ARRIVES_WITHIN) -> Arrived:
        """Wait for this address's message number so-and-so, counted from one."""
        give_up_at = time.monotonic() + within
        with self._news:
            while len(self.to(address)) < number:
                left = give_up_at - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise TimeoutError(
                        f"message {number} of {[each.subject for each in self.to(address)]} did not come"
                    )
        return self.to(address)[number - 1]

    def find(self, address: str, words: str, within: float = ARRIVES_WITHIN) -> Arrived:
        """Wait for the newest message to this address that has these words in its subject or text."""
        give_up_at = time.monotonic() + within
        with self._news:
            while True:
                fitting = [each for each in self.to(address) if words in each.subject + each.text]
                if fitting:
                    return fitting[-1]
                left = give_up_at - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    raise TimeoutError(f"no {words!r} among {[each.subject for each in self.to(address)]}")


class MailSink(Sink[Delivered]):
    """A mail server for every address."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Accept a mail; the name and the arguments are aiosmtpd's."""
        raw = envelope.content
        assert isinstance(raw, bytes)
        mail = opened(raw)
        self.take(Delivered(mail["Message-ID"], envelope.rcpt_tos[0], mail["Subject"], half(raw, "plain"), raw))
        return "250 OK"


class SmsSink(Sink[Delivered]):
    """The generic SMS gateway, for every number; it honours the id. To those that are `busy` it can't send now."""

    def __init__(self) -> None:
        super().__init__()
        self.busy: set[str] = set()

    def accept(self, body: bytes) -> bool:
        """Accept a text message, unless its number is busy."""
        fields = json.loads(body)
        if fields["to"] in self.busy:
            return False
        self.take(Delivered(fields["id"], fields["to"], "", fields["text"], body))
        return True


@dataclass
class Sinks:
    """Every way out of the house."""

    mail: MailSink
    sms: SmsSink
    push: "PushSink"


@dataclass(frozen=True)
class Pushed:
    """One message as a push service got it."""

    path: str
    headers: dict[str, str]
    body: bytes


class PushSink:
    """A push service; `gone` are the paths that it knows no more."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[Pushed] = []
        self.gone: set[str] = set()

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def at(self, path: str) -> list[Pushed]:
        """What came for one subscription."""
        return [each for each in self.taken if each.path == path]

    def wait(self, path: str, number: int) -> Pushed:
        """Wait for the message number so-and-so of a subscription, counted from one."""
        give_up_at = time.monotonic() + ARRIVES_WITHIN
        while len(self.at(path)) < number:
            assert time.monotonic() < give_up_at, f"push {number} did not come"
            time.sleep(0.02)
        return self.at(path)[number - 1]


class Gateway(ThreadingHTTPServer):
    """One that does not mind a sender that dies."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def running_sinks() -> Iterator[Sinks]:
    """Listen until the block ends."""
    mail, sms, push = MailSink(), SmsSink(), PushSink()
    controller = Controller(mail, hostname="127.0.0.1", port=mail.port)
    gateways = [
        Gateway(("127.0.0.1", sms.port), _answering(sms)),
        Gateway(("127.0.0.1", push.port), _taking(push)),
    ]
    controller.start()
    for gateway in gateways:
        Thread(target=gateway.serve_forever, daemon=True).start()
    try:
        yield Sinks(mail, sms, push)
    finally:
        controller.stop()
        for gateway in gateways:
            gateway.shutdown()
            gateway.server_close()


def _answering(sms: SmsSink) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            is_taken = sms.accept(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(202 if is_taken else 503)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            """Say nothing."""

    return Answering


def _taking(push: PushSink) -> type[BaseHTTPRequestHandler]:
    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            push.taken.append(Pushed(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(410 if self.path in push.gone else 201)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            """Say nothing."""

    return Taking
