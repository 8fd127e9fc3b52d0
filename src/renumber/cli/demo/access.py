"""The access of the demonstration to its service: what no page offers, done with the parts of the service."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

from renumber.demo import COMPANY, DemoAccount, DemoColleague, DemoPerson, Happening
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.organisations.organisation import Organisation
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.totp import KEY_BYTES, STEP, Slot, TotpKey, code_at
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.act import Act, as_visitor
from renumber.flows.organisations.manage import add_organisation, name_administrator, set_organisation
from renumber.flows.organisations.waiting import go_on_with_change
from renumber.flows.ports.services import Clock
from renumber.flows.services import Client
from renumber.flows.sessions import open_session
from renumber.flows.support.recover import go_on_with_case
from renumber.flows.support.staff import give_role
from renumber.settings import Settings
from renumber.store.audit.entries import AuditEntries
from renumber.store.housekeeping import Housekeeping
from renumber.store.organisations.new_organisations import NewOrganisationStore
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
        self._apps: dict[str, bytes] = {}

    @property
    def clock(self) -> Clock:
        """The clock of the service, moved as the service has it."""
        return self._parts.clock

    async def open(self, accounts: Sequence[DemoAccount], staff: Sequence[DemoColleague]) -> None:
        """Connect to the database; create the company and the accounts, those who help with an app and their role."""
        parts = self._parts
        await parts.database.start()
        company = await self._add_company()
        newcomers = [await self._newcomer(each, each.number, company) for each in accounts]
        newcomers += [await self._newcomer(each, None, company) for each in staff]
        await enter_accounts(
            parts.new_accounts, parts.clock, parts.keys, newcomers=newcomers, joins=parts.services.joins
        )
        people: list[DemoPerson] = [*accounts, *staff]
        for person in people:
            found = await parts.services.store.credentials(EmailAddress(person.email).key, "")
            assert found is not None, "it was entered just now"
            self._account_ids[person.key] = found.account_id
        for colleague in staff:
            await self._equip(colleague)

    async def _equip(self, colleague: DemoColleague) -> None:
        """Give somebody who helps an authenticator app, and the role at customer relations or in the company."""
        services, account_id = self._parts.services, self._account_ids[colleague.key]
        now, key = services.clock.now(), secrets.token_bytes(KEY_BYTES)
        async with services.store.work(account_id) as work:
            work.keep(work.account.add_factor(Factor.TOTP, now).state)
            work.keep(TotpKey(account_id=account_id, slot=Slot.IN_USE, key=key, made_at=now))
        operator = Client(operator="demo")
        if colleague.role:
            await give_role(services, operator, account_id, colleague.role)
        else:
            await name_administrator(services, operator, account_id)
        self._apps[colleague.key] = key

    def codes(self) -> Mapping[str, str]:
        """The codes that the authenticator apps of those who help show now."""
        step = int(self.clock.now().timestamp()) // STEP
        return {key: code_at(app, step) for key, app in self._apps.items()}

    async def close(self) -> None:
        """Close the connections."""
        self._parts.passwords.close()
        await self._parts.database.close()

    async def _add_company(self) -> Organisation:
        added = NewOrganisationStore(self._parts.database, self._parts.keys)
        company = await add_organisation(
            self._parts.services, Client(operator="demo"), added, name=COMPANY, changes_wait=False
        )
        assert company is not None, "the database is fresh"
        return company

    async def let_changes_wait(self, *, wait: bool) -> None:
        """Let changes of the company's people wait for its administrator, or not."""
        services = self._parts.services
        company = await services.organisations.named(COMPANY)
        assert company is not None, "it was added at the start"
        operator, named = Client(operator="demo"), company.account_id
        await set_organisation(services, operator, named, name=COMPANY, changes_wait=wait)

    async def _newcomer(self, person: DemoPerson, number: PhoneNumber | None, company: Organisation) -> Newcomer:
        password_hash = await self._parts.passwords.hash(person.password)
        return Newcomer(
            email=EmailAddress(person.email),
            name=person.name,
            locale="de",
            number=number,
            password_hash=password_hash,
            number_is_verified=number is not None,
            organisation_id=company.account_id if person.company else None,
        )

    async def history(self) -> Sequence[Happening]:
        """Read what has happened to each account, oldest first."""
        entries = AuditEntries(self._parts.database)
        return [
            Happening(person=key, act=row["act"], subject=row["subject"], evidence=row["evidence"])
            for key, account_id in self._account_ids.items()
            for row in reversed(await entries.newest_of(account_id, ROWS))
        ]

    async def catch_up(self) -> None:
        """Do what came due while the clock was moved, as the housekeeping does every few minutes."""
        services = self._parts.services
        chores, now = Housekeeping(self._parts.database, services.rules.retention), services.clock.now()
        for account_id, change_id in await chores.due_changes(now):
            await go_on_with_change(services, account_id, change_id)
        for account_id, case_id in await chores.due_cases(now):
            await go_on_with_case(services, account_id, case_id)

    async def choose_language(self, language: str) -> Sequence[str]:
        """Make this the language of every account; the cookie makes it the language of the pages."""
        for account_id in self._account_ids.values():
            async with self._parts.services.store.work(account_id) as work:
                work.keep(work.account.choose_language(language).state)
        return [SetCookie(cookies.LANGUAGE, language, cookies.A_YEAR).header()]

    async def sign_in(self, person: DemoPerson, jar: Mapping[str, str], user_agent: str) -> Sequence[str]:
        """Open a session that was signed in to an hour ago: the Set-Cookie headers, none for a frozen account."""
        services = self._parts.services
        browser_id = jar.get(cookies.BROWSER) or services.secrets.new_id()
        zone = time_zone(unquote(jar.get(cookies.TIME_ZONE, "")), self._parts.settings.time_zone)
        client = Client(ip="127.0.0.1", browser=browser_name(user_agent), browser_id=browser_id, time_zone=zone.key)
        factor = Factor.PHONE if isinstance(person, DemoAccount) else Factor.TOTP
        ticket = (await _sign_in(services, client, self._account_ids[person.key], factor)).state
        return self._cookies_of(ticket, browser_id) if ticket else []

    def _cookies_of(self, ticket: Ticket, browser_id: str) -> list[str]:
        life = self._parts.settings.limits.session_for
        return [
            SetCookie(cookies.BROWSER, browser_id, cookies.A_YEAR).header(),
            SetCookie(cookies.SESSION, ticket.text, life).header(),
            cookies.removed(cookies.SIGN_IN).header(),
        ]


@as_visitor
async def _sign_in(act: Act, factor: Factor) -> Step[Ticket | None]:
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN)
    earlier = replace(act, now=act.now - SIGNED_IN_FOR, actor=Actor.OWNER, evidence=Evidence.demo())
    session, ticket = open_session(earlier, Proven(factor))
    act.keep(replace(session, seen_at=act.now))
    return replace(earlier, subject=session.session_id).done(ticket, Fact.SIGNED_IN)
