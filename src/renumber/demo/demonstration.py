"""A running demonstration: a fresh service, its mailboxes and phones, and a clock that can be moved."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from renumber.demo.accounts import ACCOUNTS
from renumber.demo.addresses import netloc, origin
from renumber.demo.broadcast import Broadcast
from renumber.demo.checklist import Progress, progress
from renumber.demo.inbox import Inbox
from renumber.demo.ports import DemoAccess, OpenAccess
from renumber.demo.service import Service
from renumber.demo.shop.credentials import join_shop
from renumber.demo.shop.provider import Provider
from renumber.demo.shop.shop import Shop
from renumber.demo.smtp import MailServer
from renumber.demo.staff import STAFF, DemoPerson

BRAND = "Example Card"
A_DAY = timedelta(hours=24)


class Demonstration:
    """Everything behind the page; it has a host name, since passkeys are for names and not for IP addresses."""

    def __init__(self, host: str, port: int, *, shop_port: int, name: str, open_access: OpenAccess) -> None:
        self.inbox, self.broadcast = Inbox(), Broadcast()
        self.origin, self.netloc, self.listening = origin(name, port), netloc(name, port), netloc(host, port)
        self.shop, self.shop_origin = Shop(), origin(name, shop_port)
        self.moved_by = timedelta()
        self.changes_wait = False
        self.run = 0
        self.service = Service(host, acted=self.broadcast.notify)
        self._host, self._open_access = host, open_access
        self._mail_server = MailServer(self._take_mail)
        self._language = "de"
        self._access: DemoAccess
        self._folder: Path
        self._joins_file: Path
        self.provider: Provider
        self._smtp_port = 0
        self._resources = AsyncExitStack()
        self.is_ready = asyncio.Event()

    async def open(self) -> None:
        """Start the mail server and the service."""
        self._smtp_port = await self._mail_server.start(self._host)
        await self._begin()

    async def close(self) -> None:
        """Stop everything, and delete its files."""
        self.broadcast.end()
        await self._mail_server.close()
        await self._resources.aclose()
        await self.service.close()

    async def start_over(self) -> None:
        """Start again with a fresh database, empty mailboxes and the real time."""
        self.is_ready.clear()
        await self._resources.aclose()
        self.inbox.clear()
        self.shop.clear()
        self.moved_by = timedelta()
        self.changes_wait = False
        await self._begin()
        self.broadcast.notify()

    async def _begin(self) -> None:
        self.run += 1
        folder = self._resources.enter_context(tempfile.TemporaryDirectory(prefix="renumber-demo-"))
        self._folder = Path(folder)
        self._joins_file, credentials = join_shop(self._folder, self.shop_origin)
        self.provider = Provider(self.origin, self.shop_origin, credentials, now=lambda: int(self.now.timestamp()))
        self._resources.push_async_callback(self.provider.close)
        self._resources.push_async_callback(self.service.stop)
        await self.service.start(self._settings())
        self._access = self._open_access(self._settings())
        self._resources.push_async_callback(self._access.close)
        await self._access.open(ACCOUNTS, STAFF)
        await self._access.choose_language(self._language)
        self.is_ready.set()

    def _settings(self) -> Mapping[str, str]:
        """Give the settings of the service; they hardly limit sending: trying everything in ten minutes is no fraud."""
        return {
            "RENUMBER_BASE_URL": self.origin,
            "RENUMBER_DATABASE_URL": f"sqlite:///{self._folder / 'demo.db'}",
            "RENUMBER_SECRET_KEY_FILE": str(self._folder / "key"),
            "RENUMBER_JOINS_FILE": str(self._joins_file),
            "RENUMBER_CLOCK_OFFSET_FILE": str(self._offset_file),
            "RENUMBER_DEMO_FRAMED_BY": self.origin,
            "RENUMBER_SMTP_URL": f"smtp://{netloc(self._host, self._smtp_port)}?tls=none",
            "RENUMBER_MAIL_FROM": f"{BRAND} <account@example.com>",
            "RENUMBER_SMS_URL": f"http+json://{self.listening}/demo/sms",
            "RENUMBER_PUSH_HOSTS": "none",  # a browser would ask its vendor's service for an address
            "RENUMBER_CONSOLE": "on",
            "RENUMBER_BRAND": BRAND,
            "RENUMBER_BRAND_COLOR": "#0b5fff",
            "RENUMBER_SUPPORT_CONTACT": "support@example.com",
            "RENUMBER_LOCALES": "de,en",
            "RENUMBER_WORKERS": "1",
            "RENUMBER_JSON_LOGS": "yes",
            "RENUMBER_SENDS_PER_WINDOW": "100",
            "RENUMBER_SENDS_PER_DAY": "1000",
            "RENUMBER_SENDS_TO_STRANGERS": "1000",
            "RENUMBER_SENDS_PER_IP": "1000",
            "RENUMBER_TEXTS_TOLD_PER_DAY": "1000",
        }

    @property
    def _offset_file(self) -> Path:
        return self._folder / "clock-offset"

    @property
    def now(self) -> datetime:
        """The time of the service."""
        return self._access.clock.now()

    async def tried(self) -> Mapping[str, Progress]:
        """Say how far everything that there is to try has come."""
        await self.is_ready.wait()
        return progress(await self._access.history())

    async def pass_days(self, days: int) -> None:
        """Move the service's clock on, a day after the other, so that all comes that is due on each."""
        for _ in range(days):
            self._move(self.moved_by + A_DAY)
            await self._access.catch_up()
        self.broadcast.notify()

    def _move(self, by: timedelta) -> None:
        """Move the clock; at no moment is the file half written."""
        self.moved_by = by
        fresh = self._folder / "clock-offset.new"
        fresh.write_text(str(by.total_seconds()))
        fresh.replace(self._offset_file)

    def codes(self) -> Mapping[str, str]:
        """The codes of the authenticator apps."""
        return self._access.codes()

    async def sign_in(self, person: DemoPerson, cookies: Mapping[str, str], user_agent: str) -> list[str]:
        """Sign in without a proof, as of an hour ago; gives the Set-Cookie headers."""
        return list(await self._access.sign_in(person, cookies, user_agent))

    async def let_changes_wait(self, *, wait: bool) -> None:
        """Let changes of the company's people wait for its administrator, or not, as an operator does."""
        await self._access.let_changes_wait(wait=wait)
        self.changes_wait = wait
        self.broadcast.notify()

    async def choose_language(self, language: str) -> list[str]:
        """Make this the language of every account; gives the Set-Cookie headers."""
        self._language = language
        return list(await self._access.choose_language(language))

    def take_text(self, text_id: str, to: str, text: str) -> None:
        """Receive a text message."""
        self.inbox.take_text(text_id, to, text, at=self.now)
        self.broadcast.notify()

    def _take_mail(self, to: str, content: bytes) -> None:
        self.inbox.take_mail(to, content, at=self.now)
        self.broadcast.notify()
