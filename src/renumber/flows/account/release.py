"""Releasing a frozen account: by its owner, with two proofs, or by the operator."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.account.freeze import stop_subject
from renumber.flows.act import Act, by_operator
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.codes import check_awaited_code, send_code
from renumber.flows.consequences import end_sessions
from renumber.flows.links import on_file, went_to
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.waits import begin_wait, is_kept_here, standing_wait, telling_of
from renumber.policies.release import (
    BY_LATER_NUMBER,
    about_release,
    later_number,
    may_stop_release,
    release_purpose,
    release_wait,
    releases_if_older_than,
    releasing_number,
)


@in_sign_in(SignInState.AWAITING_RELEASE_MAILBOX)
async def begin_release(act: SignInAct) -> Step[None]:
    """Send the first of two codes, to the mailbox, if the owner can still release the account by themselves."""
    if act.account.number_for_release(act.now) is None:
        return act.refuse(Refusal.RELEASE_NEEDS_NUMBER)
    return await _begin(act, Factor.PHONE)


@in_sign_in(SignInState.AWAITING_RELEASE_MAILBOX)
async def begin_release_by_later(act: SignInAct) -> Step[None]:
    """The same, for a release by the number that was bound after a recent change, once that one may."""
    if later_number(act.account, act.now, release_for=act.limits.release_for) is None:
        return act.refuse(Refusal.RELEASE_NEEDS_NUMBER)
    return await _begin(act, BY_LATER_NUMBER)


async def _begin(act: SignInAct, method: Factor) -> Step[None]:
    begun = replace(act, sign_in=act.carry_out(act.sign_in.release_by(method)).state)
    begun.record(Fact.RELEASE_STARTED)
    return await _send(begun)


async def _send(act: SignInAct) -> Step[None]:
    intent = act.intent()
    assert intent is not None, "a release waits for a code"
    return await send_code(act, intent)


@in_sign_in(SignInState.AWAITING_RELEASE_MAILBOX)
async def prove_release_mailbox(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Take the mailbox's code, and send the second one to the number that was bound before the change."""
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    proven = replace(act, sign_in=act.carry_out(act.sign_in.prove_release_mailbox()).state)
    await _send(proven)
    return proven.done(proven.result())


@in_sign_in(SignInState.AWAITING_RELEASE_NUMBER)
async def prove_release_number(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Take the number's code: the account opens with that number, and its owner signs in anew.

    Where both proofs are what a stolen phone with its mail program shows as well, a wait comes before, or an older
    factor instead of it; without the password, a new one is chosen after it.
    """
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    wait_for = release_wait(act.account, act.sign_in, act.now, limits=act.limits)
    if wait_for and not await _has_waited(act):
        return await _wait(act, wait_for)
    return await _go_on(act, act.sign_in.prove_release_number())


async def _has_waited(act: SignInAct) -> bool:
    wait = await standing_wait(act, release_purpose(act.sign_in), about_release(act.account))
    return wait is not None and is_kept_here(act, wait) and wait.is_over(act.now)


async def _wait(act: SignInAct, wait_for: timedelta) -> Step[SignInResult | None]:
    purpose, about = release_purpose(act.sign_in), about_release(act.account)
    begun = await begin_wait(act, purpose, about, wait_for=wait_for)
    waiting = act.sign_in.wait_for_release().state
    act.keep(waiting)
    extra = {"without_password": "yes" if act.sign_in.link_id else ""}
    told = replace(act, subject=stop_subject(act.account), extra=extra)
    telling_of(told, begun.state).record(*(_told(act) if begun.facts else ()))
    return act.done(SignInResult(state=waiting.state))


def _told(act: SignInAct) -> tuple[Fact, ...]:
    """After some time a release can't be stopped by one channel any more: its notice says what can be done instead."""
    stoppable = may_stop_release(act.account, act.now, release_for=act.limits.release_for)
    return (Fact.RELEASE_WAIT_STARTED if stoppable else Fact.LAST_RELEASE_WAIT_STARTED,)


async def _go_on(act: SignInAct, shown: Step[SignIn], *, trusted: Factor | None = None) -> Step[SignInResult | None]:
    """Release the account after the last proof, or have a password chosen before, where none was given."""
    number = releasing_number(act.account, act.sign_in, act.now)
    act.keep(shown.state)
    if shown.state.state is SignInState.AWAITING_RELEASE_PASSWORD:
        return act.done(SignInResult(state=shown.state.state))
    await release(act, number, trusted=trusted)
    return act.done(SignInResult(state=SignInState.ENDED))


async def release_by_factor(act: SignInAct, proven: Proven) -> Step[SignInResult | None]:
    """Release the account by a factor that is stronger than a text, and was there before the trouble, at once."""
    if act.account.number_for_release(act.now) is None:
        return act.refuse(Refusal.RELEASE_NEEDS_NUMBER)
    before = releases_if_older_than(act.account, act.sign_in, hold_for=act.limits.hold_for)
    if before is None or not proven.is_stronger_and_older(before):
        return act.refuse(Refusal.NEEDS_OLDER_FACTOR)
    shown = replace(act, evidence=act.evidence.with_factor(proven.factor))
    if act.sign_in.link_id is None:
        shown.keep(act.account.prove_password(proven, act.now, act.limits.mailed_password_for))
    return await _go_on(shown, act.sign_in.release_with_factor(proven.factor), trusted=proven.factor)


@by_operator
async def release_by_operator(act: Act, reason: str, *, wanted: Wanted = Wanted.RECENT) -> Step[Account]:
    """Open a frozen account; unless told otherwise, the number before a recent change comes back."""
    return await release(act.for_reason(reason), act.account.number_to_restore(wanted))


async def release(act: Act, number: PhoneNumber | None, *, trusted: Factor | None = None) -> Step[Account]:
    """Open the account; the number before the change is told too, whichever number is bound now.

    A factor that has just released it is trusted as well as the number.
    """
    before, step = act.account, act.account.release(number, act.now)
    if step.refusal:
        return act.refuse(step.refusal, before)
    doubted = before.factors - before.lost - {trusted} if number else frozenset()
    act.keep(step.state)
    end_sessions(act)
    await _end_links(act)
    await _doubt(act, doubted)
    numbers = replace(act.account.numbers, former=before.former_number, former_until=before.former_until)
    told = replace(act.account, numbers=numbers)
    about = replace(act, addressed=told, extra={"doubted": "yes" if doubted else ""})
    return about.done(act.account, *step.facts)


async def _end_links(act: Act) -> None:
    """End what could still stop something where the account is no longer at home: the old phone, a thief's number.

    Or whoever has that phone would freeze the account again with the next text on it.
    """
    for link in await act.work.load_all(Link):
        is_live = link.purpose is LinkPurpose.STOP and link.used_at is None and act.now < link.expires_at
        counts = link.address_key is not None and went_to(act.services, link, on_file(act.account, act.now))
        if is_live and not counts:
            act.keep(link.use(act.now))


async def _doubt(act: Act, factors: frozenset[Factor]) -> None:
    """Trust the number alone: whoever was the reason for the freeze may have added any of the others.

    Its owner opens again what is theirs, in a session that the number has confirmed.
    """
    for factor in sorted(factors):
        keep_status(act, (await status_of(act, factor)).report_lost(act.now).state)
        act.on_factor(factor).record(Fact.FACTOR_DOUBTED)
    phone = await status_of(act, Factor.PHONE)
    if phone.bar and act.account.number:
        keep_status(act, (phone.restore_lost() if phone.is_lost else phone.restore_by_another()).state)
        act.on_factor(Factor.PHONE).record(Fact.FACTOR_RESTORED)
