"""Recovery codes: made and shown once on the profile, and one of them given at a sign-in."""

import re
from datetime import datetime

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.recovery_codes import COUNT, GROUP, LENGTH, LETTERS
from renumber.flows.factors.recovery_codes import NewSet, make_set, prove_code, remove_set
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.policies.assurance import may_replace
from renumber.web.exchange import Exchange, Malformed
from renumber.web.pages.factors import anew, finished, ticket_of
from renumber.web.refusals import problem_of, status_of
from renumber.web.reply import reply
from renumber.web.routes import Access, Routes, page_of

routes = Routes()

HERE = "/profile/recovery-codes"
CODE = re.compile(rf"[{LETTERS}]{{{GROUP}}}(?:-[{LETTERS}]{{{GROUP}}}){{{LENGTH // GROUP - 1}}}")


@routes.show(HERE, Access.SESSION)
async def show(exchange: Exchange) -> ASGIResponse:
    """Say how many are left, or what they are good for; none is ever shown again."""
    return await _standing(exchange)


async def _standing(exchange: Exchange, refusal: Refusal | None = None) -> ASGIResponse:
    exchange.shown_at = HERE
    found = (await exchange.site.reads.factor_list(exchange.visit.account.account_id)).of(Factor.RECOVERY_CODE)
    codes = found[0] if found else None
    return exchange.page(
        "recovery_codes.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        left=codes.left if codes else 0,
        made_at=codes.made_at if codes else None,
        replacing=codes.made_at.isoformat() if codes else "",
        held_until=exchange.visit.held_until,
        may_make=_may_make(exchange, codes.made_at if codes else None),
    )


def _may_make(exchange: Exchange, made_at: datetime | None) -> bool:
    account, hold_for = exchange.visit.account, exchange.services.rules.limits.hold_for
    held = may_replace(account, Factor.RECOVERY_CODE, exchange.now, made_at=made_at, hold_for=hold_for)
    return held is None


@routes.act(HERE, Access.SESSION)
async def make(exchange: Exchange) -> ASGIResponse:
    """Make a set, which stands in this answer alone; the same post again, as by loading the page, makes no other."""
    replacing = (await exchange.form()).get("replacing", "")
    step = await make_set(exchange.services, exchange.client, ticket_of(exchange), replacing=replacing)
    if step.refusal is Refusal.CODES_SHOWN:
        return await _standing(exchange, step.refusal)
    return _new(exchange, step.state) if step.state else await anew(exchange, step.refusal)


def _new(exchange: Exchange, made: NewSet) -> ASGIResponse:
    exchange.shown_at = HERE
    email = exchange.visit.account.email.masked
    return exchange.page("recovery_codes_new.html", codes=made.codes, made_at=made.kept.made_at, email=email)


@routes.act(f"{HERE}/file", Access.SESSION)
async def save(exchange: Exchange) -> ASGIResponse:
    """Give the codes that the page just showed back as a file, for those whose browser runs no script."""
    codes = (await exchange.form()).get("codes", "").split()
    if not codes or len(codes) > COUNT or not all(CODE.fullmatch(code) for code in codes):
        raise Malformed
    kept = [("content-disposition", 'attachment; filename="recovery-codes.txt"')]
    text = "\r\n".join([exchange.site.brand, "", *codes, ""])
    return reply(exchange.request, text, "text/plain; charset=utf-8", headers=kept)


@routes.act(f"{HERE}/remove", Access.SESSION)
async def remove(exchange: Exchange) -> ASGIResponse:
    """Take them away."""
    await exchange.form()
    refusal = await remove_set(exchange.services, exchange.client, ticket_of(exchange))
    return await anew(exchange, refusal) if refusal else finished(exchange, "factor_removed")


@routes.show("/sign-in/recovery-code", Access.SIGN_IN)
async def show_code(exchange: Exchange) -> ASGIResponse:
    """Ask for one."""
    return _asked(exchange)


def _asked(exchange: Exchange, result: SignInResult | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.RECOVERY_CODE):
        return exchange.go(page_of(progress.sign_in))
    refusal = result.refusal if result else None
    return exchange.page(
        "recovery_code.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, tries_left=result.tries_left if result else None),
        suspended=progress.is_suspended(Factor.RECOVERY_CODE, refusal),
        step=3 if progress.change and progress.change.old_number else None,
    )


@routes.act("/sign-in/recovery-code", Access.SIGN_IN)
async def prove(exchange: Exchange) -> ASGIResponse:
    """Check it; afterwards the profile says how many are left, and what else could be set up."""
    code = (await exchange.form()).get("code", "")
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    result = await prove_code(exchange.services, exchange.client, exchange.sign_in_ticket, code=code)
    if result.refusal and not result.is_stale:
        return _asked(exchange, result)
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.go("/profile?notice=code_used")
    return exchange.go(page_of(result))
