"""Every message of a whole journey: to whom, saying what, until when."""

from datetime import timedelta

from sqlalchemy import select

from renumber.domain.messages.message import Notice
from renumber.store.database.open import Statement
from renumber.store.schema import tables
from tests.builders import NEW, OLD, OTHER
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World

HISTORY = Statement(select(tables.audit))


async def test_a_whole_journey_sends_three_mails_and_tells_the_old_number_twice(erika: Person) -> None:
    await erika.change_number(NEW)

    assert [one.notice for one in await erika.mails()] == [
        Notice.NEW_BROWSER,  # of the first sign-in
        Notice.CHANGE_REQUESTED,
        Notice.NUMBER_RESET,
        Notice.NUMBER_CHANGED,
    ]
    old = [one.notice for one in await erika.texts(number=OLD)]
    assert old == [Notice.SIGN_IN_CODE, Notice.NEW_BROWSER, Notice.NUMBER_RESET, Notice.NUMBER_CHANGED]
    assert [one.notice for one in await erika.texts(number=NEW)] == [Notice.NEW_NUMBER_CODE]


async def test_every_notice_says_when_from_where_and_which_number_by_its_last_digits(
    world: World, erika: Person
) -> None:
    await erika.change_number(NEW)

    [changed] = await erika.mails(Notice.NUMBER_CHANGED)
    client = erika.browser.client
    assert changed.message.params == {
        "name": "Erika Muster",
        "at": world.clock.time.isoformat(),
        "time_zone": "Europe/Berlin",
        "browser": "Firefox on Windows",
        "ip": client.ip,
        "number": OLD.masked,
        "new_number": NEW.masked,
        "hold_until": (world.clock.time + timedelta(hours=72)).isoformat(),
    }


async def test_no_message_carries_a_number_or_an_address_in_its_words(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    await erika.choose_password("vurmix gapolde 27")

    await world.deliver()
    for received in world.received:
        words = " ".join(received.message.params.values())
        assert not [secret for secret in (OLD.e164, NEW.e164, erika.email) if secret in words], received.notice


async def test_the_history_holds_no_number_address_code_or_token(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    await erika.choose_password("vurmix gapolde 27")
    await world.deliver()
    secrets = (
        {one.code for one in world.received}
        | {one.action for one in world.received}
        | {one.stop for one in world.received}
    )
    secrets |= {OLD.e164[1:], NEW.e164[1:], erika.email, erika.browser.client.ip, erika.browser.reset_token}

    rows = await world.database.fetch(HISTORY)

    written = " ".join(str(row[name]) for row in rows for name in ("subject", "evidence", "act", "actor"))
    assert not [secret for secret in secrets - {""} if secret in written]


async def test_the_old_number_is_told_also_when_the_new_one_comes_weeks_later(world: World, erika: Person) -> None:
    await erika.reset_number()
    world.clock.move(days=20)

    await erika.reach_new_number()
    await erika.bind(NEW)

    assert len(await erika.texts(Notice.NUMBER_CHANGED, number=OLD)) == 1


async def test_a_thief_who_changes_the_number_twice_hides_neither_change_from_the_oldest(
    world: World, erika: Person
) -> None:
    await erika.change_number(OTHER)
    world.clock.move(days=1)
    await erika.change_number(NEW)

    told = [one.notice for one in await erika.texts(number=OLD)]
    assert told.count(Notice.NUMBER_RESET) == 2
    assert told.count(Notice.NUMBER_CHANGED) == 2


async def test_codes_and_links_are_worth_sending_as_long_as_they_work_and_notices_for_days(
    world: World, erika: Person
) -> None:
    start = world.clock.time
    await erika.change_number(NEW)
    await world.deliver()

    until = {one.notice: (one.message.expires_at or start) - start for one in world.received}

    assert until[Notice.SIGN_IN_CODE] == timedelta(minutes=10)
    assert until[Notice.CHANGE_REQUESTED] == timedelta(hours=24)
    assert until[Notice.NUMBER_RESET] == timedelta(days=3)


async def test_mailbox_and_phone_are_told_of_a_new_password_also_after_the_reset(erika: Person) -> None:
    await erika.reset_number()

    await erika.choose_password("vurmix gapolde 27")

    assert len(await erika.mails(Notice.PASSWORD_CHANGED)) == 1
    assert len(await erika.texts(Notice.PASSWORD_CHANGED, number=OLD)) == 1


async def test_nobody_else_is_told_anything(world: World, erika: Person) -> None:
    other = await a_person(world, "other@example.com", OTHER)
    await erika.change_number(NEW)
    await erika.sign_in(Browser(world))

    assert await other.mails() == []
    assert await other.texts() == []
