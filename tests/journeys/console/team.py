"""Customer relations in real browsers: each has an authenticator app, and is signed in by it already."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import expect

from harness.person import Person
from harness.postgres import in_a_thread
from harness.server import Server
from renumber.clock import SystemClock
from renumber.domain.factor import Factor
from renumber.domain.support.staff import Role
from renumber.domain.totp import KEY_BYTES, STEP, Slot, TotpKey, code_at
from renumber.flows.services import Client
from renumber.flows.support.recover import go_on_with_case
from renumber.flows.support.staff import give_role
from renumber.settings import Settings
from renumber.store.housekeeping import Housekeeping
from renumber.wiring.core import Core, assemble_core
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

KEYS = Words("Tasten", "Keys")
SEARCH = Words("Suche", "Search")
REASON = Words("Begründung", "Reason")
SEND_LINK = Words("Link erneut senden", "Send link again")
FREEZE = Words("Sperren", "Freeze")
OPEN_CASE = Words("Fall eröffnen", "Open case")
KIND = Words("Art des Nachweises", "Kind of evidence")
ADD_EVIDENCE = Words("Nachweis hinzufügen", "Add evidence")
ASK_FOR_REVIEW = Words("Prüfung anfragen", "Ask for a review")
TAKE = Words("Übernehmen", "Take it")
APPROVE = Words("Zustimmen", "Approve")
REFUSE = Words("Ablehnen", "Refuse")
CONTINUE = Words("Weiter", "Continue")
COMES_WITHIN = 15_000  # milliseconds: whoever sends looks every few seconds
OPERATOR = Client(operator="the-operator")
KEY = bytes(range(KEY_BYTES))


@dataclass(frozen=True)
class Desk:
    """The desk of somebody of staff: their account, and the server at which they work."""

    server: Server
    person: Person

    def sign_in(self) -> None:
        """Give the password, and what the app shows now."""
        browser = self.person.browser
        assert self.person.give_password(browser).location == "/sign-in/app"
        browser.get("/sign-in/app")
        reply = browser.post("/sign-in/app", {"code": self._shown()})
        assert reply.location == "/profile", reply.text
        browser.get("/profile")

    def _shown(self) -> str:
        return code_at(KEY, int(SystemClock().now().timestamp() + self.server.offset) // STEP)


@dataclass(frozen=True)
class Colleague:
    """Somebody of staff in front of the console; `seat` is the window."""

    seat: Traveller
    desk: Desk

    def finds(self, wanted: str, reason: str) -> None:
        """Search, for a reason."""
        self.seat.open("/console")
        self.seat.type(SEARCH, wanted)
        self.seat.type(REASON, reason)
        self.seat.press(SEARCH)

    def does(self, words: Words, reason: str) -> None:
        """Press a button, for a reason."""
        self.seat.type(REASON, reason)
        self.seat.press(words)

    def adds(self, kind: str, reference: str) -> None:
        """Take a piece of evidence down."""
        self.seat.field(KIND).select_option(kind)
        self.does(ADD_EVIDENCE, reference)

    def opens(self, path: str, reason: str) -> None:
        """Open a page about an account, and say why."""
        self.seat.open(path)
        self.does(CONTINUE, reason)

    @property
    def path(self) -> str:
        """The page in front of them."""
        return urlsplit(self.seat.page.url).path

    def reads(self, words: Words | str) -> None:
        """The sentence on top says where the person stands, by itself if it comes to that only now."""
        sentence = self.seat.page.locator("[data-part=advice]")
        expect(sentence).to_contain_text(self.seat.said(words), timeout=COMES_WITHIN)

    def sees_in_history(self, words: Words | str) -> None:
        """The history has this line, by itself if it comes to that only now."""
        line = self.seat.page.locator(".timeline li").filter(has_text=self.seat.said(words))
        expect(line.first).to_be_visible(timeout=COMES_WITHIN)

    def offers(self, words: Words) -> bool:
        """Whether the page has this button."""
        return self.seat.button(words).count() > 0


def a_desk(server: Server, role: Role, name: str, *, locale: str = "en") -> Desk:
    """Enter somebody of staff, with an app, and sign them in."""
    person = server.person(name, number=None, locale=locale)
    in_a_thread(asyncio.run, _employ(server, person, role))
    return signed_in(server, person)


def signed_in(server: Server, person: Person) -> Desk:
    """Sign somebody in by their app."""
    desk = Desk(server, person)
    desk.sign_in()
    return desk


async def _employ(server: Server, person: Person, role: Role) -> None:
    async with core_of(server) as core:
        await equip(core, person)
        step = await give_role(core.services, OPERATOR, person.account_id, role)
        assert step.refusal is None


async def equip(core: Core, person: Person) -> None:
    """Give somebody an authenticator app."""
    now = core.clock.now()
    async with core.services.store.work(person.account_id) as work:
        work.keep(work.account.add_factor(Factor.TOTP, now).state)
        work.keep(TotpKey(account_id=person.account_id, slot=Slot.IN_USE, key=KEY, made_at=now))


def let_pass(server: Server, time: timedelta, person: Person) -> None:
    """Let so much time pass, and what comes due with it happen to somebody's cases."""
    server.move(time.total_seconds())
    in_a_thread(asyncio.run, _go_on(server, person))


async def _go_on(server: Server, person: Person) -> None:
    async with core_of(server) as core:
        chores = Housekeeping(core.database, core.services.rules.retention)
        for account_id, case_id in await chores.due_cases(core.clock.now()):
            if account_id == person.account_id:
                await go_on_with_case(core.services, account_id, case_id)


@asynccontextmanager
async def core_of(server: Server) -> AsyncIterator[Core]:
    """Use the parts of the service on its database."""
    core = assemble_core(Settings.from_environment(server.environment))
    await core.database.start()
    try:
        yield core
    finally:
        core.passwords.close()
        await core.database.close()
