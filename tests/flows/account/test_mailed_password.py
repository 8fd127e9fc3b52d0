"""A password that was chosen by mail rests on the mailbox, however long ago, until a second factor has joined it."""

import pytest

from harness.soft_authenticator import SoftAuthenticator
from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.release import begin_release
from tests.builders import NEW, OLD
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.passkeys.ceremonies import asked_alone, sign_in_alone, with_passkey
from tests.flows.person import Browser, Person
from tests.flows.world import World

WORDS = "vurmix gapolde 27"


async def reset_by_passkey(erika: Person, authenticator: SoftAuthenticator) -> None:
    """Ask for a change in a session that a passkey alone has opened; somebody else's browser presses the link."""
    answer = authenticator.sign(asked_alone(erika.browser))
    assert (await sign_in_alone(erika.browser, answer)).signed_in
    await erika.ask_for_change()


@pytest.mark.parametrize("presses", [True, False])
async def test_a_mailbox_alone_takes_nothing_from_who_signs_in_with_a_passkey(
    world: World, erika: Person, *, presses: bool
) -> None:
    """Its reader renewed the password weeks ago; the owner, who never types it, asks for a change in good faith."""
    authenticator = await with_passkey(erika)
    await erika.choose_password("the thief's own words")
    world.clock.move(days=20)
    await reset_by_passkey(erika, authenticator)
    thief = Browser(world)
    assert (await (thief if presses else erika.browser).press(await erika.link())).refusal is None
    await thief.give_password(erika.email, "the thief's own words")

    result = await thief.choose(Factor.PHONE)

    assert result.refusal is Refusal.NEEDS_ASKING_BROWSER
    assert await thief.state() is SignInState.AWAITING_FACTOR
    assert await erika.mails(Notice.MAILBOX_CODE) == []


async def test_given_together_with_a_second_factor_it_is_the_owner_s(world: World, erika: Person) -> None:
    await erika.choose_password(WORDS)
    world.clock.move(days=7)
    await erika.reset_number(Browser(world))

    await erika.reach_new_number()

    assert not (await world.account(erika.account_id)).password_rests_on_mailbox


async def test_what_does_not_join_the_password_does_not_prove_it(world: World, erika: Person) -> None:
    """Neither a passkey that signs in alone, nor the new number itself, which anybody could have."""
    authenticator = await with_passkey(erika)
    await erika.choose_password(WORDS)
    await reset_by_passkey(erika, authenticator)
    assert (await world.account(erika.account_id)).password_rests_on_mailbox
    await erika.browser.press(await erika.link())
    await erika.browser.give_password(erika.email, WORDS)
    await erika.browser.choose(Factor.PHONE)

    await erika.bind(NEW)

    assert (await world.account(erika.account_id)).password_rests_on_mailbox


async def test_any_second_factor_after_it_proves_it(world: World, erika: Person) -> None:
    key = await add_app(erika)
    await erika.choose_password(WORDS)
    await erika.browser.give_password(erika.email, WORDS)
    await erika.browser.choose(Factor.TOTP)

    assert (await give_code(erika.browser, shown(world, key))).signed_in

    assert not (await world.account(erika.account_id)).password_rests_on_mailbox


@pytest.mark.parametrize("mailed", ["before the change", "between reset and new number", "after the change"])
async def test_a_stolen_phone_with_its_mail_program_undoes_no_change_whenever_it_renewed_the_password(
    world: World, erika: Person, mailed: str
) -> None:
    """The owner signs in with a passkey alone and types no password in between (row 4)."""
    authenticator = await with_passkey(erika)
    if mailed == "before the change":
        await erika.choose_password(WORDS)
    world.clock.move(days=1)  # so that there is room for further texts
    await reset_by_passkey(erika, authenticator)
    await erika.browser.press(await erika.link())
    if mailed == "between reset and new number":
        await erika.choose_password(WORDS)
    world.clock.move(minutes=11)
    await erika.browser.give_password(erika.email, erika.password)
    await erika.browser.choose(Factor.PHONE)
    await erika.bind(NEW)
    world.clock.move(hours=2)
    if mailed == "after the change":
        await erika.choose_password(WORDS)
    [notice] = await erika.texts(Notice.NUMBER_CHANGED, number=OLD)
    thief = Browser(world)
    await freeze_by_link(world.services, thief.client, notice.stop)
    await thief.give_password(erika.email, erika.password)
    assert thief.sign_in

    world.clock.move(minutes=11)
    assert (await begin_release(world.services, thief.client, thief.sign_in)).refusal is None
    await thief.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    result = await thief.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))

    assert result.state is SignInState.WAITING
    assert (await world.account(erika.account_id)).is_frozen
    assert len(await erika.mails(Notice.RELEASE_WAIT)) == len(await erika.texts(Notice.RELEASE_WAIT, number=OLD)) == 1
