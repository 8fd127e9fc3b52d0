"""Refusals of a release without the password, or by the number that was bound later."""

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.account.release import begin_release_by_later, prove_release_number
from renumber.flows.account.release_link import begin_by_link, begin_by_link_and_later, release_with_password
from renumber.flows.sign_in.prove import send_again
from tests.builders import WRONG
from tests.flows.account.release import frozen, press, release_link, show_mailbox_and_number, wait_is_over
from tests.flows.person import Browser, Person
from tests.flows.refusals.case import Cases, Refused, give_password, in_sign_in

CASES = Cases()


async def at_release(erika: Person) -> Browser:
    """A frozen account, whose release waits for the code of its mailbox."""
    await frozen(erika)
    return await give_password(erika)


async def pressed(erika: Person) -> Browser:
    """A frozen account, whose release without a password waits for the code of its number."""
    await frozen(erika)
    await press(erika.browser, await release_link(erika))
    return erika.browser


@CASES.refused(Refusal.WRONG_LONG_CODE)
async def wrong_long_code_of_a_release(erika: Person) -> Refused:
    return in_sign_in(await pressed(erika), prove_release_number, 3 * WRONG)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def release_code_that_is_followed_by_a_long_one(erika: Person) -> Refused:
    browser = await pressed(erika)
    for _ in range(erika.world.limits.sends_per_window - 1):
        erika.world.clock.move(seconds=31)
        await press(browser, (await erika.mails(Notice.PASSWORD_LINK_FROZEN))[-1].action)
    erika.world.clock.move(seconds=31)
    return in_sign_in(browser, send_again)


@CASES.refused(Refusal.RELEASE_NEEDS_NUMBER)
async def begin_release_by_a_later_number_too_early(erika: Person) -> Refused:
    return in_sign_in(await at_release(erika), begin_release_by_later)


@CASES.refused(Refusal.RELEASE_NEEDS_NUMBER)
async def link_of_a_release_by_a_later_number_too_early(erika: Person) -> Refused:
    await frozen(erika)
    return begin_by_link_and_later(erika.world.services, erika.browser.client, await release_link(erika))


@CASES.refused(Refusal.LINK_REPLACED)
async def older_link_of_a_release(erika: Person) -> Refused:
    await frozen(erika)
    link = await release_link(erika)
    await release_link(erika)
    return begin_by_link(erika.world.services, erika.browser.client, link)


@CASES.refused(Refusal.LINK_UNKNOWN, of_nobody=True)
async def link_of_a_release_that_is_unknown(erika: Person) -> Refused:
    return begin_by_link(erika.world.services, erika.browser.client, "no such link")


@CASES.refused(Refusal.NOT_NOW)
async def password_of_a_release_before_its_proofs(erika: Person) -> Refused:
    browser = await pressed(erika)
    place = (erika.world.services, browser.client, browser.begun)
    return release_with_password(*place, password="vurmix gapolde 27")


@CASES.refused(Refusal.PASSWORD_TOO_SHORT)
async def short_password_of_a_release(erika: Person) -> Refused:
    await show_mailbox_and_number(erika, await pressed(erika))
    wait_is_over(erika)
    await show_mailbox_and_number(erika, erika.browser)
    place = (erika.world.services, erika.browser.client, erika.browser.begun)
    return release_with_password(*place, password="short")
