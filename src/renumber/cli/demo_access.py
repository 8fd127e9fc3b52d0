"""Behind the stage of the demonstration: what no page offers, done with the service's own parts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

from renumber.demo import Person
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact
from renumber.domain.session import Ticket
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.act import Client
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import Clock
from renumber.flows.sessions import open_session
from renumber.settings import Settings
from renumber.web import cookies
from renumber.web.client import browser_name, time_zone
from renumber.web.cookies import SetCookie
from renumber.wiring import assemble

SIGNED_IN_FOR = timedelta(hours=1)


class PartsBackstage:
    """The parts of a second process on the service's database; it never serves or sends."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._parts = assemble(Settings.from_environment(environment))
        self._account_ids: dict[str, str] = {}

    @property
    def clock(self) -> Clock:
        """The service's clock, moved as the service's is."""
        return self._parts.clock

    async def open(self, people: Sequence[Person]) -> None:
        """Connect, and enter the accounts."""
        parts = self._parts
        await parts.database.start()
        newcomers = [await self._newcomer(person) for person in people]
        await enter_accounts(parts.new_accounts, parts.clock, parts.keys, newcomers=newcomers)
        for person in people:
            found = await parts.services.store.credentials(EmailAddress(person.email).key, "")
            assert found is not None, "it was entered just now"
            self._account_ids[person.key] = found.account_id

    async def close(self) -> None:
        """Disconnect."""
        self._parts.passwords.close()
        await self._parts.database.close()

    async def _newcomer(self, person: Person) -> Newcomer:
        password_hash = await self._parts.passwords.hash(person.password)
        return Newcomer(EmailAddress(person.email), person.name, "de", person.number, password_hash)

    async def speak(self, language: str) -> Sequence[str]:
        """Write to everyone in this language from now on; the cookie makes the pages follow."""
        for account_id in self._account_ids.values():
            async with self._parts.services.store.work(account_id) as work:
                work.keep(work.account.choose_language(language).state)
        return [SetCookie(cookies.LANGUAGE, language, cookies.A_YEAR).header()]

    async def let_in(self, person: Person, jar: Mapping[str, str], user_agent: str) -> Sequence[str]:
        """Open a session that was signed in to an hour ago: the Set-Cookie headers, none for a frozen account."""
        services = self._parts.services
        browser_id = jar.get(cookies.BROWSER) or services.secrets.new_id()
        zone = time_zone(unquote(jar.get(cookies.TIME_ZONE, "")), self._parts.settings.time_zone)
        client = Client("127.0.0.1", browser_name(user_agent), browser_id, zone.key)
        async with services.store.work(self._account_ids[person.key]) as work:
            if work.account.is_frozen:
                return []
            scene = Scene(services, client, work.account, services.clock.now() - SIGNED_IN_FOR, evidence="demo")
            session, ticket = open_session(scene, Factor.PHONE)
            work.keep(replace(session, seen_at=services.clock.now()))
            conclude(work, replace(scene, subject=session.session_id), (Fact.SIGNED_IN,))
        return self._cookies_of(ticket, browser_id)

    def _cookies_of(self, ticket: Ticket, browser_id: str) -> list[str]:
        life = self._parts.settings.limits.session_for
        return [
            SetCookie(cookies.BROWSER, browser_id, cookies.A_YEAR).header(),
            SetCookie(cookies.SESSION, cookies.written(ticket), life).header(),
            cookies.removed(cookies.SIGN_IN).header(),
        ]
