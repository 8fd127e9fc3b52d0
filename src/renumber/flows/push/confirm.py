"""Confirming a device in the session that shows its QR code, or sending it away: until then it counts for nothing."""

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device
from renumber.flows.act import SessionAct
from renumber.flows.factors.manage import adding, bind, managing
from renumber.flows.push.enrol import Invitation, new_invitation, too_many


@adding(Factor.PUSH)
async def confirm_device(act: SessionAct, device_id: str) -> Step[Device | None]:
    """Bind the device that waits; everybody is told, and other sessions end."""
    device, link = await _waiting(act, device_id)
    if device is None or link is None:
        return act.refuse(Refusal.DEVICE_UNKNOWN)
    refusal = too_many(await act.work.load_all(Device))
    if refusal:
        return act.refuse(refusal)
    act.keep(link.use(act.now))
    confirmed = act.carry_out(device.confirm(act.now))
    return act.done(confirmed.state, *await bind(act, Factor.PUSH))


@managing(Factor.PUSH)
async def reject_device(act: SessionAct, device_id: str) -> Step[Invitation | None]:
    """Send the device away, and make a fresh code in place of the one that somebody else knows."""
    device, link = await _waiting(act, device_id)
    if device is None or link is None:
        return act.refuse(Refusal.DEVICE_UNKNOWN)
    act.keep(device.remove(act.now), link.end(act.now))
    act.record(Fact.DEVICE_REJECTED)
    return new_invitation(act)


async def _waiting(act: SessionAct, device_id: str) -> tuple[Device | None, Link | None]:
    """Load a device that came with a code of this very session, and the code."""
    device = await act.work.load(Device, device_id)
    scan = device.awaits(act.now) if device else None
    is_own = scan is not None and scan.session_id == act.session.session_id
    return device, await act.work.load(Link, scan.link_id) if scan and is_own else None
