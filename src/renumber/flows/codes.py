"""Sending and checking one-time codes, with every count that guards them."""

from dataclasses import replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodeIntent, CodePurpose
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.link import LinkPurpose
from renumber.domain.message import Message
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.flows.attempts import about_factor, first_failure, keep_status, record_failure, status_of
from renumber.flows.consequences import Scene, conclude
from renumber.flows.links import new_link
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota, UnitOfWork
from renumber.policies.limits import ip_allowances, send_allowances, stranger_allowances
from renumber.policies.notices import CODE_NOTICE

_FACTOR_OF = {
    CodePurpose.SIGN_IN: Factor.PHONE,
    CodePurpose.NEW_NUMBER: Factor.NEW_NUMBER,
    CodePurpose.MAILBOX: Factor.MAILBOX,
    CodePurpose.RESTORE: Factor.MAILBOX,
    CodePurpose.RELEASE_MAILBOX: Factor.MAILBOX,
    CodePurpose.RELEASE_NUMBER: Factor.PHONE,
}


def factor_of(intent: CodeIntent, account: Account) -> Factor:
    """What a code proves, and is counted for.

    The number from before a change is a factor of its own: a thief who reports their new number lost, or guesses at it,
    must not close the way back to its owner.
    """
    is_present = account.number is not None and account.number.e164 == intent.destination
    if intent.purpose is CodePurpose.RELEASE_NUMBER and not is_present:
        return Factor.FORMER_NUMBER
    return _FACTOR_OF[intent.purpose]


async def send_code(work: UnitOfWork, scene: Scene, intent: CodeIntent) -> Step[Challenge | None]:
    """Send the live code again or a new one, if the pauses and quotas allow it."""
    standing = await work.load(Challenge, intent.purpose)
    factor = await status_of(work, scene, factor_of(intent, scene.account))
    if factor.suspended_at:
        return _refuse(work, scene, Step(standing, refusal=Refusal.FACTOR_SUSPENDED))
    too_soon = _too_soon(standing, scene, intent)
    if too_soon:
        return _refuse(work, scene, too_soon)
    open_at = await work.take(_quotas(scene, intent), scene.now)
    if open_at:
        return _refuse(work, scene, Step(standing, refusal=Refusal.SEND_LIMIT_REACHED, open_at=open_at))
    challenge = _next(standing, scene, intent)
    work.keep(challenge)
    work.record((), [_carry(scene, challenge)])
    conclude(work, scene, (Fact.CODE_SENT,))
    return Step(challenge, (Fact.CODE_SENT,))


def _refuse(work: UnitOfWork, scene: Scene, step: Step[Challenge | None]) -> Step[Challenge | None]:
    conclude(work, scene, (), refusal=step.refusal)
    return step


def _too_soon(standing: Challenge | None, scene: Scene, intent: CodeIntent) -> Step[Challenge | None] | None:
    """The pause lies between sends of one code; another destination, or a proven code, is up to the quotas alone."""
    if standing is None or scene.now >= standing.expires_at or not standing.holds_back(intent):
        return None
    next_at = standing.next_send_at(scene.services.rules.limits.resend_pauses)
    return Step(standing, refusal=Refusal.SEND_TOO_SOON, open_at=next_at) if scene.now < next_at else None


def _quotas(scene: Scene, intent: CodeIntent) -> list[Quota]:
    """A claimed number is counted apart: a stranger's claims must not use up the codes of those who have it bound."""
    limits, secrets = scene.services.rules.limits, scene.services.secrets
    sends, channel = send_allowances(limits), CODE_NOTICE[intent.purpose][1]
    whose = "claimed" if intent.purpose is CodePurpose.NEW_NUMBER else "bound"
    quotas = [
        Quota(secrets.fingerprints(KeyedHash(f"sends.{channel}"), scene.account.account_id)[0], sends),
        Quota(secrets.fingerprints(KeyedHash(f"sends.{whose}"), intent.destination)[0], sends),
        Quota(secrets.fingerprints(KeyedHash.SENDS_TO_IP, scene.client.place)[0], ip_allowances(limits)),
    ]
    if scene.from_known_browser:
        return quotas
    strange = secrets.fingerprints(KeyedHash(f"sends.{channel}.strangers"), scene.account.account_id)[0]
    return [*quotas, Quota(strange, stranger_allowances(limits))]


