"""Releasing a frozen account: by its owner with both codes, or by the operator with a reason."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator
from renumber.flows.account.release import begin_release
from renumber.flows.sign_in.prove import send_again
from tests.builders import NEW, OLD, OTHER, WRONG
from tests.flows.account.release import begin, by_operator, frozen, prove_both
from tests.flows.person import Browser, Person
from tests.flows.world import World


@pytest.mark.parametrize("after", ["reset", "changed"])
async def test_both_codes_release_the_account_and_restore_the_number(world: World, erika: Person, after: str) -> None:
    await frozen(erika, after)
    assert await begin(erika) is None

    result = await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    assert result.state is SignInState.AWAITING_RELEASE_NUMBER
    assert (await world.account(erika.account_id)).is_frozen
    assert len(await erika.texts(Notice.RELEASE_CODE, number=OLD)) == 1
    assert await erika.texts(Notice.RELEASE_CODE, number=OTHER) == []
    result = await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))

    account = await world.account(erika.account_id)
    assert (result.refusal, result.signed_in) == (None, False)
    assert (account.is_frozen, account.number, account.former_number) == (False, OLD, None)


async def test_releasing_opens_no_session_and_a_new_sign_in_does(world: World, erika: Person) -> None:
    await frozen(erika)
    await prove_both(erika)
    assert await world.live_sessions(erika.account_id) == []
    assert await erika.browser.state() is None

    await erika.sign_in()

    assert await erika.browser.is_signed_in()


async def test_the_release_is_told_to_the_mailbox_and_to_the_number(erika: Person) -> None:
    await frozen(erika)
    await prove_both(erika)

    assert len(await erika.mails(Notice.ACCOUNT_RELEASED)) == 1
    assert len(await erika.texts(Notice.ACCOUNT_RELEASED, number=OLD)) == 1


async def test_a_stolen_phone_with_its_mail_program_does_not_undo_the_change_that_its_owner_made(
    world: World, erika: Person
) -> None:
    """It renews the password by mail, freezes by a notice, and reads both codes: one mailbox counted twice (row 4)."""
    await erika.change_number(NEW)
    world.clock.move(hours=2)
    await erika.choose_password("the thief's own words")
    [notice] = await erika.mails(Notice.PASSWORD_CHANGED)
    await freeze_by_link(world.services, Browser(world).client, notice.stop)

    world.clock.move(minutes=11)

    await prove_both(erika)

    assert await erika.browser.state() is SignInState.WAITING
    assert (await world.account(erika.account_id)).is_frozen
    assert await by_operator(erika, keeps_number=True) is None
    assert (await world.account(erika.account_id)).number == NEW


async def test_a_password_renewed_before_the_change_bars_no_release(world: World, erika: Person) -> None:
    await erika.choose_password("vurmix gapolde 27")
    world.clock.move(days=7)
    await frozen(erika)

    await prove_both(erika)

    assert not (await world.account(erika.account_id)).is_frozen


async def test_a_wrong_code_releases_nothing_and_is_counted(world: World, erika: Person) -> None:
    await frozen(erika)
    await begin(erika)
    assert (await erika.browser.type_code(WRONG)).refusal is Refusal.WRONG_CODE
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))

    assert (await erika.browser.type_code(WRONG)).refusal is Refusal.WRONG_CODE

    assert (await world.account(erika.account_id)).is_frozen
    assert await world.wrong_in_a_row(erika.account_id, Factor.RELEASE_NUMBER) == 1


async def test_the_second_code_is_not_taken_before_the_first(world: World, erika: Person) -> None:
    await frozen(erika)
    await begin(erika)

    result = await erika.browser.type_code(WRONG, at=SignInState.AWAITING_RELEASE_NUMBER)

    assert result.refusal is Refusal.NOT_NOW


async def test_the_mailbox_code_is_not_the_number_code(world: World, erika: Person) -> None:
    await frozen(erika)
    await begin(erika)
    code = await erika.code(CodePurpose.RELEASE_MAILBOX)
    await erika.browser.type_code(code)

    assert (await erika.browser.type_code(code)).refusal is Refusal.WRONG_CODE


async def test_codes_of_an_earlier_freeze_release_nothing(world: World, erika: Person) -> None:
    await frozen(erika)
    await begin(erika)
    code = await erika.code(CodePurpose.RELEASE_MAILBOX)
    await by_operator(erika, keeps_number=False)
    world.clock.move(seconds=1)
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "again")

    await erika.browser.give_password(erika.email)

    assert (await erika.browser.type_code(code)).refusal is Refusal.NO_CODE
    assert (await world.account(erika.account_id)).is_frozen


async def test_beginning_twice_sends_one_code(erika: Person) -> None:
    await frozen(erika)
    await begin(erika)

    again = await begin_release(erika.world.services, erika.browser.client, erika.browser.begun)

    assert again.refusal is Refusal.SEND_TOO_SOON
    assert len(await erika.mails(Notice.RELEASE_CODE)) == 1


async def test_an_account_whose_number_was_never_changed_is_released_with_that_number(
    world: World, erika: Person
) -> None:
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")
    world.clock.move(days=30)

    await prove_both(erika)

    account = await world.account(erika.account_id)
    assert (account.is_frozen, account.number) == (False, OLD)


@pytest.mark.parametrize(("keeps_number", "number"), [(False, OLD), (True, OTHER)])
async def test_the_operator_restores_the_number_or_keeps_the_present_one(
    world: World, erika: Person, number: object, *, keeps_number: bool
) -> None:
    await frozen(erika)

    assert await by_operator(erika, keeps_number=keeps_number) is None

    account = await world.account(erika.account_id)
    assert (account.is_frozen, account.number, account.former_number) == (False, number, None)
    assert (await world.history(erika.account_id))[-1] == "account_released"


@pytest.mark.parametrize("keeps_number", [True, False])
async def test_the_operator_never_leaves_an_account_without_its_number(
    world: World, erika: Person, *, keeps_number: bool
) -> None:
    """Or password and mailbox would be enough to enrol another, with no link of the owner's used (row 5)."""
    await frozen(erika, "reset")

    await by_operator(erika, keeps_number=keeps_number)

    assert (await world.account(erika.account_id)).number == OLD
    assert (await Browser(world).give_password(erika.email)).state is SignInState.AWAITING_FACTOR


