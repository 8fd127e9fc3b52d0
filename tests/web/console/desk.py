"""The console in the process of the test: staff with a passkey's worth of proof, and the people that they help."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count

import httpx2

from renumber.domain.phone_number import PhoneNumber
from renumber.domain.support.staff import Role
from renumber.flows.services import Client
from renumber.flows.support.staff import give_role
from renumber.settings import Settings
from renumber.web import cookies
from renumber.wiring.parts import assemble
from renumber.wiring.web import application
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Person, a_person
from tests.flows.world import ORIGIN, World, a_world
from tests.observability.service import CHEAP_PASSWORDS, templates
from tests.web.oidc.party import Guest

people = count(1)
BUTTON = r"<button([^>]*)><span>([^<]+)</span></button>"


@dataclass
class Desk:
    """The service with a console, at which staff and customers sit in turn."""

    world: World
    guest: Guest

    async def person(self) -> Person:
        """Somebody with an account."""
        number = next(people)
        return await a_person(self.world, f"person-{number}@example.com", PhoneNumber(f"+49171393{number:04}"))

    async def staff(self, role: Role) -> "Colleague":
        """Somebody of customer relations, signed in with an authenticator app."""
        person = await self.person()
        key = await add_app(person)
        client = Client(operator="the-operator")
        step = await give_role(self.world.services, client, person.account_id, role)
        assert step.refusal is None
        await person.browser.give_password(person.email, person.password)
        assert (await give_code(person.browser, shown(self.world, key))).signed_in
        return Colleague(person, self.browser_of(person))

    def browser_of(self, person: Person) -> Guest:
        """The browser in which this person is signed in."""
        browser = Guest(self.guest._client, self.guest.app)
        browser.cookies |= {"__Host-session": person.browser.ticket.text, cookies.LANGUAGE: "en"}
        return browser


@dataclass
class Colleague:
    """Somebody of staff at the console."""

    person: Person
    browser: Guest

    async def find(self, wanted: str, reason: str = "They called.") -> httpx2.Response:
        """Search, and come to the account if it is the only one."""
        await self.browser.get("/console")
        reply = await self.browser.post("/console/find", {"search": wanted, "reason": reason})
        return await self.browser.get(reply.headers["location"]) if reply.status_code == 303 else reply

    async def press(self, path: str, label: str, reason: str = "They called.", **fields: str) -> httpx2.Response:
        """Open a page, press the first button of this label, and come to the page after it."""
        page = (await self.browser.get(path)).text
        pressed = next((button for button in re.findall(BUTTON, page) if button[1] == label), None)
        assert pressed, f"{path} has no {label}"
        about = dict(re.findall(r' (\w+)="([^"]*)"', pressed[0]))
        own = {about["name"]: about["value"]} if "name" in about else {}
        return await self.send(about["formaction"], reason, **own, **fields)

    async def look(self, path: str, reason: str = "They called.") -> httpx2.Response:
        """Open a page about an account, for a reason."""
        await self.browser.get(path)
        return await self.send(f"{path}/look", reason)

    async def send(self, path: str, reason: str = "They called.", **fields: str) -> httpx2.Response:
        """Send a form, and come to the page after it."""
        reply = await self.browser.post(path, {"reason": reason, **fields})
        return await self.browser.get(reply.headers["location"]) if reply.status_code == 303 else reply


@asynccontextmanager
async def a_desk(url: str, **more: str) -> AsyncIterator[Desk]:
    """Run the whole application over one world, with its console; `more` are settings without their prefix."""
    async with a_world(url) as world:
        settings = {"RENUMBER_DATABASE_URL": url, "RENUMBER_SECRET_KEY": "k" * 64, "RENUMBER_BASE_URL": ORIGIN}
        settings |= CHEAP_PASSWORDS | {f"RENUMBER_{name.upper()}": value for name, value in more.items()}
        parts = assemble(Settings.from_environment({**settings, "RENUMBER_CONSOLE": "on"}))
        parts = replace(parts, services=world.services, keys=world.keys, database=world.database)
        app = application(parts, templates=templates(parts.settings.locales))
        transport = httpx2.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar names its own
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield Desk(world, Guest(client, app))
