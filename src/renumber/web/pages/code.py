"""The code page: one form for every code of a sign-in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.applications.journey import JourneyStatus
from renumber.domain.challenge import DIGITS, Challenge, CodeIntent, CodePurpose, CodeState
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.message import LONG_DIGITS
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.domain.typed.codes import digits_in
from renumber.flows.account.release import prove_release_mailbox, prove_release_number
from renumber.flows.codes import factor_of
from renumber.flows.phone_change.new_number import prove_number
from renumber.flows.services import Client, Services
from renumber.flows.sign_in.in_progress import SignInResult, is_stale
from renumber.flows.sign_in.part import wait_ahead
from renumber.flows.sign_in.prove import prove_factor, prove_mailbox, send_again
from renumber.flows.views import code_in_flight
from renumber.web import cookies
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.forms.kept_journey import keep_journey
from renumber.web.forms.other_tabs import of_earlier_step
from renumber.web.forms.typed_number import shown_in_sign_in
from renumber.web.problem import asks_a_program
from renumber.web.refusals import problem_of, send_back, send_back_incomplete
from renumber.web.routes import Routes

routes = Routes()

ONLY_LONG = frozenset({Refusal.RELEASE_PAUSED, Refusal.SEND_LIMIT_REACHED, Refusal.WRONG_LONG_CODE})
COUNTED = timedelta(minutes=1)  # a wait as short as this is counted down by its button


Prove = Callable[[Services, Client, Ticket, str], Awaitable[Step[SignInResult | None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """One of the code pages: its address, its texts, and the flow that checks the code."""

    path: str
    kind: str
    state: SignInState
    purpose: CodePurpose
    prove: Prove
    change_url: str | None = None


PAGES = (
    CodePage(
        path="/sign-in/code",
        kind="phone",
        state=SignInState.AWAITING_FACTOR,
        purpose=CodePurpose.SIGN_IN,
        prove=prove_factor,
    ),
    CodePage(
        path="/sign-in/email-code",
        kind="mailbox",
        state=SignInState.AWAITING_MAILBOX,
        purpose=CodePurpose.MAILBOX,
        prove=prove_mailbox,
    ),
    CodePage(
        path="/sign-in/number/code",
        kind="new_number",
        state=SignInState.AWAITING_NEW_NUMBER,
        purpose=CodePurpose.NEW_NUMBER,
        prove=prove_number,
        change_url="/sign-in/number",
    ),
    CodePage(
        path="/sign-in/release/email",
        kind="release_mailbox",
        state=SignInState.AWAITING_RELEASE_MAILBOX,
        purpose=CodePurpose.RELEASE_MAILBOX,
        prove=prove_release_mailbox,
    ),
    CodePage(
        path="/sign-in/release/phone",
        kind="release_phone",
        state=SignInState.AWAITING_RELEASE_NUMBER,
        purpose=CodePurpose.RELEASE_NUMBER,
        prove=prove_release_number,
    ),
)


def _serve(code_page: CodePage) -> None:
    @routes.in_sign_in.show(code_page.path)
    async def show(exchange: SignInExchange) -> ASGIResponse:
        """Ask for the code; loading the page again sends nothing."""
        return await _page(exchange, code_page)

    @routes.in_sign_in.act(code_page.path)
    async def prove(exchange: SignInExchange) -> ASGIResponse:
        """Check the code that was entered."""
        code = exchange.form.get("code", "")
        if not digits_in(code, *_lengths(code_page)):
            return send_back_incomplete(exchange, code_page.path, "code", typed={"code": code})
        step = await code_page.prove(exchange.services, exchange.client, exchange.ticket, code)
        return await _onward(exchange, code_page, step)

    @routes.in_sign_in.act(f"{code_page.path}/again")
    async def again(exchange: SignInExchange) -> ASGIResponse:
        """Send the code once more."""
        step = await send_again(exchange.services, exchange.client, exchange.ticket)
        if is_stale(step):
            return exchange.go_on(step)
        if step.refusal:
            return _refused(exchange, code_page, step)
        return exchange.redirect(f"{code_page.path}?sent=1")


for _each in PAGES:
    _serve(_each)


def _lengths(code_page: CodePage) -> tuple[int, ...]:
    """Tell a whole code from a slip of the hand, which costs no try."""
    return (DIGITS, LONG_DIGITS) if code_page.purpose is CodePurpose.RELEASE_NUMBER else (DIGITS,)


def _is_due(exchange: SignInExchange, code_page: CodePage) -> bool:
    return exchange.progress.sign_in.state is code_page.state and exchange.progress.intent is not None


def _has_gone(exchange: SignInExchange, code_page: CodePage, step: Step[SignInResult | None]) -> bool:
    """True where no code is valid because the sign-in waits for another; a program is told just that."""
    is_gone = step.refusal is Refusal.NO_CODE and not _is_due(exchange, code_page)
    return is_gone and not asks_a_program(exchange.request)


async def _onward(exchange: SignInExchange, code_page: CodePage, step: Step[SignInResult | None]) -> ASGIResponse:
    if is_stale(step) or _has_gone(exchange, code_page, step):
        return of_earlier_step(exchange, step)
    if step.refusal is Refusal.NUMBER_AT_CAPACITY:
        return send_back(exchange, "/sign-in/number", step.refusal)
    if step.refusal:
        return _refused(exchange, code_page, step)
    if step.state and step.state.state is SignInState.ENDED:
        return exchange.to_sign_in("released", exchange.request.own_request)
    if code_page.purpose is not CodePurpose.NEW_NUMBER:
        return exchange.go_on(step)
    for name in (cookies.RESET, cookies.EMAIL):
        exchange.set_cookie(cookies.removed(name))  # the change is over: no matter who pressed its link
    change = exchange.progress.change
    if change and change.journey:
        keep_journey(exchange, change.account_id, change.journey, status=JourneyStatus.DONE)
    return exchange.go_on(step, signed_in_at="/phone-change/finished")


async def _page(exchange: SignInExchange, code_page: CodePage) -> ASGIResponse:
    progress = exchange.progress
    if not _is_due(exchange, code_page) or progress.intent is None:
        return exchange.go_on()
    seen = await code_in_flight(exchange.services, progress, progress.intent)
    refusal = exchange.returned.refusal
    takes_long = code_page.purpose is CodePurpose.RELEASE_NUMBER and refusal in ONLY_LONG
    suspended = None if takes_long else progress.bar(factor_of(progress.intent), refusal)
    return exchange.page(
        "code.html",
        lacks=exchange.returned.lacks,
        typed=exchange.returned.typed,
        kind=code_page.kind,
        action=code_page.path,
        again=f"{code_page.path}/again",
        suspended=suspended,
        takes_long=takes_long,
        by_link=progress.sign_in.link_id is not None,
        lift_url=_restore_url(code_page) if suspended is Refusal.FACTOR_SUSPENDED else None,
        cancel="/sign-in",
        unproven=progress.sign_in.change_id is None,
        sent=exchange.request.query("sent") == "1",
        destination=_destination(exchange, progress.intent),
        **code_times(exchange, seen.challenge),
        delivery=seen.delivery,
        other_method_url="/sign-in/method" if _has_other(exchange, code_page) else None,
        change_url=code_page.change_url,
        waits_until=_waits_until(exchange, code_page),
    )


def _destination(exchange: SignInExchange, intent: CodeIntent) -> str:
    """Show where the code went: in full the number that was just typed here, since a slip is mended on this page."""
    if intent.purpose is not CodePurpose.NEW_NUMBER:
        return masked_destination(intent)
    return shown_in_sign_in(exchange, PhoneNumber(intent.destination))


def _waits_until(exchange: SignInExchange, code_page: CodePage) -> datetime | None:
    """Say beforehand what the mailbox's code leads to: where it isn't the number at once, from when it would be."""
    progress = exchange.progress
    if code_page.state is not SignInState.AWAITING_MAILBOX or progress.change is None:
        return None
    ahead = wait_ahead(exchange.services, exchange.client, progress.account, change=progress.change)
    return exchange.now + ahead if ahead else None


def _has_other(exchange: SignInExchange, code_page: CodePage) -> bool:
    """After the password the picker is always there; from the way to a new number, if it lists anything."""
    return code_page.state is SignInState.AWAITING_FACTOR or exchange.progress.has_other_method


def _refused(exchange: SignInExchange, code_page: CodePage, step: Step[SignInResult | None]) -> ASGIResponse:
    has_other = _has_other(exchange, code_page)
    problem = problem_of(
        exchange,
        step.refusal,
        tries_left=step.tries_left,
        open_at=step.open_at,
        has_other=has_other,
        counted=COUNTED,
    )
    return send_back(exchange, code_page.path, step.refusal, problem=problem)


def _restore_url(code_page: CodePage) -> str | None:
    """A suspended phone is opened by the mailbox; a suspended mailbox only by the link of a forgotten password."""
    by_mailbox = (CodePurpose.SIGN_IN, CodePurpose.NEW_NUMBER)
    return "/sign-in/lift/again" if code_page.purpose in by_mailbox else None


def code_times(exchange: Exchange, challenge: Challenge | None) -> dict[str, Any]:
    """Give the times until which a code holds, and from which it can be sent again; a spent one is never right."""
    pauses = exchange.services.rules.limits.resend_pauses
    is_live = challenge is not None and challenge.state is CodeState.LIVE and challenge.expires_at > exchange.now
    return {
        "spent": challenge is not None and challenge.state is CodeState.SPENT,
        "expires_at": challenge.expires_at if challenge and is_live else None,
        "resend_at": challenge.next_send_at(pauses) if challenge else None,
    }


def masked_destination(intent: CodeIntent) -> str:
    """Mask the number or address that a code goes to."""
    to = intent.destination
    return PhoneNumber(to).masked if to.startswith("+") else EmailAddress(to).masked
