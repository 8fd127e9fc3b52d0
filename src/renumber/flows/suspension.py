"""Opening a suspended factor again, by a proof of the mailbox."""

from renumber.domain.authenticator import Authenticator, Factor
from renumber.domain.challenge import Errand, Purpose
from renumber.domain.session import Ticket
from renumber.flows.codes import check_code, send_code
from renumber.flows.consequences import conclude
from renumber.flows.house import House, Origin
from renumber.flows.ports import UnitOfWork
from renumber.flows.tries import settle
from renumber.flows.underway import Passage, Underway, refuse_stale, resume

NUMBERS = (Factor.NEW_NUMBER, Factor.FORMER_NUMBER)


async def send_lift_code(house: House, ticket: Ticket, origin: Origin) -> Passage:
    """Send a code to the mailbox that opens a suspended factor again."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None:
            return refuse_stale(work, house, origin, underway=underway)
        sent = await send_code(work, underway.scene, _lift(underway))
        return Passage(sent.refusal, underway.sign_in.state, open_at=sent.open_at)


async def lift_suspension(house: House, ticket: Ticket, code: str, *, origin: Origin) -> Passage:
    """Open a suspended factor again by a proof of the mailbox; it still has to be proven itself (NIST 3.2.2)."""
    async with house.store.work(ticket.account_id) as work:
        underway = await resume(work, house, ticket, origin=origin)
        if underway is None:
            return refuse_stale(work, house, origin, underway=underway)
        step = await check_code(work, underway.scene, _lift(underway), given=code)
        if step.refusal is None:
            await _restore(work, underway)
        return Passage(step.refusal, underway.sign_in.state, tries_left=step.tries_left, open_at=step.open_at)


def _lift(underway: Underway) -> Errand:
    return Errand(Purpose.LIFT, underway.sign_in.sign_in_id, underway.scene.account.email.text)


async def _restore(work: UnitOfWork, underway: Underway) -> None:
    for factor in (*sorted(underway.scene.account.second_factors | {Factor.PHONE}), *NUMBERS):
        suspended = await work.load(Authenticator, factor)
        if suspended:
            step = suspended.restore()
            settle(work, step.state)
            conclude(work, underway.scene, step.facts)
