"""A number that an operator entered, and of which nobody has shown possession here."""

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.sign_in import SignInState
from tests.builders import OLD
from tests.flows.person import PASSWORD, Person
from tests.flows.world import World, with_rules

EMAIL = "imported@example.com"


async def an_imported_person(world: World, *, verified: bool = False) -> Person:
    account_id = await world.enter(EMAIL, PASSWORD, OLD, number_is_verified=verified)
    return Person(world, account_id, EMAIL, OLD)


async def is_unproven(person: Person) -> bool:
    return (await person.world.account(person.account_id)).numbers.is_unproven


async def test_the_first_sign_in_with_it_proves_it_and_tells_the_mailbox_with_a_way_to_stop_it(world: World) -> None:
    person = await an_imported_person(world)
    assert await is_unproven(person)

    await person.sign_in()

    [told] = await person.mails(Notice.NUMBER_PROVEN)
    assert told.stop
    assert not await is_unproven(person)
    assert Fact.NUMBER_PROVEN in await world.history(person.account_id)


async def test_it_is_told_once(world: World) -> None:
    person = await an_imported_person(world)

    await person.sign_in()
    await person.sign_in()

    assert len(await person.mails(Notice.NUMBER_PROVEN)) == 1


async def test_a_wrong_code_proves_nothing(world: World) -> None:
    person = await an_imported_person(world)

    await person.browser.give_password(EMAIL)
    await person.browser.type_code("000000")

    assert await is_unproven(person)


async def test_a_verified_one_is_like_any_other(world: World) -> None:
    world.services = with_rules(world.services, prove_imported_numbers=True)
    person = await an_imported_person(world, verified=True)

    await person.sign_in()

    assert await person.mails(Notice.NUMBER_PROVEN) == []


async def test_a_changed_number_is_proven_by_its_own_code(world: World) -> None:
    person = await an_imported_person(world)
    await person.reset_number()

    assert not await is_unproven(person)


async def test_where_it_must_be_proven_first_the_mailbox_comes_before_its_first_code(world: World) -> None:
    world.services = with_rules(world.services, prove_imported_numbers=True)
    person = await an_imported_person(world)

    begun = await person.browser.give_password(EMAIL)
    before = await person.texts()
    by_mail = await person.browser.type_code(await person.code(CodePurpose.MAILBOX))
    by_text = await person.browser.type_code(await person.code(CodePurpose.SIGN_IN))

    assert (begun.state, before) == (SignInState.AWAITING_MAILBOX, [])
    assert by_mail.state is SignInState.AWAITING_FACTOR
    assert by_text.signed_in
    assert not await is_unproven(person)


async def test_where_it_must_be_proven_first_choosing_the_phone_goes_round_nothing(world: World) -> None:
    world.services = with_rules(world.services, prove_imported_numbers=True)
    person = await an_imported_person(world)
    await person.browser.give_password(EMAIL)

    chosen = await person.browser.choose(Factor.PHONE)

    assert chosen.state is SignInState.AWAITING_MAILBOX
    assert await person.texts() == []


async def test_from_then_on_the_mailbox_is_asked_no_more(world: World) -> None:
    world.services = with_rules(world.services, prove_imported_numbers=True)
    person = await an_imported_person(world)
    await person.browser.give_password(EMAIL)
    await person.browser.type_code(await person.code(CodePurpose.MAILBOX))
    await person.browser.type_code(await person.code(CodePurpose.SIGN_IN))

    await person.sign_in()

    assert await person.browser.is_signed_in()