async def test_the_old_number_is_told_also_when_the_operator_keeps_the_new_one(erika: Person) -> None:
    await frozen(erika)

    await by_operator(erika, keeps_number=True)

    assert len(await erika.mails(Notice.ACCOUNT_RELEASED)) == 1
    assert len(await erika.texts(Notice.ACCOUNT_RELEASED, number=OLD)) == 1
    assert len(await erika.texts(Notice.ACCOUNT_RELEASED, number=OTHER)) == 1


async def test_an_account_that_is_not_frozen_is_not_released(world: World, erika: Person) -> None:
    await erika.sign_in()

    assert await by_operator(erika, keeps_number=False) is Refusal.ACCOUNT_NOT_FROZEN

    assert await erika.browser.is_signed_in()
    assert await erika.mails(Notice.ACCOUNT_RELEASED) == []


async def test_a_release_that_was_begun_ends_with_another_release(world: World, erika: Person) -> None:
    await frozen(erika)
    await begin(erika)
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    ticket = erika.browser.sign_in
    await by_operator(erika, keeps_number=False)
    world.clock.move(minutes=2)

    assert ticket
    sent = await send_again(world.services, erika.browser.client, ticket)

    assert sent.refusal is Refusal.SIGN_IN_EXPIRED
    assert len(await erika.texts(Notice.RELEASE_CODE, number=OLD)) == 1


async def test_a_new_number_can_be_chosen_after_a_release(world: World, erika: Person) -> None:
    await frozen(erika)
    await prove_both(erika)
    world.clock.move(minutes=11)

    await erika.change_number(NEW)

    assert (await world.account(erika.account_id)).number == NEW
