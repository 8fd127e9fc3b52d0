"""The number from before a change is a factor of its own: what a thief does to the new one doesn't close it."""

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.factors.lost import report_in_session
from tests.builders import OLD, OTHER
from tests.flows.account.release import begin, prove_both
from tests.flows.factors.suspension import guess, restore, suspend
from tests.flows.factors.totp import add_app
from tests.flows.person import Person
from tests.flows.world import World


async def robbed(erika: Person) -> None:
    """A thief has bound their own number, and sits in a session."""
    await erika.change_number(OTHER)
    erika.world.clock.move(minutes=11)


async def stopped(erika: Person) -> None:
    """The owner freezes by the text to the old number."""
    [notice] = await erika.texts(Notice.NUMBER_CHANGED, number=OLD)
    await freeze_by_link(erika.world.services, erika.browser.client, notice.stop)
    erika.world.clock.move(minutes=11)


async def test_a_thief_who_reports_their_number_lost_does_not_shut_the_owner_out(world: World, erika: Person) -> None:
    await robbed(erika)
    await add_app(erika)
    erika.world.clock.move(hours=72)
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.PHONE)
    await erika.sign_in_with_phone()
    await erika.prove_again()
    services, browser = world.services, erika.browser
    assert (await report_in_session(services, browser.client, browser.ticket, factor=Factor.PHONE)).refusal is None
    await stopped(erika)

    await prove_both(erika)

    account = await world.account(erika.account_id)
    assert (account.is_frozen, account.number, account.lost) == (False, OLD, frozenset({Factor.TOTP}))


async def test_a_thief_who_types_wrong_codes_to_their_number_does_not_either(world: World, erika: Person) -> None:
    await robbed(erika)
    await erika.browser.give_password(erika.email)
    await suspend(erika, erika.browser)
    await stopped(erika)

    await prove_both(erika)

    assert (await world.account(erika.account_id)).number == OLD


async def test_it_has_the_same_cap_and_a_code_to_the_mailbox_opens_it_no_sooner(world: World, erika: Person) -> None:
    """Or a thief with password and mailbox would guess at it without end."""
    await robbed(erika)
    await stopped(erika)
    assert await begin(erika) is None
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    await guess(erika, erika.browser, until=Refusal.RELEASE_PAUSED)
    assert await world.wrong_in_a_row(erika.account_id, Factor.RELEASE_NUMBER) == 10
    await restore(erika, erika.browser)
    world.clock.move(minutes=3)

    sent = (await erika.browser.send_again()).refusal
    result = await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))

    assert (sent, result.refusal) == (Refusal.RELEASE_PAUSED,) * 2
    assert (await world.account(erika.account_id)).is_frozen
