"""Strangers can't grow a history for ever: what is refused again within the hour is counted (SECURITY 49)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from renumber.crypto import CorruptSecret
from renumber.domain.account import NOBODY
from renumber.domain.email_address import EmailAddress
from renumber.domain.session import Ticket
from renumber.flows.account.erase import erase_account
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password, forget_password
from renumber.flows.factors.suspended import restore_mailbox
from renumber.flows.passkeys.prove import sign_in_with_passkey
from renumber.flows.phone_change.link import press_link
from renumber.flows.push.enrol import enrol_device
from renumber.flows.sessions import sign_out
from renumber.flows.sign_in.prove import prove_factor
from renumber.policies.audit.retention import HistoryRetention
from renumber.policies.limits import Limits
from renumber.store.audit.upkeep import HistoryUpkeep
from renumber.store.audit.verify import AuditVerifier
from renumber.store.database.open import Statement
from renumber.store.erasure import AccountErasure
from renumber.store.schema import tables
from tests.builders import CODE
from tests.flows.person import PASSWORD, Person, a_person
from tests.flows.push.phone import Phone
from tests.flows.world import World

POSTS = 60
NOBODYS_TOKEN = "A" * 22
LIMITS = Limits()
Post = Callable[[Person, str], Awaitable[Any]]


def _link(act: Callable[..., Awaitable[Any]], *given: Any, **named: Any) -> Post:
    return lambda erika, _: act(erika.world.services, erika.browser.client, NOBODYS_TOKEN, *given, **named)


async def _wrong_password(erika: Person, address: str) -> None:
    await erika.browser.give_password(address, "not the password")


async def _forgotten(erika: Person, address: str) -> None:
    await forget_password(erika.world.services, erika.browser.client, EmailAddress(address))


async def _passkey(erika: Person, _: str) -> None:
    await sign_in_with_passkey(erika.world.services, erika.browser.client, "no answer")


async def _invitation(erika: Person, _: str) -> None:
    candidate = Phone(erika.world).candidate(NOBODYS_TOKEN)
    await enrol_device(erika.world.services, erika.browser.client, NOBODYS_TOKEN, candidate)


async def _cookie(erika: Person, _: str) -> None:
    await sign_out(erika.world.services, erika.browser.client, Ticket(erika.account_id, "0" * 32, "0" * 32))


async def _half_cookie(erika: Person, _: str) -> None:
    ticket = Ticket(erika.account_id, "0" * 32, "0" * 32)
    await prove_factor(erika.world.services, erika.browser.client, ticket, CODE)


# Whatever somebody can post who has shown nothing, and how many guesses of it the limits let through.
POSTED: dict[str, tuple[Post, int]] = {
    "wrong password": (_wrong_password, LIMITS.free_sign_in_failures),
    "forgotten password": (_forgotten, LIMITS.sends_per_window),
    "passkey": (_passkey, LIMITS.free_ip_failures),
    "link of a change": (_link(press_link), 0),
    "link that stops": (_link(freeze_by_link), 0),
    "link to the mailbox": (_link(restore_mailbox), 0),
    "link for a password": (_link(choose_password, password=PASSWORD), 0),
    "invitation of a device": (_invitation, 0),
    "cookie of a session": (_cookie, 0),
    "cookie of a sign-in": (_half_cookie, 0),
}

COUNTING = Statement(select(tables.account.c.account_id).where(tables.account.c.refusals_until.is_not(None)))


async def rows_of(world: World) -> int:
    """How long all histories are together."""
    return len(await world.database.fetch(Statement(select(tables.audit.c.seq))))


async def is_in_order(world: World) -> bool:
    """Verify the whole history."""
    verifier = AuditVerifier(world.database, world.keys, CorruptSecret, clock=world.clock)
    return not [each async for each in verifier.chains(lambda _: None)]


def upkeep(world: World) -> HistoryUpkeep:
    """The upkeep of the history, as the housekeeping does it."""
    return HistoryUpkeep(world.database, world.keys, HistoryRetention(strangers=timedelta(days=30)))


@pytest.mark.parametrize("address", ["erika@example.com", "nobody@example.com"])
@pytest.mark.parametrize("kind", POSTED)
async def test_what_a_stranger_posts_again_and_again_adds_one_row_of_its_kind(
    either_world: World, kind: str, address: str
) -> None:
    erika = await a_person(either_world)
    (post, guesses), before = POSTED[kind], await rows_of(either_world)

    for _ in range(POSTS):
        await post(erika, address)

    assert 0 < await rows_of(either_world) - before <= guesses + 1
    assert await is_in_order(either_world)


async def test_all_of_it_together_adds_a_row_for_each_kind_and_one_count_to_each_history_that_it_went_to(
    either_world: World,
) -> None:
    erika = await a_person(either_world)
    before = await rows_of(either_world)

    for _ in range(POSTS):
        for post, _ in POSTED.values():
            await post(erika, erika.email)
    in_the_hour = await rows_of(either_world) - before
    counting = [row["account_id"] for row in await either_world.database.fetch(COUNTING)]
    either_world.clock.move(hours=1)
    await upkeep(either_world).keep(either_world.clock.time)
    counts = [(await either_world.history(whose))[-1] for whose in (erika.account_id, NOBODY)]
    await upkeep(either_world).keep(either_world.clock.time)

    assert in_the_hour <= sum(guesses for _, guesses in POSTED.values()) + len(POSTED)
    assert counts == ["refusals_counted"] * 2
    assert erika.account_id in counting
    assert await rows_of(either_world) - before == in_the_hour + len(counting)
    assert await is_in_order(either_world)


async def test_the_count_is_written_before_whatever_is_written_next(world: World, erika: Person) -> None:
    for _ in range(8):
        await forget_password(world.services, erika.browser.client, EmailAddress(erika.email))
    world.clock.move(hours=1)

    await erika.sign_in()
    await upkeep(world).keep(world.clock.time)

    history = await world.history(erika.account_id)
    refused = history.index("refused:send_limit_reached")
    assert history[refused + 1 : refused + 3] == ["refusals_counted", "sign_in_started"]
    assert history.count("refusals_counted") == 1
    assert await is_in_order(world)


async def test_who_is_refused_again_in_the_next_hour_has_a_row_again(world: World, erika: Person) -> None:
    for _ in range(2):
        for _ in range(5):
            await press_link(world.services, erika.browser.client, NOBODYS_TOKEN)
        world.clock.move(hours=1)
    await upkeep(world).keep(world.clock.time)

    assert await world.history(NOBODY) == ["refused:link_unknown", "refusals_counted"] * 2


async def test_what_was_counted_of_somebody_who_is_erased_is_written_before(world: World, erika: Person) -> None:
    for _ in range(3):
        await _cookie(erika, "")

    await erase_account(
        AccountErasure(world.database, world.keys), erika.account_id, world.clock.time, joins=world.services.joins
    )

    assert (await world.history(erika.account_id))[-3:] == [
        "refused:session_unknown",
        "refusals_counted",
        "account_erased",
    ]
    assert await is_in_order(world)
