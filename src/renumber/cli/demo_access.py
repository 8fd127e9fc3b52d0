"""The access of the demonstration to its service: what no page offers, done with the parts of the service."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

from renumber.demo import DemoAccount, Happening
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, Proven
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.session import Ticket
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.act import Act, as_visitor
from renumber.flows.phone_change.link import close_if_expired
from renumber.flows.ports.services import Clock
from renumber.flows.services import Client
from renumber.flows.sessions import open_session
from renumber.settings import Settings
from renumber.store.audit.entries import AuditEntries
from renumber.store.housekeeping import Housekeeping
from renumber.web import cookies
from renumber.web.client import browser_name, time_zone
from renumber.web.cookies import SetCookie
from renumber.wiring.parts import assemble

SIGNED_IN_FOR = timedelta(hours=1)
ROWS = 5_000  # of one account's history, more than anyone tries in an afternoon


class PartsAccess:
    """The parts of the service in a second process, which never serves or sends."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._parts = assemble(Settings.from_environment(environment))
        self._account_ids: dict[str, str] = {}

    @property
    def clock(self) -> Clock:
        """The clock of the service, moved as the service has it."""
        return self._parts.clock

    async def open(self, accounts: Sequence[DemoAccount]) -> None:
        """Connect to the database, and create the accounts."""
        parts = self._parts
        await parts.database.start()
        newcomers = [await self._newcomer(account) for account in accounts]
        await enter_accounts(
            parts.new_accounts, parts.clock, parts.keys, newcomers=newcomers, joins=parts.services.joins
        )
        for account in accounts:
            found = await parts.services.store.credentials(EmailAddress(account.email).key, "")
            assert found is not None, "it was entered just now"
            self._account_ids[account.key] = found.account_id

    async def close(self) -> None:
        """Close the connections."""
        self._parts.passwords.close()
        await self._parts.database.close()

    async def _newcomer(self, account: DemoAccount) -> Newcomer:
        password_hash = await self._parts.passwords.hash(account.password)
        return Newcomer(
            email=EmailAddress(account.email),
            name=account.name,
            locale="de",
            number=account.number,
            password_hash=password_hash,
            number_is_verified=True,
        )

    async def history(self) -> Sequence[Happening]:
        """Read what has happened to each account, oldest first."""
        entries = AuditEntries(self._parts.database)
        return [
            Happening(person=key, act=row["act"], subject=row["subject"], evidence=row["evidence"])
            for key, account_id in self._account_ids.items()
            for row in reversed(await entries.newest_of(account_id, ROWS))
        ]

    async def close_expired(self) -> None:
        """Close the changes whose link has run out, as the housekeeping does every few minutes."""
        services = self._parts.services
        chores = Housekeeping(self._parts.database, services.rules.retention)
        for account_id, change_id in await chores.expired_changes(services.clock.now()):
            await close_if_expired(services, account_id, change_id)

    async def choose_language(self, language: str) -> Sequence[str]:
        """Make this the language of every account; the cookie makes it the language of the pages."""
        for account_id in self._account_ids.values():
            async with self._parts.services.store.work(account_id) as work:
                work.keep(work.account.choose_language(language).state)
        return [SetCookie(cookies.LANGUAGE, language, cookies.A_YEAR).header()]

    async def sign_in(self, account: DemoAccount, jar: Mapping[str, str], user_agent: str) -> Sequence[str]:
        """Open a session that was signed in to an hour ago: the Set-Cookie headers, none for a frozen account."""
        services = self._parts.services
        browser_id = jar.get(cookies.BROWSER) or services.secrets.new_id()
        zone = time_zone(unquote(jar.get(cookies.TIME_ZONE, "")), self._parts.settings.time_zone)
        client = Client(ip="127.0.0.1", browser=browser_name(user_agent), browser_id=browser_id, time_zone=zone.key)
        ticket = (await _sign_in(services, client, self._account_ids[account.key])).state
        return self._cookies_of(ticket, browser_id) if ticket else []

    def _cookies_of(self, ticket: Ticket, browser_id: str) -> list[str]:
        life = self._parts.settings.limits.session_for
        return [
            SetCookie(cookies.BROWSER, browser_id, cookies.A_YEAR).header(),
            SetCookie(cookies.SESSION, ticket.text, life).header(),
            cookies.removed(cookies.SIGN_IN).header(),
        ]


@as_visitor
async def _sign_in(act: Act) -> Step[Ticket | None]:
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN)
    earlier = replace(act, now=act.now - SIGNED_IN_FOR, actor=Actor.OWNER, evidence=Evidence.demo())
    session, ticket = open_session(earlier, Proven(Factor.PHONE))
    act.keep(replace(session, seen_at=act.now))
    return replace(earlier, subject=session.session_id).done(ticket, Fact.SIGNED_IN)