def _next(standing: Challenge | None, scene: Scene, intent: CodeIntent) -> Challenge:
    secrets, now, code_for = scene.services.secrets, scene.now, scene.services.rules.limits.code_for
    if standing is None:
        place = (scene.account.account_id, intent.purpose, secrets.new_id(), intent.about, intent.destination)
        return Challenge(*place, secrets.current, issued_at=now, expires_at=now + code_for, last_sent_at=now)
    if standing.is_for(intent) and standing.is_worth_repeating(now):
        return standing.repeat(now)
    return standing.renew(intent, secrets.new_id(), secrets.current, now=now, code_for=code_for)


def _carry(scene: Scene, challenge: Challenge) -> Message:
    notice, channel = CODE_NOTICE[challenge.purpose]
    account = scene.account
    place = (
        scene.services.secrets.new_id(),
        account.account_id,
        channel,
        notice,
        challenge.destination,
        account.locale,
    )
    return Message(*place, scene.params(), scene.now, challenge.expires_at, code=challenge.derived)


async def check_code(work: UnitOfWork, scene: Scene, intent: CodeIntent, *, given: str) -> Step[Challenge | None]:
    """Compare a typed code; the comparison is counted on the code and on the factor, and the count is committed."""
    challenge = await work.load(Challenge, intent.purpose)
    factor = await status_of(work, scene, factor_of(intent, scene.account))
    if factor.suspended_at:
        return _refuse(work, scene, Step(challenge, refusal=Refusal.FACTOR_SUSPENDED))
    if challenge is None or not challenge.is_for(intent):
        return _refuse(work, scene, Step(challenge, refusal=Refusal.NO_CODE))
    limits = scene.services.rules.limits
    expected = scene.services.secrets.code(challenge.derived)
    checked = challenge.check(digits_of(given), expected, scene.now, checks=limits.code_checks)
    return _count(work, scene, factor, checked=checked)


def digits_of(given: str) -> str:
    """What was typed, without the spaces and dashes that people paste along."""
    return "".join(character for character in given[:32] if not character.isspace() and character != "-")


def _count(work: UnitOfWork, scene: Scene, factor: FactorStatus, *, checked: Step[Challenge]) -> Step[Challenge | None]:
    compared = checked.tries_left is not None
    if checked.refusal and not compared:
        return _refuse(work, scene, Step(checked.state, refusal=checked.refusal, open_at=_next_code_at(scene, checked)))
    work.keep(checked.state)
    counted = factor.record_success(scene.now) if checked.refusal is None else record_failure(scene, factor)
    keep_status(work, counted.state)
    return _conclude(work, scene, checked, counted=counted)


def _conclude(
    work: UnitOfWork, scene: Scene, checked: Step[Challenge], *, counted: Step[FactorStatus]
) -> Step[Challenge | None]:
    suspended = counted.refusal is Refusal.FACTOR_SUSPENDED
    refusal = checked.refusal and (Refusal.FACTOR_SUSPENDED if suspended else checked.refusal)
    facts = (*checked.facts, *counted.facts)
    if refusal is Refusal.WRONG_CODE and counted.refusal:
        refusal = counted.refusal
    about = about_factor(scene, counted.state.factor)
    if Fact.MAILBOX_SUSPENDED in facts:
        about = _with_link(work, about)
    conclude(work, about, (*facts, *first_failure(counted)), refusal=refusal)
    tries = _fewer(checked.tries_left, counted.tries_left)
    return Step(checked.state, facts, refusal, tries_left=tries, open_at=_next_code_at(scene, checked))


def _with_link(work: UnitOfWork, scene: Scene) -> Scene:
    """A suspended mailbox opens by a link, which nobody guesses: its codes are what was guessed at."""
    until = scene.now + scene.services.rules.limits.stop_link_for
    link, derived = new_link(scene.services, scene.account.account_id, LinkPurpose.MAILBOX, subject="", until=until)
    work.keep(link)
    extra = {**scene.extra, "expires_at": until.isoformat()}
    return replace(scene, action=derived, action_until=until, extra=extra)


def _fewer(first: int | None, second: int | None) -> int | None:
    known = [count for count in (first, second) if count is not None]
    return min(known, default=None)


def _next_code_at(scene: Scene, checked: Step[Challenge]) -> datetime:
    return max(scene.now, checked.state.next_send_at(scene.services.rules.limits.resend_pauses))
