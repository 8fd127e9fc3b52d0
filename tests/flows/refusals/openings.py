"""Refusals of the openings: each act that needs a session, a sign-in, a link or a managed factor, without having it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Session
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password
from renumber.flows.account.release import begin_release, prove_release_mailbox, prove_release_number
from renumber.flows.factors.lost import report_at_sign_in, report_in_session, restore_lost
from renumber.flows.factors.recovery_codes import make_set, prove_code, remove_set
from renumber.flows.factors.suspended import restore_by_code, restore_mailbox, send_restore_code
from renumber.flows.factors.totp import begin_totp, confirm_totp, pending_totp, prove_totp, remove_totp
from renumber.flows.journey.begin import begin_journey
from renumber.flows.passkeys.prove import prove_passkey, reauthenticate_with_passkey
from renumber.flows.passkeys.register import begin_passkey, confirm_passkey, remove_passkey, rename_passkey
from renumber.flows.phone_change.link import press_link
from renumber.flows.phone_change.new_number import begin_in_session, enter_number, prove_number
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from renumber.flows.push.answer import ask_again, finish_push
from renumber.flows.push.devices import remove_device, rename_device
from renumber.flows.push.enrol import begin_device, enrol_device, look_at_invitation
from renumber.flows.sessions import (
    choose_language,
    end_other_sessions,
    end_session,
    reauthenticate,
    sign_out,
)
from renumber.flows.sign_in.method import choose_method
from renumber.flows.sign_in.prove import prove_factor, prove_mailbox, send_again
from tests.builders import CODE, NEW
from tests.flows.person import PASSWORD, Browser, Person
from tests.flows.push.phone import Phone
from tests.flows.refusals.case import Case, Refused, give_password, in_session, in_sign_in
from tests.flows.world import with_rules

Act = Callable[..., Refused]
Ready = Callable[[Person], Awaitable[Browser]]
Run = Callable[[Ready, Act, tuple[Any, ...], Person], Awaitable[Refused]]
NOBODYS = "A" * 22
ANY_ID = "0" * 32

ADDING: dict[Act, tuple[Any, ...]] = {
    make_set: ("",),
    begin_totp: (),
    pending_totp: (),
    confirm_totp: (CODE,),
    begin_passkey: (),
    begin_device: (),
    partial(confirm_passkey, text="no answer", name=""): (),
}
MANAGING: dict[Act, tuple[Any, ...]] = {
    **ADDING,
    remove_set: (),
    remove_totp: (),
    rename_passkey: (ANY_ID, "Key"),
    remove_passkey: (ANY_ID,),
    look_at_invitation: (ANY_ID,),
    rename_device: (ANY_ID, "Phone"),
    remove_device: (ANY_ID,),
    restore_lost: (Factor.TOTP,),
    report_in_session: (Factor.TOTP,),
}
IN_SESSION: dict[Act, tuple[Any, ...]] = {
    **MANAGING,
    choose_language: ("en",),
    sign_out: (),
    end_session: (ANY_ID,),
    end_other_sessions: (),
    reauthenticate_with_passkey: ("no answer",),
    begin_in_session: (),
    partial(reauthenticate, password=PASSWORD): (),
    request_change: (),
    send_link_again: (),
    cancel_change: (),
}
AT_ONE_STATE: dict[Act, tuple[Any, ...]] = {
    prove_code: (CODE,),
    prove_totp: (CODE,),
    prove_passkey: ("no answer",),
    begin_release: (),
    prove_release_mailbox: (CODE,),
    prove_release_number: (CODE,),
    enter_number: (NEW,),
    prove_number: (CODE,),
    ask_again: (),
    finish_push: (),
    prove_mailbox: (CODE,),
}
IN_SIGN_IN: dict[Act, tuple[Any, ...]] = {
    **AT_ONE_STATE,
    prove_factor: (CODE,),
    send_again: (),
    choose_method: (Factor.TOTP,),
    report_at_sign_in: (Factor.TOTP,),
    send_restore_code: (),
    restore_by_code: (CODE,),
}
BEHIND_LINK: dict[Act, tuple[Any, ...]] = {
    freeze_by_link: (),
    restore_mailbox: (),
    press_link: (),
    begin_journey: (),
    partial(choose_password, password=PASSWORD): (),
}


async def signed_in(person: Person) -> Browser:
    """A browser with a session."""
    return await person.sign_in_to_manage()


async def signed_in_a_moment_ago(person: Person) -> Browser:
    """A browser, or whoever has stolen its cookie, that has proven nothing since it signed in."""
    return await person.sign_in()


async def signed_out(person: Person) -> Browser:
    """A browser whose cookie belongs to a session that has ended."""
    await in_session(await person.sign_in_to_manage(), sign_out)
    return person.browser


async def signed_in_long_ago(person: Person) -> Browser:
    """A browser whose session is no longer fresh."""
    await person.sign_in_to_manage()
    person.world.clock.move(minutes=20)
    return person.browser


async def signed_in_without_factor(person: Person) -> Browser:
    """A browser whose session no second factor has confirmed."""
    ticket = (await person.sign_in_to_manage()).ticket
    async with person.world.services.store.work(person.account_id) as work:
        session = await work.load(Session, ticket.id)
        assert session
        work.keep(replace(session, factor=None, factor_at=None))
    return person.browser


async def signed_in_where_the_phone_is_all(person: Person) -> Browser:
    """A browser with a session, after the operator has left out every method but the phone."""
    await person.sign_in_to_manage()
    person.world.services = with_rules(person.world.services, methods=(Factor.PHONE,))
    return person.browser


async def begun_too_long_ago(person: Person) -> Browser:
    """A browser whose sign-in has run out."""
    await give_password(person)
    person.world.clock.move(minutes=30)
    return person.browser


async def act_in_session(ready: Ready, act: Act, given: tuple[Any, ...], person: Person) -> Refused:
    """Let the act be refused in the session of this browser."""
    return in_session(await ready(person), act, *given)


async def act_in_sign_in(ready: Ready, act: Act, given: tuple[Any, ...], person: Person) -> Refused:
    """Let the act be refused in the sign-in of this browser."""
    return in_sign_in(await ready(person), act, *given)


async def act_behind_link(act: Act, given: tuple[Any, ...], person: Person) -> Refused:
    """Let the act be refused behind a link that nobody was sent."""
    return act(person.world.services, person.browser.client, NOBODYS, *given)


async def enrol_unknown(person: Person) -> Refused:
    """Let a phone come with a QR code that nobody made."""
    candidate = Phone(person.world).candidate(NOBODYS)
    return enrol_device(person.world.services, person.browser.client, NOBODYS, candidate)


def _named(act: Act, of: str) -> str:
    return f"{getattr(act, 'func', act).__name__}: {of}"


def cases(
    of: str, refusal: Refusal, run: Run, ready: Ready, acts: dict[Act, tuple[Any, ...]], *, of_nobody: bool = False
) -> list[Case]:
    """One case for each of these acts."""
    return [Case(_named(act, of), refusal, partial(run, ready, act, given), of_nobody) for act, given in acts.items()]


CASES = [
    *cases("signed out", Refusal.SESSION_UNKNOWN, act_in_session, signed_out, IN_SESSION),
    *cases("no factor", Refusal.NEEDS_SECOND_FACTOR, act_in_session, signed_in_without_factor, MANAGING),
    *cases("stale", Refusal.NEEDS_FRESH_AUTHENTICATION, act_in_session, signed_in_long_ago, MANAGING),
    *cases("cookie", Refusal.NEEDS_FRESH_AUTHENTICATION, act_in_session, signed_in_a_moment_ago, MANAGING),
    *cases("left out", Refusal.METHOD_NOT_OFFERED, act_in_session, signed_in_where_the_phone_is_all, ADDING),
    *cases("too late", Refusal.SIGN_IN_EXPIRED, act_in_sign_in, begun_too_long_ago, IN_SIGN_IN),
    *cases("not due", Refusal.NOT_NOW, act_in_sign_in, give_password, AT_ONE_STATE),
    *(
        Case(_named(act, "unknown"), Refusal.LINK_UNKNOWN, partial(act_behind_link, act, given), of_nobody=True)
        for act, given in BEHIND_LINK.items()
    ),
    Case("enrol_device: unknown", Refusal.LINK_UNKNOWN, enrol_unknown, of_nobody=True),
]
