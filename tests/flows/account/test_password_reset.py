"""A forgotten password: a link by mail, which never stands in for the second factor."""

import pytest

from renumber.domain.account import NOBODY
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.password_reset import choose_password, forget_password, look_at_password_link
from renumber.flows.account.release import release_by_operator
from renumber.flows.phone_change.link import look_at_link
from tests.builders import OLD
from tests.flows.person import PASSWORD, Browser, Person
from tests.flows.slow_passwords import let_happen
from tests.flows.world import World

WORDS = "vurmix gapolde 27"


async def choose(world: World, token: str, password: str = WORDS) -> Refusal | None:
    return (await choose_password(world.services, Browser(world).client, token, password=password)).refusal


async def forget(world: World, email: str) -> None:
    await forget_password(world.services, Browser(world).client, EmailAddress(email))


async def freeze_account(world: World, erika: Person) -> None:
    await freeze_by_operator(world.services, Browser(world).client, erika.account_id, "a call")


async def test_the_link_sets_a_new_password_and_the_old_one_is_gone(world: World, erika: Person) -> None:
    link = await erika.forget_password()
    assert await look_at_password_link(world.services, link) is None

    assert await choose(world, link) is None

    assert (await erika.browser.give_password(erika.email, PASSWORD)).refusal is Refusal.WRONG_CREDENTIALS
    assert (await erika.browser.give_password(erika.email, WORDS)).state is SignInState.AWAITING_FACTOR


async def test_a_link_that_was_used_or_ended_while_the_password_was_hashed_sets_none(
    world: World, erika: Person
) -> None:
    link = await erika.forget_password()
    let_happen(world, lambda: choose(world, link, "another of the same link"))
    assert await choose(world, link) is Refusal.LINK_USED

    link = await erika.forget_password()
    let_happen(world, lambda: freeze_account(world, erika))
    assert await choose(world, link) is Refusal.ACCOUNT_FROZEN

    assert (await erika.browser.give_password(erika.email, WORDS)).refusal is Refusal.WRONG_CREDENTIALS


async def test_a_new_password_ends_every_session_and_is_told_everywhere(world: World, erika: Person) -> None:
    await erika.sign_in()

    await choose(world, await erika.forget_password())

    assert not await erika.browser.is_signed_in()
    assert len(await erika.mails(Notice.PASSWORD_CHANGED)) == 1
    assert len(await erika.texts(Notice.PASSWORD_CHANGED)) == 1


async def test_a_sign_in_that_was_under_way_ends_too(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)

    await choose(world, await erika.forget_password())

    assert await erika.browser.state() is None


async def test_an_unknown_address_is_answered_alike_and_gets_nothing(world: World, erika: Person) -> None:
    await forget(world, "nobody@example.com")

    assert await world.deliver() == []
    assert await world.history(NOBODY) == ["refused:wrong_credentials"]


async def test_a_link_works_once(world: World, erika: Person) -> None:
    link = await erika.forget_password()
    await choose(world, link)

    assert await choose(world, link, "another vurmix 28") is Refusal.LINK_USED
    assert await look_at_password_link(world.services, link) is Refusal.LINK_USED


async def test_a_newer_link_ends_the_older(world: World, erika: Person) -> None:
    older = await erika.forget_password()
    newer = await erika.forget_password()

    assert await choose(world, older) is Refusal.LINK_REPLACED
    assert await choose(world, newer) is None


async def test_a_link_works_for_an_hour(world: World, erika: Person) -> None:
    link = await erika.forget_password()
    world.clock.move(minutes=59, seconds=59)
    assert await look_at_password_link(world.services, link) is None
    world.clock.move(seconds=1)

    assert await choose(world, link) is Refusal.LINK_EXPIRED


