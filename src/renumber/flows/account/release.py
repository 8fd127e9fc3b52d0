"""Releasing a frozen account: by its owner, with two codes, or by the operator."""

from dataclasses import replace

from renumber.domain.account import Account
from renumber.domain.factor import Factor, Proven
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.sign_in import SignInState
from renumber.domain.wait import WaitPurpose
from renumber.flows.account.freeze import about_freeze, stop_subject
from renumber.flows.act import Act, by_operator
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.codes import check_awaited_code, send_code
from renumber.flows.links import on_file, went_to
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.waits import begin_wait, is_kept_here, standing_wait, telling_of
from renumber.policies.waits import ONE_MAILBOX


@in_sign_in(SignInState.AWAITING_RELEASE_MAILBOX)
async def begin_release(act: SignInAct) -> Step[None]:
    """Send the first of two codes, to the mailbox, if the owner can still release the account by themselves."""
    if act.account.number_for_release(act.now) is None:
        return act.refuse(Refusal.RELEASE_NEEDS_NUMBER)
    act.record(Fact.RELEASE_STARTED)
    return await _send(act)


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

    With a password that the mailbox has renewed not long ago, both codes are what a stolen phone with its mail program
    shows as well. Then a wait comes before, or an older factor instead of it.
    """
    number = act.account.number_for_release(act.now)
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    if await _must_wait(act):
        return await _wait(act)
    act.keep(act.sign_in.prove_release_number().state)
    await _release(act, number)
    return act.done(SignInResult(state=SignInState.ENDED))


async def _must_wait(act: SignInAct) -> bool:
    if not act.account.doubts_password(act.now, act.limits.mailed_password_for):
        return False
    wait = await standing_wait(act, WaitPurpose.RELEASE, about_freeze(act.account))
    return not (wait and is_kept_here(act, wait) and wait.is_over(act.now))


async def _wait(act: SignInAct) -> Step[SignInResult | None]:
    """Begin to wait; the number from before keeps its say until the end, also where its time would be over."""
    begun = await begin_wait(act, WaitPurpose.RELEASE, about_freeze(act.account), wait_for=ONE_MAILBOX)
    waiting = act.sign_in.wait_for_release().state
    act.keep(waiting)
    if act.account.former_number_at(act.now):
        act.keep(act.account.keep_former_number(begun.state.over_at + act.limits.release_for))
    told = replace(act, subject=stop_subject(act.account))
    telling_of(told, begun.state).record(*begun.facts)
    return act.done(SignInResult(state=waiting.state))


async def release_by_factor(act: SignInAct, proven: Proven) -> Step[SignInResult | None]:
    """Release the account by a factor that is stronger than a text and older than the mailed password, at once."""
    number, mailed_at = act.account.number_for_release(act.now), act.account.password_mailed_at
    if number is None:
        return act.refuse(Refusal.RELEASE_NEEDS_NUMBER)
    if mailed_at is None or not proven.is_stronger_and_older(mailed_at):
        return act.refuse(Refusal.NEEDS_OLDER_FACTOR)
    shown = replace(act, evidence=act.evidence.with_factor(proven.factor))
    doubted_for = act.limits.mailed_password_for
    shown.keep(act.sign_in.release_with_factor(proven.factor).state)
    shown.keep(act.account.prove_password(proven, act.now, doubted_for))
    await _release(shown, number, trusted=proven.factor)
    return shown.done(SignInResult(state=SignInState.ENDED))


@by_operator
async def release_by_operator(act: Act, reason: str, *, wanted: Wanted = Wanted.RECENT) -> Step[Account]:
    """Open a frozen account; unless told otherwise, the number before a recent change comes back."""
    return await _release(act.for_reason(reason), act.account.number_to_restore(wanted))


async def _release(act: Act, number: PhoneNumber | None, *, trusted: Factor | None = None) -> Step[Account]:
    """Open the account; the number before the change is told too, whichever number is bound now.

    A factor that has just released it is trusted as well as the number.
    """
    before, step = act.account, act.account.release(number, act.now)
    if step.refusal:
        return act.refuse(step.refusal, before)
    doubted = before.factors - before.lost - {trusted} if number else frozenset()
    act.keep(step.state)
    act.work.end_all(act.now)
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
