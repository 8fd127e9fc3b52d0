"""Acts around a frozen account: freezing it by a notice, and releasing it either way."""

from renumber.domain.challenge import CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import Notice
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import forget_password
from renumber.flows.account.release import begin_release, release_by_operator
from renumber.flows.account.release_link import begin_by_link, begin_by_link_and_later, release_with_password
from tests.builders import OLD, OTHER
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep


async def frozen(erika: Person, after: str = "changed") -> None:
    """Freeze the account, by the notice of a reset or of a change to the number of a thief."""
    if after == "changed":
        await erika.change_number(OTHER)
        [notice] = await erika.texts(Notice.NUMBER_CHANGED, number=OLD)
    else:
        await erika.reset_number()
        [notice] = await erika.texts(Notice.NUMBER_RESET, number=OLD)
    await freeze_by_link(erika.world.services, erika.browser.client, notice.stop)
    erika.number = OLD
    erika.world.clock.move(minutes=11)


async def begin(erika: Person, browser: Browser | None = None) -> Refusal | None:
    at = browser or erika.browser
    await at.give_password(erika.email, erika.password)
    assert at.sign_in
    return (await begin_release(erika.world.services, at.client, at.sign_in)).refusal


async def prove_both(erika: Person) -> None:
    assert await begin(erika) is None
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_MAILBOX))
    await erika.browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))


async def by_operator(erika: Person, *, keeps_number: bool) -> Refusal | None:
    services, client = erika.world.services, Browser(erika.world).client
    wanted = Wanted.PRESENT if keeps_number else Wanted.RECENT
    step = await release_by_operator(services, client, erika.account_id, "a call", wanted=wanted)
    return step.refusal


async def release_link(erika: Person) -> str:
    """Forget the password of a frozen account, and open the newest mail about it."""
    await forget_password(erika.world.services, erika.browser.client, EmailAddress(erika.email))
    return (await erika.mails(Notice.PASSWORD_LINK_FROZEN))[-1].action


async def press(browser: Browser, link: str, *, later: bool = False) -> SignInStep:
    """Press the button behind the link, in a browser without a password."""
    begin_here = begin_by_link_and_later if later else begin_by_link
    begun = SignInStep(await begin_here(browser.world.services, browser.client, link))
    if begun.ticket:
        browser.session, browser.sign_in = None, begun.ticket
    return begun


async def show_mailbox_and_number(erika: Person, browser: Browser, *, later: bool = False) -> SignInStep:
    """Release without the password, as far as the code of the number."""
    erika.world.clock.move(minutes=11)
    assert (await press(browser, await release_link(erika), later=later)).refusal is None
    return await browser.type_code(await erika.code(CodePurpose.RELEASE_NUMBER))


async def choose_last(browser: Browser, password: str) -> SignInStep:
    """Choose the password that ends a release."""
    place = (browser.world.services, browser.client, browser.begun)
    return SignInStep(await release_with_password(*place, password=password))


def wait_is_over(erika: Person) -> None:
    """A day passes, and no more than that."""
    erika.world.clock.move(hours=24)
