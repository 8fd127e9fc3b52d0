"""The code page: one form for every code of a sign-in."""

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

from litestar.response.base import ASGIResponse

from renumber.domain.challenge import Challenge, CodeIntent, CodePurpose, CodeState
from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import prove_release_mailbox, prove_release_number
from renumber.flows.act import Client, Services
from renumber.flows.codes import factor_of
from renumber.flows.phone_change.new_number import prove_number
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.sign_in.prove import prove_factor, prove_mailbox, send_again
from renumber.flows.views import code_in_flight
from renumber.web import cookies
from renumber.web.exchange import Exchange
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of
from renumber.web.templating import Problem

routes = Routes()

SIX_DIGITS = re.compile(r"[\s-]*(?:[0-9][\s-]*){6}")


class Prove(Protocol):
    """A flow that takes a code."""

    def __call__(self, services: Services, client: Client, ticket: Ticket, *, code: str) -> Awaitable[SignInResult]: ...


@dataclass(frozen=True, slots=True)
class CodePage:
    """One of the code pages: its address, its words, and the flow that checks."""

    path: str
    kind: str
    state: SignInState
    purpose: CodePurpose
    prove: Prove
    extra: dict[str, Any]


PAGES = (
    CodePage(
        "/sign-in/code",
        "phone",
        SignInState.AWAITING_FACTOR,
        CodePurpose.SIGN_IN,
        prove_factor,
        {},
    ),
    CodePage("/sign-in/email-code", "mailbox", SignInState.AWAITING_MAILBOX, CodePurpose.MAILBOX, prove_mailbox, {}),
    CodePage(
        "/sign-in/number/code",
        "new_number",
        SignInState.AWAITING_NEW_NUMBER,
        CodePurpose.NEW_NUMBER,
        prove_number,
        {"change_url": "/sign-in/number"},
    ),
    CodePage(
        "/sign-in/release/email",
        "release_mailbox",
        SignInState.AWAITING_RELEASE_MAILBOX,
        CodePurpose.RELEASE_MAILBOX,
        prove_release_mailbox,
        {},
    ),
    CodePage(
        "/sign-in/release/phone",
        "release_phone",
        SignInState.AWAITING_RELEASE_NUMBER,
        CodePurpose.RELEASE_NUMBER,
        prove_release_number,
        {},
    ),
)


def _serve(page: CodePage) -> None:
    @routes.show(page.path, Access.SIGN_IN)
    async def show(exchange: Exchange) -> ASGIResponse:
        """Show the form; loading it again sends nothing."""
        return await _shown(exchange, page)

    @routes.act(page.path, Access.SIGN_IN)
    async def prove(exchange: Exchange) -> ASGIResponse:
        """Check the code."""
        code = (await exchange.form()).get("code", "")
        if not is_whole(code):
            return await _shown(exchange, page, typed=code)
        result = await page.prove(exchange.services, exchange.client, _ticket(exchange), code=code)
        return await _onward(exchange, page, result)

    @routes.act(f"{page.path}/again", Access.SIGN_IN)
    async def again(exchange: Exchange) -> ASGIResponse:
        """Send the code once more."""
        await exchange.form()
        result = await send_again(exchange.services, exchange.client, _ticket(exchange))
        if result.refusal:
            return await _shown(exchange, page, result)
        return exchange.go(f"{page.path}?sent=1")


for _page in PAGES:
    _serve(_page)


def is_whole(code: str) -> bool:
    """Six digits, however they are spaced; anything else is a slip of the hand, and costs no try."""
    return bool(SIX_DIGITS.fullmatch(code[:32]))


def _ticket(exchange: Exchange) -> Ticket:
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    return exchange.sign_in_ticket


async def _onward(exchange: Exchange, page: CodePage, result: SignInResult) -> ASGIResponse:
    if result.is_stale:
        return exchange.go(page_of(result))
    if result.refusal is Refusal.NUMBER_AT_CAPACITY:
        return exchange.go("/sign-in/number?problem=capacity")
    if result.refusal:
        return await _shown(exchange, page, result)
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return _finished(exchange) if page.purpose is CodePurpose.NEW_NUMBER else exchange.go("/")
    assert result.state is not None, "a proven code leads to a state"
    return exchange.go("/sign-in?notice=released" if result.state is SignInState.ENDED else page_of(result))


def _finished(exchange: Exchange) -> ASGIResponse:
    """The change is over, so that it no longer matters who pressed its link."""
    exchange.set_cookie(cookies.removed(cookies.RESET))
    return exchange.go("/phone-change/finished")


async def _shown(
    exchange: Exchange, page: CodePage, result: SignInResult | None = None, *, typed: str | None = None
) -> ASGIResponse:
    progress = exchange.progress
    if progress.sign_in.state is not page.state or progress.intent is None:
        return exchange.go(page_of(progress.sign_in))
    seen = await code_in_flight(exchange.site.reads, progress, progress.intent)
    refusal = result.refusal if result else None
    suspended = progress.is_suspended(factor_of(progress.intent, progress.account), refusal)
    return exchange.page(
        "code.html",
        status=code_status(result, typed),
        problem=_problem(exchange, page, result),
        typed_code=None if typed is None else typed[:32],
        kind=page.kind,
        action=page.path,
        again=f"{page.path}/again",
        suspended=suspended,
        lift_url=_lift_url(page) if suspended else None,
        cancel="/sign-in",
        step=3 if progress.change and progress.change.old_number else None,
        sent=exchange.query("sent") == "1",
        destination=masked_destination(progress.intent),
        **code_times(exchange, seen.challenge),
        other_method_url="/sign-in/method" if _has_other(exchange, page) else None,
        **page.extra,
    )


def _has_other(exchange: Exchange, page: CodePage) -> bool:
    """After the password the picker is always there; from the way to a new number, if it lists anything."""
    return page.state is SignInState.AWAITING_FACTOR or exchange.progress.has_other_method


def code_status(result: SignInResult | None, typed: str | None) -> int:
    """What the code page answers with: a code that isn't whole is refused like any other wrong entry."""
    return 422 if typed is not None else status_of(result.refusal) if result else 200


def _problem(exchange: Exchange, page: CodePage, result: SignInResult | None) -> Problem | None:
    if result is None:
        return None
    return problem_of(
        exchange,
        result.refusal,
        tries_left=result.tries_left,
        open_at=result.open_at,
        has_other=_has_other(exchange, page),
    )


def _lift_url(page: CodePage) -> str | None:
    """A suspended phone is opened by the mailbox; a suspended mailbox only by the link of a forgotten password."""
    by_mailbox = (CodePurpose.SIGN_IN, CodePurpose.NEW_NUMBER, CodePurpose.RELEASE_NUMBER)
    return "/sign-in/lift/again" if page.purpose in by_mailbox else None


def code_times(exchange: Exchange, challenge: Challenge | None) -> dict[str, Any]:
    """Until when the code in flight can be used, and from when it can be sent again; a spent one is never right."""
    pauses = exchange.services.rules.limits.resend_pauses
    is_live = challenge is not None and challenge.state is CodeState.LIVE and challenge.expires_at > exchange.now
    return {
        "spent": challenge is not None and challenge.state is CodeState.SPENT,
        "expires_at": challenge.expires_at if challenge and is_live else None,
        "resend_at": challenge.next_send_at(pauses) if challenge else None,
    }


def masked_destination(intent: CodeIntent) -> str:
    """Where a code goes, as it may be shown."""
    to = intent.destination
    return PhoneNumber(to).masked if to.startswith("+") else EmailAddress(to).masked
