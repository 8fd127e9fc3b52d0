"""Recovery codes: made and shown once on the profile, and one of them given at a sign-in."""

import re

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.recovery_codes import COUNT, GROUP, LENGTH, LETTERS, code_in
from renumber.flows.factors import recovery_codes
from renumber.flows.factors.views import recovery_codes_view
from renumber.flows.sign_in.in_progress import is_stale
from renumber.web.access import Malformed
from renumber.web.exchange import SessionExchange, SignInExchange
from renumber.web.formats.factor_rows import bar_of
from renumber.web.formats.verbs import Verb
from renumber.web.forms.kept_journey import way_back_of
from renumber.web.forms.new_codes import NewCodes, keep_new, take_new
from renumber.web.forms.other_tabs import of_earlier_step
from renumber.web.pages.profile import finished, refused
from renumber.web.refusals import problem_of, send_back, send_back_incomplete
from renumber.web.reply import reply
from renumber.web.routes import Routes

routes = Routes()

HERE = "/profile/recovery-codes"
MADE = f"{HERE}/made"
CODE = re.compile(rf"[{LETTERS}]{{{GROUP}}}(?:-[{LETTERS}]{{{GROUP}}}){{{LENGTH // GROUP - 1}}}")


@routes.in_session.show(HERE)
async def show_set(exchange: SessionExchange) -> ASGIResponse:
    """Say how many recovery codes are left, or what they are good for; none is ever shown again."""
    view = await recovery_codes_view(exchange.services, exchange.visit)
    codes = view.codes
    return exchange.page(
        "recovery_codes.html",
        left=codes.left if codes else 0,
        made_at=codes.made_at if codes else None,
        held_until=exchange.visit.held_for(codes.made_at if codes else None),
        may_make=view.may_make,
        state=bar_of(exchange.visit.account, Factor.RECOVERY_CODE),
        way_back=way_back_of(exchange),
    )


@routes.in_session.act(HERE)
async def make_first_set(exchange: SessionExchange) -> ASGIResponse:
    """Make a set where none is left: the same post again, as by loading the page, makes no other."""
    return await _make(exchange, HERE, replacing="", act=HERE)


@routes.in_session.take_away(f"{HERE}/new")
async def make_another_set(exchange: SessionExchange) -> ASGIResponse:
    """Make a set in the place of the one that the page named."""
    return await _make(exchange, f"{HERE}/new", replacing=exchange.form.get("replacing", ""))


async def _make(exchange: SessionExchange, path: str, *, replacing: str, act: str = "") -> ASGIResponse:
    """Make a set; the page that shows it is another, so that loading that again makes no other set."""
    step = await recovery_codes.make_set(exchange.services, exchange.client, exchange.ticket, replacing=replacing)
    if step.refusal is Refusal.CODES_SHOWN:
        return send_back(exchange, HERE, step.refusal)
    if step.refusal or step.state is None:
        return await refused(exchange, step.refusal, path, verb=Verb.ADD, act=act)
    keep_new(exchange, NewCodes(step.state.codes, step.state.kept.made_at))
    return exchange.redirect(MADE)


@routes.in_session.show(MADE)
async def show_new_set(exchange: SessionExchange) -> ASGIResponse:
    """Show the codes that were just made, once; whoever comes back reads what to do without them."""
    new, email = take_new(exchange), exchange.visit.account.email.masked
    if new is None:
        return exchange.redirect(HERE)
    return exchange.page("recovery_codes_new.html", codes=new.codes, made_at=new.made_at, email=email)


@routes.in_session.act(f"{HERE}/file")
async def download_set(exchange: SessionExchange) -> ASGIResponse:
    """Give the codes that the page just showed back as a file, for those whose browser runs no script."""
    codes = exchange.form.get("codes", "").split()
    if not codes or len(codes) > COUNT or not all(CODE.fullmatch(code) for code in codes):
        raise Malformed
    kept = [("content-disposition", 'attachment; filename="recovery-codes.txt"')]
    text = "\r\n".join([exchange.site.brand, "", *codes, ""])
    return reply(exchange.request.http, text, "text/plain; charset=utf-8", headers=kept)


@routes.in_session.take_away(f"{HERE}/remove")
async def remove_set(exchange: SessionExchange) -> ASGIResponse:
    """Remove the codes."""
    step = await recovery_codes.remove_set(exchange.services, exchange.client, exchange.ticket)
    if step.refusal:
        return await refused(exchange, step.refusal, f"{HERE}/remove", verb=Verb.REMOVE)
    return finished(exchange, "factor_removed")


@routes.in_sign_in.show("/sign-in/recovery-code")
async def show_code(exchange: SignInExchange) -> ASGIResponse:
    """Ask for a recovery code at a sign-in."""
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.RECOVERY_CODE):
        return exchange.go_on()
    suspended = progress.bar(Factor.RECOVERY_CODE, exchange.returned.refusal)
    return exchange.page(
        "recovery_code.html", suspended=suspended, lacks=exchange.returned.lacks, typed=exchange.returned.typed
    )


@routes.in_sign_in.act("/sign-in/recovery-code")
async def prove_code(exchange: SignInExchange) -> ASGIResponse:
    """Check a recovery code; afterwards the profile says how many are left, and what else could be set up."""
    code = exchange.form.get("code", "")
    if exchange.progress.sign_in.awaits(Factor.RECOVERY_CODE) and not code_in(code):
        return send_back_incomplete(exchange, "/sign-in/recovery-code", "code", typed={"code": code})
    step = await recovery_codes.prove_code(exchange.services, exchange.client, exchange.ticket, code=code)
    if is_stale(step):
        return of_earlier_step(exchange, step)
    if step.refusal:
        problem = problem_of(exchange, step.refusal, tries_left=step.tries_left)
        return send_back(exchange, "/sign-in/recovery-code", step.refusal, problem=problem)
    return exchange.go_on(step, signed_in_at="/profile?notice=code_used")