async def test_an_unknown_link_and_the_link_of_a_change_set_no_password(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()

    for token in ("A" * 22, await erika.link(), (await erika.mails(Notice.CHANGE_REQUESTED))[-1].stop):
        assert await choose(world, token) is Refusal.LINK_UNKNOWN
        assert await look_at_password_link(world.services, token) is Refusal.LINK_UNKNOWN


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", Refusal.PASSWORD_TOO_SHORT),
        ("x" * 129, Refusal.PASSWORD_TOO_LONG),
        ("password1", Refusal.PASSWORD_TOO_COMMON),
        ("erika@example.com1", Refusal.PASSWORD_TOO_COMMON),
        ("Example Card 12", Refusal.PASSWORD_TOO_COMMON),
    ],
)
async def test_a_bad_password_is_refused_and_the_link_stays_good(
    world: World, erika: Person, password: str, refusal: Refusal
) -> None:
    link = await erika.forget_password()

    assert await choose(world, link, password) is refusal

    assert await choose(world, link) is None


async def test_a_new_password_cancels_a_request_whose_link_still_waits(world: World, erika: Person) -> None:
    await erika.sign_in()
    change = await erika.ask_for_change()
    link = await erika.link()

    await erika.choose_password(WORDS)

    found = await world.services.store.find_change(erika.account_id, change.change_id)
    assert found
    assert found.state is ChangeState.CANCELLED
    assert (await Browser(world).press(link)).refusal is Refusal.LINK_CANCELLED
    assert (await world.account(erika.account_id)).number == OLD


async def test_a_new_password_leaves_a_change_after_its_reset_open(world: World, erika: Person) -> None:
    await erika.reset_number()

    await erika.choose_password(WORDS)

    change = await world.open_change(erika.account_id)
    assert change
    assert change.awaits_number


async def test_a_frozen_account_gets_a_link_that_begins_its_release_instead(world: World, erika: Person) -> None:
    link = await erika.forget_password()
    await freeze_account(world, erika)

    await forget(world, erika.email)

    assert len(await erika.mails(Notice.PASSWORD_LINK)) == 1
    [told] = await erika.mails(Notice.PASSWORD_LINK_FROZEN)
    assert (told.action != "", told.stop) == (True, "")
    assert await choose(world, told.action) is Refusal.LINK_UNKNOWN
    assert await choose(world, link) is Refusal.ACCOUNT_FROZEN


async def test_a_freeze_ends_a_link_for_good(world: World, erika: Person) -> None:
    link = await erika.forget_password()
    client = erika.browser.client
    await freeze_by_operator(world.services, client, erika.account_id, "a call")
    await release_by_operator(world.services, client, erika.account_id, "a call", wanted=Wanted.PRESENT)

    assert await choose(world, link) is Refusal.LINK_REPLACED


async def test_five_mails_in_ten_minutes(world: World, erika: Person) -> None:
    for _ in range(7):
        await forget(world, erika.email)

    assert len(await erika.mails(Notice.PASSWORD_LINK)) == 5
    assert (await world.history(erika.account_id)).count("refused:send_limit_reached") == 1  # the other is counted


async def test_one_address_causes_twenty_mails_an_hour_whether_there_are_such_accounts_or_not(
    world: World, erika: Person
) -> None:
    client = Browser(world).client
    for count in range(20):
        await forget_password(world.services, client, EmailAddress(f"nobody{count}@example.com"))

    await forget_password(world.services, client, EmailAddress(erika.email))

    assert await erika.mails() == []
    await forget(world, erika.email)
    assert len(await erika.mails(Notice.PASSWORD_LINK)) == 1


async def test_the_password_of_a_reader_of_mail_still_needs_the_phone(world: World, erika: Person) -> None:
    await choose(world, await erika.forget_password())
    thief = Browser(world)

    assert (await thief.give_password(erika.email, WORDS)).state is SignInState.AWAITING_FACTOR
    assert (await look_at_link(world.services, "A" * 22)).refusal is Refusal.LINK_UNKNOWN
    assert await world.live_sessions(erika.account_id) == []
    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 0
