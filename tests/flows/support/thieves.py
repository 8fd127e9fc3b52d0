"""Thieves who have people at customer relations on their side: at every hour they try all that they can."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.sign_in import SignInState
from renumber.domain.support.case_evidence import EvidenceKind
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password
from renumber.flows.housekeeping import keep_house
from renumber.flows.organisations.answers import Answer
from renumber.flows.phone_change.request import request_change
from renumber.flows.support.caller.ask import ask_caller
from renumber.flows.support.caller.opening import number_of
from renumber.flows.support.cases import add_evidence, approve_case, open_case, submit_case
from renumber.flows.support.own_request import confirm_request, request_recovery
from renumber.flows.support.recover import press_recovery_link
from renumber.policies.notices import CODE_NOTICE
from renumber.policies.support.caller import CALLER_METHODS
from tests.flows.organisations.company import Company, a_company, says, vouches
from tests.flows.person import Browser, Person, a_person
from tests.flows.support.callers import Caller
from tests.flows.support.staff import Colleague
from tests.flows.world import Received, World

# Since the beginning; what needs another move before comes in a later round of the same time.
HOURS = (0, 0, 1, 24, 71, 73, 73, 73, 74, 145, 145, 145, 146)
people = count(1)


class Has(StrEnum):
    """Something that thieves have got hold of."""

    AGENT = "agent"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "company administrator"
    PASSWORD = "password"
    MAILBOX = "mailbox"
    OLD_SIM = "old_sim"


@dataclass
class Thieves:
    """Those who want somebody's account, with all that they have."""

    world: World
    has: frozenset[Has]
    erika: Person
    agent: Colleague
    reviewer: Colleague
    browser: Browser
    own: PhoneNumber
    taken_at: datetime | None = None
    taken_by: int | None = None
    renews_after: timedelta = timedelta()
    administrator: Person | None = None
    company: Company | None = None
    by_case: bool = False
    password: str = field(init=False)
    begun: datetime = field(init=False)
    knows_password: bool = field(init=False)

    def __post_init__(self) -> None:
        self.password, self.knows_password = self.erika.password, Has.PASSWORD in self.has

    def moves(self) -> list[Callable[[], Awaitable[object]]]:
        """All that they can do at any time; whoever is frozen out or refused tries again later."""
        agent, reviewer, erika = self.agent, self.reviewer, self.erika
        of_agent = [
            lambda: agent.do(open_case, erika),
            *(lambda kind=kind: agent.do(add_evidence, erika, kind) for kind in EvidenceKind),
            lambda: agent.do(submit_case, erika),
            lambda: agent.do(approve_case, erika),
            self.call,
        ]
        of_reviewer = [lambda: reviewer.do(approve_case, erika)]
        of_mailbox = [self.renew_password, self.confirm_request, self.press_recovery_link, self.press_change_link]
        of_password = [self.give_password, self.ask_for_recovery, self.type_code, self.ask_for_change, self.enter_own]
        return [
            *(of_agent if Has.AGENT in self.has else []),
            *(of_reviewer if Has.REVIEWER in self.has else []),
            *([self.vouch, self.confirm_change] if Has.ADMINISTRATOR in self.has else []),
            *(of_mailbox if Has.MAILBOX in self.has else []),
            *of_password,
        ]

    async def vouch(self) -> None:
        """Say for the company that whoever asks for recovery is a colleague."""
        administrator = await self.at_company()
        for case in (await self.company.page()).cases if self.company else ():
            await vouches(administrator, Answer.YES, self.erika, case.case_id)

    async def confirm_change(self) -> None:
        """Confirm for the company whatever waits."""
        change = await self.world.open_change(self.erika.account_id)
        if change:
            await says(await self.at_company(), Answer.YES, change)

    async def at_company(self) -> Person:
        """The administrator of theirs, signed in."""
        assert self.administrator
        assert self.company
        if not await self.administrator.browser.is_signed_in():
            await self.company.sign_in(self.administrator)
        await self.administrator.prove_again()
        return self.administrator

    async def mail(self, notice: Notice) -> str:
        """The newest link of this kind in the mailbox; one that never was, if there is none."""
        mails = await self.erika.mails(notice)
        return mails[-1].action if mails else "x" * 22

    async def renew_password(self) -> None:
        """Have a link sent to the mailbox, and choose a password with it."""
        patient = self.world.clock.time - self.begun < self.renews_after
        token = "" if self.knows_password or patient else await self.erika.forget_password()
        step = await choose_password(self.world.services, self.browser.client, token, password="something they chose")
        if token and step.refusal is None:
            self.password, self.knows_password = "something they chose", True

    async def confirm_request(self) -> None:
        await confirm_request(self.world.services, self.browser.client, await self.mail(Notice.RECOVERY_REQUEST))

    async def press_recovery_link(self) -> None:
        token = await self.mail(Notice.RECOVERY_LINK)
        step = await press_recovery_link(self.world.services, self.browser.client, token)
        if step.state and step.state.token:
            self.browser.reset_token = step.state.token

    async def press_change_link(self) -> None:
        await self.browser.press(await self.mail(Notice.CHANGE_REQUESTED))

    async def give_password(self) -> None:
        """Begin to sign in, unless they are within already or on a step that leads on."""
        if self.knows_password and await self.browser.state() in (None, SignInState.AWAITING_FACTOR):
            await self.browser.give_password(self.erika.email, self.password)
            await self.browser.choose(Factor.PHONE) if self.browser.sign_in else None

    async def ask_for_recovery(self) -> None:
        if self.browser.sign_in:
            await request_recovery(self.world.services, self.browser.client, self.browser.begun)

    async def ask_for_change(self) -> None:
        if self.browser.session:
            await request_change(self.world.services, self.browser.client, self.browser.session)

    async def enter_own(self) -> None:
        if await self.browser.state() is SignInState.AWAITING_NEW_NUMBER:
            await self.browser.enter_number(self.own)

    async def call(self) -> None:
        """Call the agent, who asks for a check and reads the number out; prove it with what is theirs, else guess."""
        step = await self.agent.do(ask_caller, self.erika)
        if step.state is None:
            return
        caller = Caller(self.world, self.browser.client)
        await caller.type_number(number_of(self.world.services, step.state))
        for method in CALLER_METHODS:
            await caller.choose(method)
            sent = await self.erika.texts(Notice.CALLER_CODE) if Has.OLD_SIM in self.has else []
            for _ in range(0 if method is Factor.PUSH else 2):
                await caller.answer(sent[-1].code if sent else "000000")

    async def type_code(self) -> None:
        """Type the newest code that came to something of theirs."""
        state = await self.browser.state()
        purpose, to = {
            SignInState.AWAITING_FACTOR: (CodePurpose.SIGN_IN, Has.OLD_SIM),
            SignInState.AWAITING_MAILBOX: (CodePurpose.MAILBOX, Has.MAILBOX),
            SignInState.AWAITING_NEW_NUMBER: (CodePurpose.NEW_NUMBER, None),
        }.get(state or SignInState.ENDED, (None, None))
        if purpose and (to is None or to in self.has):
            await self.world.deliver()
            notice, account_id = CODE_NOTICE[purpose][0], self.erika.account_id
            own = [one for one in self.world.received if one.message.account_id == account_id and one.code]
            codes = [one.code for one in own if one.notice is notice]
            await self.browser.type_code(codes[-1] if codes else "000000")

    async def go(self, seed: int, *, stop: Channel | None = None, before: int | None = None) -> None:
        """Try everything at each hour; the owner presses the newest stop link of a channel before one of the moves."""
        self.begun, order, number = self.world.clock.time, random.Random(seed), 0  # noqa: S311 - an order, not a secret
        for hours in HOURS:
            self.world.clock.time = self.begun + timedelta(hours=hours)
            await keep_house(self.world.services, self.world.chores)
            moves = self.moves()
            order.shuffle(moves)
            for move in moves:
                number += 1
                if number == before and stop:
                    await self.owner_stops(stop)
                await move()
                await self._look(number)

    async def owner_stops(self, channel: Channel) -> None:
        """Press "This wasn't me" in the newest message of this channel."""
        told = [one for one in await self.told(channel) if one.stop]
        assert told, f"nothing that could be stopped came by {channel}"
        await freeze_by_link(self.world.services, Browser(self.world).client, told[-1].stop)

    async def told(self, channel: Channel) -> list[Received]:
        """All that the owner got over a channel, oldest first."""
        return await (self.erika.mails() if channel is Channel.EMAIL else self.erika.texts())

    async def _look(self, number: int) -> None:
        account = await self.world.account(self.erika.account_id)
        if self.taken_at is None and account.number == self.own:
            self.taken_at, self.taken_by = self.world.clock.time, number
            self.by_case = "case_completed" in await self.world.history(self.erika.account_id)

    async def breaches(self, waits: timedelta) -> list[str]:
        """Say what was wrong with how the account was taken, if it was."""
        if self.taken_at is None:
            return []
        found = []
        for channel in (Channel.EMAIL, Channel.SMS):
            stoppable = [one.message for one in await self.told(channel) if one.stop]
            early = [one.created_at for one in stoppable if one.created_at <= self.taken_at]
            waiting = [one.created_at for one in stoppable if one.notice is Notice.CASE_WAITING]
            if not early:
                found.append(f"{channel} was told of nothing")
            if self.by_case and (not waiting or self.taken_at - waiting[0] < waits):
                found.append(f"{channel} was told too late of the case")
            approved = await self.told(Channel.EMAIL)
            begun = [one.message.created_at for one in approved if one.notice is Notice.CASE_WAITING]
            if self.by_case and waiting[:1] != begun[:1]:
                found.append(f"{channel} was told later than the mailbox")
        return found


async def some_thieves(
    world: World, staff: tuple[Colleague, Colleague], has: frozenset[Has], renews_after: int = 0
) -> Thieves:
    """Thieves with all this, after an account of its own, who renew its password by mail after so many hours."""
    number = next(people)
    erika = await a_person(world, f"owner-{number}@example.com", PhoneNumber(f"+49171394{number:04}"))
    own, after = PhoneNumber(f"+49171395{number:04}"), timedelta(hours=renews_after)
    thieves = Thieves(world, has, erika, *staff, browser=Browser(world), own=own, renews_after=after)
    if Has.ADMINISTRATOR in has:
        thieves.company = await a_company(world)
        thieves.administrator = await thieves.company.administrator()
        await thieves.company.member(erika)
    return thieves
