"""A new account without a password: its owner chooses it by a link that expires, and rests on the mailbox."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.invite import invite, invite_new
from renumber.flows.account.password_reset import choose_password, forget_password, look_at_password_link
from tests.builders import OLD
from tests.flows.person import Browser, Person
from tests.flows.world import World

EMAIL, WORDS = "new@example.com", "vurmix gapolde 27"
every_number = pytest.mark.parametrize("number", [None, OLD], ids=["no number", "a number"])


async def an_invited_person(world: World, number: PhoneNumber | None = OLD) -> Person:
    account_id = await world.enter(EMAIL, "", number)
    await invite_new(world.services, Browser(world).client, EmailAddress(EMAIL))
    return Person(world, account_id, EMAIL, number)


async def choose(person: Person, token: str) -> Refusal | None:
    world = person.world
    return (await choose_password(world.services, Browser(world).client, token, password=WORDS)).refusal


async def link_of(person: Person) -> str:
    return (await person.mails(Notice.ACTIVATION_LINK))[-1].action


@pytest.mark.parametrize("password", ["", " ", WORDS, "correct horse battery"])
async def test_before_that_no_password_is_right(world: World, password: str) -> None:
    person = await an_invited_person(world)

    assert (await person.browser.give_password(EMAIL, password)).refusal is Refusal.WRONG_CREDENTIALS


async def test_the_link_sets_the_password_and_the_number_still_confirms(world: World) -> None:
    person = await an_invited_person(world)

    assert await choose(person, await link_of(person)) is None

    person.password = WORDS
    await person.sign_in()
    assert await person.browser.is_signed_in()


@every_number
async def test_the_password_rests_on_the_mailbox(world: World, number: PhoneNumber | None) -> None:
    person = await an_invited_person(world, number)

    await choose(person, await link_of(person))

    assert (await world.account(person.account_id)).password_rests_on_mailbox


async def test_the_mailbox_alone_takes_no_account_without_a_number(world: World) -> None:
    """The one mailbox counts once: its code leads to a wait of which every channel is told, and not to a number."""
    person = await an_invited_person(world, None)
    await choose(person, await link_of(person))

    await person.browser.give_password(EMAIL, WORDS)
    proven = await person.browser.type_code(await person.code(CodePurpose.MAILBOX))

    assert proven.state is SignInState.WAITING
    assert not await person.browser.is_signed_in()


async def test_the_mailbox_alone_takes_no_account_with_a_number(world: World) -> None:
    person = await an_invited_person(world)
    await choose(person, await link_of(person))

    begun = await person.browser.give_password(EMAIL, WORDS)

    assert begun.state is SignInState.AWAITING_FACTOR
    assert not await person.mails(Notice.MAILBOX_CODE)


async def test_it_works_for_a_week_and_then_says_so(world: World) -> None:
    person = await an_invited_person(world)
    token = await link_of(person)

    world.clock.move(days=7, seconds=-1)
    before = await look_at_password_link(world.services, token)
    world.clock.move(seconds=1)

    assert before is None
    assert await choose(person, token) is Refusal.LINK_EXPIRED


async def test_it_works_once(world: World) -> None:
    person = await an_invited_person(world)
    token = await link_of(person)

    assert await choose(person, token) is None
    assert await choose(person, token) is Refusal.LINK_USED


async def test_a_newer_one_ends_the_older(world: World) -> None:
    person = await an_invited_person(world)
    older = await link_of(person)

    await invite(world.services, Browser(world).client, person.account_id)

    assert await choose(person, older) is Refusal.LINK_REPLACED
    assert await choose(person, await link_of(person)) is None


async def test_a_freeze_ends_it(world: World) -> None:
    person = await an_invited_person(world)
    await freeze_by_operator(world.services, Browser(world).client, person.account_id, "a call")

    assert await choose(person, await link_of(person)) is Refusal.ACCOUNT_FROZEN


async def test_to_invite_again_by_repeating_an_import_sends_nothing_twice(world: World) -> None:
    person = await an_invited_person(world)

    await invite_new(world.services, Browser(world).client, EmailAddress(EMAIL))

    assert len(await person.mails(Notice.ACTIVATION_LINK)) == 1
    assert (await world.history(person.account_id)).count(Fact.ACTIVATION_LINK_SENT) == 1


async def test_who_forgot_what_was_never_chosen_gets_the_same_mail_for_as_long_as_any_other_link(world: World) -> None:
    person = await an_invited_person(world)

    await forget_password(world.services, Browser(world).client, EmailAddress(EMAIL))
    token = await link_of(person)
    world.clock.move(hours=1)

    assert await person.mails(Notice.PASSWORD_LINK) == []
    assert await look_at_password_link(world.services, token) is Refusal.LINK_EXPIRED
