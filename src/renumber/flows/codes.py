"""Sending and checking the one-time codes of a sign-in, with every count that guards them."""

from dataclasses import replace
from datetime import datetime

from renumber.domain.challenge import DIGITS, Challenge, CodeIntent, CodePurpose
from renumber.domain.factor import RELEASING, Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.messages.message import LONG_DIGITS
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.typed.codes import digits_in
from renumber.flows.act import Act
from renumber.flows.attempts import first_failure, keep_status, record_failure, status_of
from renumber.flows.consequences import send
from renumber.flows.links import new_link
from renumber.flows.long_code import check_long_code, is_long, send_long_code
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.sign_in.in_progress import SignInAct
from renumber.policies.limits import ip_allowances, send_allowances, stranger_allowances
from renumber.policies.notices import CODE_NOTICE

_FACTOR_OF = {
    CodePurpose.SIGN_IN: Factor.PHONE,
    CodePurpose.NEW_NUMBER: Factor.NEW_NUMBER,
    CodePurpose.MAILBOX: Factor.MAILBOX,
    CodePurpose.RESTORE: Factor.MAILBOX,
    CodePurpose.RELEASE_MAILBOX: Factor.RELEASE_MAILBOX,
    CodePurpose.RELEASE_NUMBER: Factor.RELEASE_NUMBER,
}

_COUNTED_APART = {
    CodePurpose.NEW_NUMBER: KeyedHash.SENDS_TO_CLAIMED_NUMBER,
    CodePurpose.RELEASE_MAILBOX: KeyedHash.SENDS_TO_RELEASE_NUMBER,
    CodePurpose.RELEASE_NUMBER: KeyedHash.SENDS_TO_RELEASE_NUMBER,
}


def factor_of(intent: CodeIntent) -> Factor:
    """The factor that a code proves, and is counted for.

    Those that release are factors of their own: whoever reports the number lost, or guesses at it or at the mailbox,
    must not close the way back to its owner.
    """
    return _FACTOR_OF[intent.purpose]


