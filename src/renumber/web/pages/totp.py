"""The authenticator app: adding it on the profile, and its code at a sign-in."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.totp import DIGITS, TotpKey
from renumber.domain.typed.codes import digits_in
from renumber.flows.factors import totp
from renumber.flows.sign_in.in_progress import is_stale
from renumber.web.exchange import SessionExchange, SignInExchange
from renumber.web.formats.qr import qr_svg
from renumber.web.formats.verbs import Verb
from renumber.web.forms.other_tabs import of_earlier_step
from renumber.web.pages.profile import finished, refused
from renumber.web.refusals import problem_of, send_back, send_back_incomplete
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import step_up_path

routes = Routes()

HERE = "/profile/app"


@routes.in_session.act(HERE)
async def begin_totp(exchange: SessionExchange) -> ASGIResponse:
    """Make a key for an authenticator app."""
    step = await totp.begin_totp(exchange.services, exchange.client, exchange.ticket)
    return await refused(exchange, step.refusal, act=HERE) if step.refusal else exchange.redirect(HERE)


@routes.in_session.show(HERE)
async def show_key(exchange: SessionExchange) -> ASGIResponse:
    """Show the key, as a QR code and as text, and ask for its first code."""
    step = await totp.pending_totp(exchange.services, exchange.client, exchange.ticket)
    if step.refusal:
        return await refused(exchange, step.refusal, verb=Verb.ADD)
    return _key(exchange, step.state) if step.state else exchange.redirect("/profile")


def _key(exchange: SessionExchange, key: TotpKey) -> ASGIResponse:
    uri = key.uri(exchange.site.brand, exchange.visit.account.email.text)
    return exchange.page(
        "app_new.html",
        key=key.text,
        qr=qr_svg(uri),
        uri=uri,
        lacks=exchange.returned.lacks,
        typed=exchange.returned.typed,
    )


@routes.in_session.act("/profile/app/confirm")
async def confirm_totp(exchange: SessionExchange) -> ASGIResponse:
    """Bind the app with the first code that it shows."""
    code = exchange.form.get("code", "")
    if not digits_in(code, DIGITS):
        return send_back_incomplete(exchange, HERE, "code", typed={"code": code})
    step = await totp.confirm_totp(exchange.services, exchange.client, exchange.ticket, code=code)
    if step.refusal and step.state:
        return send_back(exchange, HERE, step.refusal)
    return await refused(exchange, step.refusal, verb=Verb.ADD) if step.refusal else finished(exchange, "app_added")


@routes.in_session.take_away("/profile/app/remove")
async def remove_totp(exchange: SessionExchange) -> ASGIResponse:
    """Remove the app."""
    step = await totp.remove_totp(exchange.services, exchange.client, exchange.ticket)
    return (
        await refused(exchange, step.refusal, "/profile/app/remove", verb=Verb.REMOVE)
        if step.refusal
        else finished(exchange, "factor_removed")
    )


@routes.in_sign_in.show("/sign-in/app")
async def show_code(exchange: SignInExchange) -> ASGIResponse:
    """Ask for the code that the app shows."""
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.TOTP):
        return exchange.go_on()
    suspended = progress.bar(Factor.TOTP, exchange.returned.refusal)
    return exchange.page(
        "app_code.html",
        suspended=suspended,
        step_up=step_up_path(progress.sign_in, exchange.request.own_request),
        lacks=exchange.returned.lacks,
        typed=exchange.returned.typed,
    )


@routes.in_sign_in.act("/sign-in/app")
async def prove_totp(exchange: SignInExchange) -> ASGIResponse:
    """Check the code that the app shows."""
    code = exchange.form.get("code", "")
    if exchange.progress.sign_in.awaits(Factor.TOTP) and not digits_in(code, DIGITS):
        return send_back_incomplete(exchange, "/sign-in/app", "code", typed={"code": code})
    step = await totp.prove_totp(exchange.services, exchange.client, exchange.ticket, code=code)
    if is_stale(step):
        return of_earlier_step(exchange, step)
    if step.refusal:
        problem = problem_of(exchange, step.refusal, tries_left=step.tries_left)
        return send_back(exchange, "/sign-in/app", step.refusal, problem=problem)
    return exchange.go_on(step)
