"""Proving a factor for a call: by a code of the app or of a text, counted as everywhere, and worth nothing elsewhere.

Whatever is wrong looks the same to the caller: a wrong code, a method that the account hasn't, one that is paused.
"""

from dataclasses import replace

from renumber.domain.challenge import DIGITS, Challenge, CodeIntent, CodePurpose
from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import CallerCheck
from renumber.domain.totp import Slot, TotpKey
from renumber.domain.typed.codes import digits_in
from renumber.flows.act import Act
from renumber.flows.attempts import keep_status, record_failure, status_of
from renumber.flows.codes import next_code
from renumber.flows.consequences import send
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.support.caller.opening import CallerAct
from renumber.flows.support.case import add_caller
from renumber.policies.cooling_off import is_new
from renumber.policies.limits import ip_allowances
from renumber.policies.support.caller import takes_callers, text_allowances


async def send_text(act: CallerAct) -> Step[None]:
    """Send a code for the call to the account's number, if it has one and the limits allow it."""
    number, rules = act.account.number, act.services.rules.caller
    if number is None:
        return act.refuse(Refusal.FACTOR_UNKNOWN)
    if not takes_callers(await status_of(act, Factor.PHONE), act.limits):
        return act.refuse(Refusal.FACTOR_SUSPENDED)
    hashed = act.services.secrets.fingerprints
    to_number = Quota(hashed(KeyedHash.SENDS_TO_CALLER, number.e164), text_allowances(rules))
    to_ip = Quota(hashed(KeyedHash.SENDS_TO_IP, act.client.place), ip_allowances(act.limits))
    open_at = await act.work.take([to_number, to_ip], act.now)
    if open_at:
        return act.refuse(Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    intent = _intent(act.check, number.e164)
    code = next_code(act, await act.work.load(Challenge, intent.slot), intent)
    act.keep(code)
    send(act, Notice.CALLER_CODE, Channel.SMS, to=code.destination, until=code.expires_at, code=code.derived)
    return act.done(None, Fact.CODE_SENT)


def _intent(check: CallerCheck, number: str) -> CodeIntent:
    """A code for this check alone: no sign-in, change or release has this purpose, or this id."""
    return CodeIntent(purpose=CodePurpose.CALLER, sign_in_id=check.check_id, about="", destination=number)


async def prove_by_text(act: CallerAct, typed: str) -> Proven | None:
    """Compare a code that went to the account's number."""
    number = act.account.number
    if number is None or not takes_callers(await status_of(act, Factor.PHONE), act.limits):
        return None
    intent = _intent(act.check, number.e164)
    code = await act.work.load(Challenge, intent.slot)
    if code is None or not code.is_for(intent):
        return None
    secrets, before = act.services.secrets, code.earlier_derived(act.now)
    checked = code.check(
        digits_in(typed, DIGITS),
        secrets.code(code.derived),
        act.now,
        checks=act.limits.code_checks,
        earlier=secrets.code(before) if before else None,
    )
    act.keep(checked.state)
    if checked.refusal is None or checked.tries_left is not None:
        await count(act, Factor.PHONE, is_right=checked.refusal is None)
    return None if checked.refusal else Proven(Factor.PHONE, act.account.number_changed_at)


async def prove_by_app(act: CallerAct, typed: str) -> Proven | None:
    """Compare a code of the authenticator app; its step counts once, at whichever page (RFC 6238 section 5.2)."""
    key = await act.work.load(TotpKey, Slot.IN_USE)
    if key is None or key.removed_at or not takes_callers(await status_of(act, Factor.TOTP), act.limits):
        return None
    checked = key.check(digits_in(typed, DIGITS), act.now)
    await count(act, Factor.TOTP, is_right=checked.refusal is None)
    if checked.refusal:
        return None
    act.keep(checked.state)
    return Proven(Factor.TOTP, key.made_at)


async def count(act: Act, factor: Factor, *, is_right: bool) -> None:
    """Count an answer on its factor, whose count outlives every check (NIST 3.2.2)."""
    status = await status_of(act, factor)
    counted = status.record_success(act.now) if is_right else record_failure(act, status)
    keep_status(act, counted.state)
    act.on_factor(factor).record(*counted.facts)


async def settle(act: Act, check: CallerCheck, proven: Proven | None) -> Step[CallerCheck]:
    """End the check with a proof, or count the wrong answer; a proof becomes evidence of a case that collects some."""
    if proven is None:
        return _fail(act, check)
    new = is_new(proven.made_at, act.now, act.limits.hold_for)
    step = check.prove(act.now, is_new=new)
    shown = replace(act, evidence=act.evidence.with_factor(proven.factor)).on_factor(proven.factor)
    done = shown.carry_out(step)
    if step.refusal is None:
        await add_caller(act)
    return done


def _fail(act: Act, check: CallerCheck) -> Step[CallerCheck]:
    step = check.fail(act.now, tries=act.services.rules.caller.tries)
    act.keep(step.state)
    refusal = step.refusal or Refusal.CALLER_NOT_PROVEN
    return act.refuse(refusal, step.state, facts=step.facts, tries_left=step.tries_left)
