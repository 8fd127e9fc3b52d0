"""Wrong codes until a factor is suspended, and the code to the mailbox that restores it."""

from renumber.domain.challenge import CodePurpose
from renumber.domain.outcomes import Refusal
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from tests.builders import WRONG
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep


async def suspend(erika: Person, browser: Browser) -> list[SignInStep]:
    """Type wrong codes until the factor of the open page is suspended, over as many codes as it takes."""
    return await guess(erika, browser, until=Refusal.FACTOR_SUSPENDED)


async def guess(erika: Person, browser: Browser, *, until: Refusal, or_else: Refusal | None = None) -> list[SignInStep]:
    """Type wrong codes until the open page takes no more of them."""
    steps: list[SignInStep] = []
    while not steps or steps[-1].refusal not in (until, or_else):
        assert len(steps) < 20
        steps.append(await browser.type_code(WRONG))
        if steps[-1].refusal is Refusal.TOO_MANY_WRONG_CODES:
            erika.world.clock.move(minutes=2)
            await browser.send_again()
    return steps


async def restore(erika: Person, browser: Browser, code: str = "") -> Refusal | None:
    services, ticket = erika.world.services, browser.sign_in
    assert ticket
    if not code:
        sent = await send_restore_code(services, browser.client, ticket)
        assert sent.refusal is None
        code = await erika.code(CodePurpose.RESTORE)
    return (await restore_by_code(services, browser.client, ticket, code=code)).refusal
