"""Acts around a frozen account: freezing it by a notice, and releasing it either way."""

from renumber.domain.challenge import CodePurpose
from renumber.domain.message import Notice
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.release import begin_release, release_by_operator
from tests.builders import OLD, OTHER
from tests.flows.person import Browser, Person


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