async def send_code(act: SignInAct, intent: CodeIntent) -> Step[None]:
    """Send the live code again or a new one, if the pauses and quotas allow it."""
    standing = await act.work.load(Challenge, intent.slot) if act.sign_in.is_kept else None
    status = await status_of(act, factor_of(intent))
    if status.bar:
        await send_long_code(act, intent)
        return act.refuse(status.bar, open_at=_paused_until(act, status))
    next_at = _held_back_until(act, standing, intent)
    if next_at:
        return act.refuse(Refusal.SEND_TOO_SOON, open_at=next_at)
    open_at = await act.work.take(_quotas(act, intent), act.now)
    if open_at:
        await send_long_code(act, intent)
        return act.refuse(Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    challenge = next_code(act, standing, intent)
    act.keep(challenge)
    notice, channel = CODE_NOTICE[intent.purpose]
    send(act, notice, channel, to=challenge.destination, until=challenge.expires_at, code=challenge.derived)
    return act.done(None, Fact.CODE_SENT)


def _paused_until(act: SignInAct, status: FactorStatus) -> datetime | None:
    """The end of a pause that ends by itself."""
    until = status.suspended_at + act.limits.release_paused_for if status.suspended_at else None
    return until if status.factor in RELEASING else None


def _held_back_until(act: SignInAct, standing: Challenge | None, intent: CodeIntent) -> datetime | None:
    """The pause lies between sends of one code; another destination, or a proven code, is up to the quotas alone."""
    if standing is None or act.now >= standing.expires_at or not standing.holds_back(intent):
        return None
    next_at = standing.next_send_at(act.limits.resend_pauses)
    return next_at if act.now < next_at else None


def _quotas(act: SignInAct, intent: CodeIntent) -> list[Quota]:
    """A claimed number is counted apart: a stranger's claims must not use up the codes of those who have it bound.

    So are the codes of a release: those that somebody with the password had sent before don't use them up.
    """
    hashed, account_id = act.services.secrets.fingerprints, act.account.account_id
    sends, channel = send_allowances(act.limits), CODE_NOTICE[intent.purpose][1]
    releases = factor_of(intent) in RELEASING
    own = KeyedHash(f"sends.release.{channel}" if releases else f"sends.{channel}")
    quotas = [
        Quota(hashed(own, account_id), sends),
        Quota(hashed(_COUNTED_APART.get(intent.purpose, KeyedHash.SENDS_TO_BOUND_NUMBER), intent.destination), sends),
        Quota(hashed(KeyedHash.SENDS_TO_IP, act.client.place), ip_allowances(act.limits)),
    ]
    if act.sign_in.from_known_browser or releases or not act.account.has_signed_in:
        return quotas
    strange = hashed(KeyedHash(f"sends.{channel}.strangers"), account_id)
    return [*quotas, Quota(strange, stranger_allowances(act.limits))]


def next_code(act: Act, standing: Challenge | None, intent: CodeIntent) -> Challenge:
    """Make the code that is sent next: the one in flight again, or one in its place."""
    secrets, now, code_for = act.services.secrets, act.now, act.limits.code_for
    if standing is None:
        return Challenge(
            account_id=act.account.account_id,
            purpose=intent.purpose,
            sign_in_id=intent.sign_in_id,
            challenge_id=secrets.new_id(),
            about=intent.about,
            destination=intent.destination,
            key_id=secrets.current,
            issued_at=now,
            expires_at=now + code_for,
            last_sent_at=now,
        )
    if standing.is_for(intent) and standing.is_worth_repeating(now):
        return standing.repeat(now)
    return standing.renew(intent, secrets.new_id(), secrets.current, now=now, code_for=code_for)


async def check_awaited_code(act: SignInAct, code: str) -> Step[None]:
    """Check the code that the sign-in waits for; a code that came too late is followed by a new one."""
    intent = act.intent()
    return await check_code(act, intent, given=code) if intent else act.refuse(Refusal.NO_CODE)


async def check_code(act: SignInAct, intent: CodeIntent, *, given: str) -> Step[None]:
    """Compare a typed code; the comparison is counted on the code and on the factor, and the count is committed."""
    typed = digits_in(given, DIGITS, LONG_DIGITS)
    if is_long(intent, typed):
        return await check_long_code(act, intent, digits=typed)
    challenge = await act.work.load(Challenge, intent.slot)
    status = await status_of(act, factor_of(intent))
    if status.bar:
        await send_long_code(act, intent)
        return act.refuse(status.bar, open_at=_paused_until(act, status))
    if challenge is None or not challenge.is_for(intent):
        return act.refuse(Refusal.NO_CODE)
    secrets, before = act.services.secrets, challenge.earlier_derived(act.now)
    checked = challenge.check(
        typed,
        secrets.code(challenge.derived),
        act.now,
        checks=act.limits.code_checks,
        earlier=secrets.code(before) if before else None,
    )
    if checked.refusal is Refusal.CODE_EXPIRED:
        return await _replace_expired(act, intent)
    if checked.refusal and checked.tries_left is None:
        return act.refuse(checked.refusal, open_at=_next_code_at(act, checked.state))
    return await _count(act, status, checked)


async def _replace_expired(act: SignInAct, intent: CodeIntent) -> Step[None]:
    sent = await send_code(act, intent)
    refusal = Refusal.CODE_EXPIRED if sent.refusal else Refusal.CODE_EXPIRED_NEW_ONE_SENT
    return act.refuse(refusal, open_at=sent.open_at)


async def _count(act: SignInAct, status: FactorStatus, checked: Step[Challenge]) -> Step[None]:
    act.keep(checked.state)
    counted = record_failure(act, status) if checked.refusal else status.record_success(act.now)
    keep_status(act, counted.state)
    if counted.state.bar:
        await send_long_code(act, checked.state.intent)
    facts = (*checked.facts, *counted.facts, *first_failure(counted))
    told = act.on_factor(status.factor)
    paused_until = _paused_until(act, counted.state)
    if Fact.MAILBOX_SUSPENDED in facts:
        told = _with_link(told)
    if Fact.RELEASE_PAUSED in facts and paused_until:
        told = replace(told, extra={**told.extra, "paused_until": paused_until.isoformat()})
    refusal = _worse(checked.refusal, counted)
    if refusal is None:
        return told.done(None, *facts, *_prove_number(act, status.factor))
    left = min(count for count in (checked.tries_left, counted.tries_left) if count is not None)
    open_at = paused_until or _next_code_at(act, checked.state)
    return told.refuse(refusal, facts=facts, tries_left=left, open_at=open_at)


def _prove_number(act: SignInAct, factor: Factor) -> tuple[Fact, ...]:
    """The first code that comes back from a number which an operator entered shows whose it is."""
    if factor is not Factor.PHONE:
        return ()
    step = act.account.prove_number()
    act.keep(step.state)
    return step.facts


def _worse(checked: Refusal | None, counted: Step[FactorStatus]) -> Refusal | None:
    """A suspension is said before all; of a mere wrong code, how near its factor is to one."""
    is_said_by_count = counted.state.bar or checked is Refusal.WRONG_CODE
    return counted.refusal if is_said_by_count else checked


def _with_link(act: SignInAct) -> SignInAct:
    """A suspended mailbox opens by a link, which nobody guesses: its codes are what was guessed at."""
    until = act.now + act.limits.stop_link_for
    link, derived = new_link(act.services, act.account.account_id, LinkPurpose.MAILBOX, subject="", until=until)
    act.keep(link)
    return replace(act, action=derived, action_until=until, extra={**act.extra, "expires_at": until.isoformat()})


def _next_code_at(act: SignInAct, challenge: Challenge) -> datetime:
    return max(act.now, challenge.next_send_at(act.limits.resend_pauses))
