"""The stage: a fresh service, its mailboxes and phones, and the clock that can be moved."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from renumber.demo.addresses import netloc, origin
from renumber.demo.arrivals import Arrivals
from renumber.demo.live import Live
from renumber.demo.people import PEOPLE, Person
from renumber.demo.ports import Backstage, OpenBackstage
from renumber.demo.service import Service
from renumber.demo.smtp import MailServer

BRAND = "Example Card"
A_DAY = timedelta(hours=24)


class Stage:
    """All that runs behind the page; people call it by its name, since passkeys are for names and not for addresses."""

    def __init__(self, host: str, port: int, *, name: str, open_backstage: OpenBackstage) -> None:
        self.arrivals, self.live = Arrivals(), Live()
        self.origin, self.netloc, self.listening = origin(name, port), netloc(name, port), netloc(host, port)
        self.moved_by = timedelta()
        self.run = 0
        self.service = Service(host)
        self._host, self._open_backstage = host, open_backstage
        self._mail_server = MailServer(self._take_mail)
        self._language = "de"
        self._backstage: Backstage
        self._folder: Path
        self._smtp_port = 0
        self._props = AsyncExitStack()
        self.is_set = asyncio.Event()

    async def open(self) -> None:
        """Start everything."""
        self._smtp_port = await self._mail_server.start(self._host)
        await self._begin()

    async def close(self) -> None:
        """End everything, and leave nothing behind."""
        self.live.end()
        await self._mail_server.close()
        await self._props.aclose()

    async def start_over(self) -> None:
        """Forget all that happened: a fresh database, empty mailboxes, the real time."""
        self.is_set.clear()
        await self._props.aclose()
        self.arrivals.clear()
        self.moved_by = timedelta()
        await self._begin()
        self.live.tell()

    async def _begin(self) -> None:
        self.run += 1
        folder = self._props.enter_context(tempfile.TemporaryDirectory(prefix="renumber-demo-"))
        self._folder = Path(folder)
        self._props.push_async_callback(self.service.stop)
        await self.service.start(self._settings())
        self._backstage = self._open_backstage(self._settings())
        self._props.push_async_callback(self._backstage.close)
        await self._backstage.open(PEOPLE)
        await self._backstage.speak(self._language)
        self.is_set.set()

    def _settings(self) -> Mapping[str, str]:
        """Sending is hardly limited: whoever tries everything in ten minutes is no fraud here."""
        return {
            "RENUMBER_BASE_URL": self.origin,
            "RENUMBER_DATABASE_URL": f"sqlite:///{self._folder / 'demo.db'}",
            "RENUMBER_SECRET_KEY_FILE": str(self._folder / "key"),
            "RENUMBER_CLOCK_OFFSET_FILE": str(self._offset_file),
            "RENUMBER_DEMO_FRAMED_BY": self.origin,
            "RENUMBER_SMTP_URL": f"smtp://{netloc(self._host, self._smtp_port)}?tls=none",
            "RENUMBER_MAIL_FROM": f"{BRAND} <account@example.com>",
            "RENUMBER_SMS_URL": f"http+json://{self.listening}/demo/sms",
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
        }

    @property
    def _offset_file(self) -> Path:
        return self._folder / "clock-offset"

    @property
    def now(self) -> datetime:
        """The time on the stage."""
        return self._backstage.clock.now()

    def pass_a_day(self) -> None:
        """Move the service's clock on by 24 hours; at no moment is the file half written."""
        self.moved_by += A_DAY
        fresh = self._folder / "clock-offset.new"
        fresh.write_text(str(self.moved_by.total_seconds()))
        fresh.replace(self._offset_file)
        self.live.tell()

    async def let_in(self, person: Person, cookies: Mapping[str, str], user_agent: str) -> list[str]:
        """Take the person for someone who signed in an hour ago."""
        return list(await self._backstage.let_in(person, cookies, user_agent))

    async def speak(self, language: str) -> list[str]:
        """Write to everyone in this language."""
        self._language = language
        return list(await self._backstage.speak(language))

    def take_text(self, text_id: str, to: str, text: str) -> None:
        """Put a text message on the phone with this number."""
        self.arrivals.take_text(text_id, to, text, at=self.now)
        self.live.tell()

    def _take_mail(self, to: str, content: bytes) -> None:
        self.arrivals.take_mail(to, content, at=self.now)
        self.live.tell()
