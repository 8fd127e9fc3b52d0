"""Freezing an account, by a "This wasn't me" link or by the operator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.wait import WaitPurpose
from renumber.flows.act import Act, LinkAct, behind_link, by_operator
from renumber.flows.consequences import end_sessions
from renumber.flows.links import Recipient, find_link, on_file, phone, went_to
from renumber.flows.services import Services
from renumber.flows.sign_in.prompt import trusted_devices
from renumber.flows.support.caller.standing import withdraw_standing
from renumber.flows.support.case import stop_case
from renumber.flows.waits import stop_wait
from renumber.policies.release import about_release, later_releases_from, may_stop_release

CAN_BE_STOPPED = frozenset(
    {
        ChangeState.AWAITING_COMPANY,
        ChangeState.REQUESTED,
        ChangeState.AWAITING_NEW_NUMBER,
        ChangeState.AWAITING_CODE,
        ChangeState.COMPLETED,
    }
)
# The link of a change may stop it as well as go on with it: both buttons stand on its page.
STOPPING = (LinkPurpose.STOP, LinkPurpose.PHONE_CHANGE)


@dataclass(frozen=True, slots=True)
class StopView:
    """The page that freezes."""

    refusal: Refusal | None
    account: Account | None = None
    later_from: datetime | None = None
    stops_release: bool = False
    told: Notice | None = None
    told_at: datetime | None = None


async def look_at_stop(services: Services, token: str) -> StopView:
    """Say whether this link could still freeze the account, changing nothing."""
    link = await find_link(services, token, *STOPPING)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return StopView(Refusal.LINK_UNKNOWN)
    now = services.clock.now()
    change = await services.store.find_change(link.account_id, link.subject) if link.subject else None
    devices = await _devices_seen(services, account) if link.channel is Channel.PUSH else ()
    counts = went_to(services, link, _counting(account, link, change, devices=devices, now=now))
    release_for = services.rules.limits.release_for
    stops = _stops_release(account, link, now, release_for=release_for)
    return StopView(
        refusal=_examine(account, link, change, counts=counts, stops=stops, now=now),
        account=account,
        later_from=later_releases_from(account, release_for=release_for),
        stops_release=stops,
        told=Notice.CHANGE_REQUESTED if link.purpose is LinkPurpose.PHONE_CHANGE else link.notice,
        told_at=_told_at(link, change, stop_link_for=services.rules.limits.stop_link_for),
    )


def _told_at(link: Link, change: PhoneChange | None, *, stop_link_for: timedelta) -> datetime | None:
    """The time of the act that the message with this link told of."""
    if link.purpose is LinkPurpose.PHONE_CHANGE:
        return change.link_sent_at if change else None
    return link.expires_at - stop_link_for


async def _devices_seen(services: Services, account: Account) -> Sequence[str]:
    listed = await services.reads.factor_list(account.account_id)
    return [item.key for item in listed.of(Factor.PUSH) if not listed.is_lost(item)]


def _counting(
    account: Account, link: Link, change: PhoneChange | None, *, devices: Sequence[str], now: datetime
) -> list[Recipient]:
    """Whoever may stop something now: a link ends when the channel that it was sent to leaves the account.

    The number that a change replaces is told of just that change, and may stop it until a release ends the link.
    """
    replaced = [phone(change.old_number)] if change and change.old_number and not link.used_at else []
    return [*on_file(account, now), *replaced, *(Recipient(Channel.PUSH, device) for device in devices)]


def stop_subject(account: Account) -> str:
    """The subject of a link that stops the release of this very freeze, of which its notice tells."""
    return f"release {about_release(account)}"


def _stops_release(account: Account, link: Link, now: datetime, *, release_for: timedelta) -> bool:
    is_about_it = link.subject == stop_subject(account)
    return account.is_frozen and is_about_it and may_stop_release(account, now, release_for=release_for)


def _examine(
    account: Account, link: Link, change: PhoneChange | None, *, counts: bool, stops: bool, now: datetime
) -> Refusal | None:
    if account.is_frozen and not stops:
        return Refusal.ACCOUNT_FROZEN
    if now >= link.expires_at:
        return Refusal.LINK_EXPIRED
    if not counts:
        return Refusal.CHANNEL_LEFT
    if link.used_at or (change and change.state not in CAN_BE_STOPPED):
        return Refusal.NOTHING_TO_STOP
    return None


@behind_link(*STOPPING)
async def freeze_by_link(act: LinkAct) -> Step[Account]:
    """Freeze the account; it gives nobody access, so that the link needs no other proof."""
    change = await act.work.load(PhoneChange, act.link.subject) if act.link.subject else None
    devices = [device.device_id for device in await trusted_devices(act)] if act.link.channel is Channel.PUSH else ()
    counts = went_to(act.services, act.link, _counting(act.account, act.link, change, devices=devices, now=act.now))
    stops = _stops_release(act.account, act.link, act.now, release_for=act.limits.release_for)
    refusal = _examine(act.account, act.link, change, counts=counts, stops=stops, now=act.now)
    if refusal:
        return act.refuse(refusal, act.account)
    act.keep(act.link.use(act.now))
    return _stop_release(act) if stops else await freeze_account(act)


def _stop_release(act: LinkAct) -> Step[Account]:
    """Keep it frozen, which ends the release that was waited for; whoever wants one begins again."""
    step = act.account.stop_release(act.now)
    act.keep(step.state)
    end_sessions(act)
    return act.done(step.state, *step.facts)


@by_operator
async def freeze_by_operator(act: Act, reason: str) -> Step[Account]:
    """Freeze the account for a reason that the history keeps."""
    return await freeze_account(act.for_reason(reason))


async def freeze_account(act: Act) -> Step[Account]:
    """Freeze the account, whoever asks for it: its change stops, its sessions end, and every channel is told."""
    step = act.account.freeze(act.now)
    if step.refusal:
        return act.refuse(step.refusal, act.account)
    frozen = step.state
    later_from = later_releases_from(frozen, release_for=act.limits.release_for)
    extra = {"later_from": later_from.isoformat() if later_from else ""}
    stopped = await _stop_change(act)
    act.keep(frozen)
    await stop_case(act)
    await withdraw_standing(act)
    end_sessions(act)
    await stop_wait(act, WaitPurpose.PASSWORD)
    told = replace(act, number=frozen.number_for_release(act.now), extra=extra)
    done = told.done(frozen, *step.facts)
    if stopped:
        replace(act, subject=stopped.state.change_id).record(*stopped.facts)
    return done


async def _stop_change(act: Act) -> Step[PhoneChange] | None:
    change = await act.work.open_change()
    stopped = change.stop(act.now) if change else None
    if stopped:
        act.keep(stopped.state)
    return stopped
