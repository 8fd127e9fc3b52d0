"""Housekeeping closes, forgets and purges what has ended, and nothing else."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from harness.soft_authenticator import SoftAuthenticator
from renumber.domain.messages.message import Notice
from renumber.domain.number_history import Wanted
from renumber.domain.phone_change import ChangeState
from renumber.domain.session import Ticket
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.housekeeping import ROUND_FOR, keep_house
from renumber.flows.phone_change.link import look_at_link
from renumber.flows.ports.oidc import KeptRequest
from renumber.flows.services import NOWHERE
from renumber.policies.joins import Joins
from renumber.policies.retention import PURGED_A_SECOND, Retention
from renumber.store.database.open import Statement
from renumber.store.housekeeping import HELD_FOR, PURGED_AT_ONCE, PURGES, Housekeeping
from tests.builders import NEW, OLD
from tests.flows.factors.totp import add_app
from tests.flows.oidc.endings import sign_out_here
from tests.flows.passkeys.ceremonies import add_passkey
from tests.flows.person import Browser, Person
from tests.flows.push.phone import Phone, add_phone, invite
from tests.flows.refusals.grants import ASKED, SHOP, bring, code_of
from tests.flows.world import StandingJoins, World, a_world
from tests.store.conftest import a_person
from tests.store.hands_on import change, count, everything, look

KEPT = Retention()
LISTENING = replace(SHOP, backchannel_logout_uri="https://shop.example/logout")
# Rows that a whole journey leaves, the kind of retention that ends them, and the column that says from when on.
ENDS = {
    "session": "expires_at",
    "sign_in": "expires_at",
    "challenge": "expires_at",
    "link": "expires_at",
    "phone_change": "closed_at",
    "outbox": "settled_at",
    "prompt": "expires_at",
    "device": "removed_at",
    "passkey": "removed_at",
    "app_key": "removed_at",
    "text_budget": "ends_at",
    "wait": "usable_until",
    "authorization_request": "expires_at",
    "access_token": "expires_at",
    "oauth_grant": "expires_at",
    "backchannel_logout": "due_at",
}
KINDS = dict(
    zip(
        ENDS,
        (
            *("sessions", "sign_ins", "challenges", "links", "phone_changes", "messages"),
            *("prompts", "devices", "passkeys", "totp_keys", "text_budgets", "waits"),
            *("authorization_requests", "access_tokens", "grants", "backchannel_logouts"),
        ),
        strict=True,
    )
)


async def sign_in_to_shop(erika: Person) -> None:
    """Sign in to an application, out, and in again, while another request still waits for its person."""
    erika.world.clock.move(seconds=31)
    erika.world.services = replace(erika.world.services, joins=StandingJoins(Joins((LISTENING,))))
    await bring(erika, await code_of(erika))
    await sign_out_here(erika)
    erika.world.clock.move(seconds=31)
    await bring(erika, await code_of(erika))
    await erika.prove_again()
    await erika.world.services.requests.keep(KeptRequest("r" * 32, ASKED.request, erika.world.clock.time))


async def a_journey(world: World, person: Person) -> None:
    """Change the number, while another browser waits in vain."""
    await person.reset_number()
    await person.begin_to_wait(Browser(world))
    await person.reach_new_number()
    await person.bind(NEW)


async def no_rest(_seconds: float) -> None:
    """Go on at once."""


async def tidy(world: World) -> bool:
    """One round of a process of its own, after the turn of the one before has lapsed."""
    world.clock.move(seconds=HELD_FOR.total_seconds())
    return await keep_house(world.services, Housekeeping(world.database, KEPT, rest=no_rest))


class Watched(Housekeeping):
    """Housekeeping that writes down which kinds it is asked for."""

    asked: list[str]

    async def purge(self, kind: str, now: datetime) -> bool:
        """Purge, and remember it."""
        self.asked.append(kind)
        return await super().purge(kind, now)


async def a_backlog(world: World, rows: int) -> None:
    """Leave counters whose time was over long ago, the first of them first."""
    old = Statement(text("INSERT INTO counter (counter_key, times, expires_at) VALUES (:key, '[]', :at)"))
    numbers = range(1, rows + 1)
    async with world.database.transaction() as tx:
        await tx.execute_many(old, [{"key": (rows - at).to_bytes(32, "big"), "at": at} for at in numbers])
        await tx.commit()


async def test_a_request_whose_link_ran_out_is_closed_and_the_number_stays(world: World, erika: Person) -> None:
    await erika.sign_in()
    asked = await erika.ask_for_change()

    world.clock.move(hours=23)
    await tidy(world)
    before = await world.open_change(erika.account_id)
    world.clock.move(hours=1)
    await tidy(world)

    closed = await world.services.store.find_change(erika.account_id, asked.change_id)
    assert before is not None
    assert closed is not None
    assert closed.state is ChangeState.EXPIRED
    assert (await world.account(erika.account_id)).number == OLD
    assert (await world.history(erika.account_id)).count("change_expired") == 1


async def test_nothing_that_is_in_use_is_purged(world: World, erika: Person) -> None:
    await a_journey(world, erika)
    await erika.browser.reauthenticate()
    await erika.ask_for_change()
    before = {table: await count(world, table) for table in ENDS}

    await tidy(world)

    assert {table: await count(world, table) for table in ENDS} == before


@pytest.mark.parametrize("table", ENDS)
async def test_what_ended_is_purged_after_its_time_and_not_before(world: World, erika: Person, table: str) -> None:
    await a_journey(world, erika)
    await sign_in_to_shop(erika)
    await add_app(erika)
    await add_passkey(erika, SoftAuthenticator())
    await add_phone(erika)
    await erika.browser.give_password(erika.email)  # which asks that phone
    await world.deliver()
    world.clock.move(days=9)  # past every link and session
    kept_for = getattr(KEPT, KINDS[table])
    over = round((world.clock.time - kept_for).timestamp() * 1000)
    ended = f"UPDATE {table} SET {ENDS[table]} = :at"  # noqa: S608
    await change(world, ended, at=over + HELD_FOR // timedelta(milliseconds=1))

    before = await count(world, table)
    await tidy(world)
    kept = await count(world, table)
    world.clock.move(seconds=1)
    await tidy(world)

    assert before == kept > 0
    assert await count(world, table) == 0


def test_every_kind_that_is_kept_for_a_time_is_tried_here() -> None:
    assert {each.name for each in fields(Retention)} == {
        *(*KINDS.values(), "former_numbers", "kept_answers", "waiting_devices"),
        *("events", "webhook_deliveries", "security_events"),  # in tests/store/events
        "recovery_cases",  # in tests/flows/support/test_recovery.py
        "caller_checks",  # in tests/flows/support/test_caller.py
        "counters",  # below
    }
    assert {each.name for each in fields(Retention)} == {*PURGES, "former_numbers"}


async def test_a_device_that_nobody_confirmed_goes_with_its_code(world: World, erika: Person) -> None:
    await add_phone(erika)
    await Phone(world).enrol(await invite(erika))
    world.clock.move(minutes=10)
    world.clock.move(seconds=-HELD_FOR.total_seconds())

    await tidy(world)
    at_its_end = await count(world, "device")
    await tidy(world)

    assert (at_its_end, await count(world, "device")) == (2, 1)
    assert len(await world.reads.devices(erika.account_id)) == 1


async def test_a_backlog_is_purged_in_one_round_and_makes_no_other_kind_be_looked_for_again(world: World) -> None:
    await a_backlog(world, 2 * PURGED_AT_ONCE + 1)
    chores = Watched(world.database, KEPT, rest=no_rest)
    chores.asked = []

    await keep_house(world.services, chores)

    assert await count(world, "counter") == 0
    assert chores.asked == [*chores.kinds, "counters", "counters"]


async def test_what_ended_first_is_purged_first(world: World) -> None:
    await a_backlog(world, PURGED_AT_ONCE + 5)

    await Housekeeping(world.database, KEPT, rest=no_rest).purge("counters", world.clock.time)

    left = await look(world, "SELECT expires_at FROM counter ORDER BY expires_at")
    assert [row["expires_at"] for row in left] == [PURGED_AT_ONCE + more for more in range(1, 6)]


async def test_a_backlog_is_purged_at_a_bounded_pace(world: World) -> None:
    await a_backlog(world, PURGED_AT_ONCE + 1)
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    chores = Housekeeping(world.database, KEPT, rest=rest)
    more = [await chores.purge("counters", world.clock.time) for _ in range(2)]

    assert more == [True, False]
    assert len(rests) == 1
    assert 0 <= rests[0] <= PURGED_AT_ONCE / PURGED_A_SECOND


async def test_a_long_backlog_is_left_to_the_next_round_so_that_nothing_else_waits_for_it(world: World) -> None:
    await a_backlog(world, 3 * PURGED_AT_ONCE)

    async def rest(_seconds: float) -> None:
        world.clock.move(seconds=ROUND_FOR.total_seconds())

    await keep_house(world.services, Housekeeping(world.database, KEPT, rest=rest))

    assert await count(world, "counter") == 2 * PURGED_AT_ONCE


async def test_counters_go_when_their_time_is_over(world: World, erika: Person) -> None:
    await erika.sign_in()
    during = await count(world, "counter")

    await tidy(world)
    kept = await count(world, "counter")
    world.clock.move(days=2)
    await tidy(world)

    assert during == kept > 0
    assert await count(world, "counter") == 0


async def test_one_process_at_a_time_keeps_house_and_another_takes_over_from_a_dead_one(world: World) -> None:
    one, other = Housekeeping(world.database, KEPT), Housekeeping(world.database, KEPT)

    turns = [await one.take_turn(world.clock.time), await other.take_turn(world.clock.time)]
    again = await one.take_turn(world.clock.time)
    world.clock.move(seconds=HELD_FOR.total_seconds())
    later = await other.take_turn(world.clock.time)

    assert turns == [True, False]
    assert again
    assert later
    assert not await one.take_turn(world.clock.time)


async def test_the_number_before_the_change_is_forgotten_thirty_days_after_it(world: World, erika: Person) -> None:
    await erika.change_number(NEW)

    world.clock.move(days=29, hours=23)
    await tidy(world)
    before = (await world.account(erika.account_id)).former_number
    world.clock.move(hours=1)
    await tidy(world)

    account = await world.account(erika.account_id)
    assert before == OLD
    assert account.former_number is None
    assert account.number_for_release(world.clock.time) == NEW


async def test_a_frozen_account_keeps_it_for_the_operator_who_may_bring_it_back(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    await freeze_by_operator(world.services, NOWHERE, erika.account_id, "stolen")

    world.clock.move(days=8)
    await tidy(world)

    account = await world.account(erika.account_id)
    assert account.former_number == OLD
    assert account.number_to_restore(Wanted.RECENT) == OLD


async def test_an_account_that_waits_for_its_number_keeps_the_one_before(world: World, erika: Person) -> None:
    await erika.reset_number()

    world.clock.move(days=8)
    await tidy(world)

    assert (await world.account(erika.account_id)).former_number == OLD


async def test_who_comes_back_after_their_sessions_were_purged_is_told_of_a_new_browser(
    world: World, erika: Person
) -> None:
    await erika.sign_in()
    world.clock.move(days=100)
    await tidy(world)
    assert await count(world, "session") == 0

    await erika.sign_in()

    assert len(await erika.mails(Notice.NEW_BROWSER)) == 2


async def test_an_account_that_can_not_be_read_holds_up_no_other(world: World, erika: Person) -> None:
    theo = await a_person(world, "theo@example.com")
    for person in (erika, theo):
        await person.sign_in()
        await person.ask_for_change()
    await change(world, "UPDATE account SET name = :broken WHERE account_id = :id", broken=b"x", id=erika.account_id)

    world.clock.move(hours=25)
    assert await tidy(world)

    assert "change_expired" in await world.history(theo.account_id)
    assert "change_expired" not in await world.history(erika.account_id)


async def test_a_code_that_somebody_is_renewing_just_now_is_not_purged_under_their_hands(postgresql_url: str) -> None:
    async with a_world(postgresql_url) as world:
        erika = await a_person(world, "erika@example.com")
        await erika.browser.give_password(erika.email)
        world.clock.move(days=3)

        async with world.services.store.work(erika.account_id):
            await tidy(world)
            during = await count(world, "challenge")
        await tidy(world)

        assert during == 1
        assert await count(world, "challenge") == 0


async def test_a_link_whose_row_was_purged_is_unknown_and_breaks_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    token = await erika.link()

    world.clock.move(days=200)
    for _ in range(2):
        await tidy(world)

    view = await look_at_link(world.services, token)
    pressed = await erika.browser.press(token)
    assert view.refusal == pressed.refusal == "link_unknown"
    assert isinstance(erika.browser.session, Ticket)
    assert (await everything(world))["link"] == []
