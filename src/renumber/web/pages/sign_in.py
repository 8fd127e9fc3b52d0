"""The sign-in page: address and password."""

from litestar.response.base import ASGIResponse

from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows import sessions
from renumber.flows.oidc.authorize import Asked, find
from renumber.flows.sign_in.begin import give_password
from renumber.flows.views import email_of_asker, email_of_sign_in
from renumber.policies.email_addresses import address_to_look_up
from renumber.policies.oidc.assurance import takes_only_passkeys
from renumber.web import cookies
from renumber.web.admission import visit_of
from renumber.web.exchange import Exchange, onward_path
from renumber.web.forms.asked_for import asked_for, request_id
from renumber.web.forms.form_id import form_id
from renumber.web.forms.kept_entries import is_kept
from renumber.web.forms.known_email import known_email
from renumber.web.pages.password import is_whole
from renumber.web.refusals import problem_of, send_back, send_back_incomplete
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import page_of

routes = Routes()

AFTER_RESET = "number_removed"
NOTICES = frozenset({"signed_out", AFTER_RESET, "session_ended", "took_too_long", "password_changed", "released"})


@routes.for_anyone.show("/sign-in")
async def show_sign_in(exchange: Exchange) -> ASGIResponse:
    """Ask for address and password, or lead whoever is signed in to the start page, or on to an application."""
    asked_id = request_id(exchange.request.query("request"))
    if await visit_of(exchange) and not (asked_id and exchange.request.query("anew")):
        return exchange.redirect(onward_path(asked_id))
    asked = await find(exchange.services, asked_id) if asked_id else None
    if asked:
        exchange.speak(asked.request.ui_locales)
    asker, hint = await _asker(exchange), asked.request.login_hint if asked else ""
    notice = exchange.request.query("notice") or (AFTER_RESET if asker else "")
    step = 3 if asker or notice == AFTER_RESET else None
    return exchange.page(
        "sign_in.html",
        step=step,
        notice=notice if notice in NOTICES else None,
        entry_is_kept=is_kept(exchange.request),
        offers_passkey=Factor.PASSKEY in exchange.services.rules.methods,
        wants_passkey=_wants_passkey(asked),
        typed={"email": exchange.returned.typed.get("email") or hint or await _known_email(exchange, asker)},
        request_id=asked_id,
        form_id=exchange.services.secrets.new_id(),
        application=asked.application.name if asked else "",
        lacks=exchange.returned.lacks,
    )


def _wants_passkey(asked: Asked | None) -> str:
    """Say whether the application would like a passkey, or takes nothing else: then it comes first on the page."""
    if asked is None or not takes_only_passkeys(asked.request.acr_values):
        return ""
    return "alone" if asked.request.acr_is_essential else "first"


async def _asker(exchange: Exchange) -> EmailAddress | None:
    """Give the address to the browser that asked for the change whose new number is missing, whatever led it here."""
    in_session = exchange.request.session_ticket
    return await email_of_asker(exchange.services, in_session) if in_session else None


async def _known_email(exchange: Exchange, asker: EmailAddress | None) -> str:
    """Give the address to the browser that pressed the link of a change, asked for it, or has just been signing in."""
    known, in_sign_in = asker, exchange.request.sign_in_ticket
    if known is None and in_sign_in:
        known = await email_of_sign_in(exchange.services, in_sign_in)
    return known.text if known else known_email(exchange.request, exchange.now)


@routes.for_anyone.act("/sign-in")
async def sign_in(exchange: Exchange) -> ASGIResponse:
    """Check address and password, and go on to the factor that the account asks for next."""
    email, password = exchange.form.get("email", "").strip()[:320], exchange.form.get("password", "")
    if not is_whole(email) or not password:
        return _incomplete(exchange, email, password)
    step = await give_password(
        exchange.services,
        exchange.client,
        address_to_look_up(email),
        password=password[:512],
        form_id=form_id(exchange.form),
        acr_values=await _acr_values(exchange),
    )
    if step.state is None or step.state.ticket is None:
        problem = problem_of(exchange, step.refusal, open_at=step.open_at)
        return send_back(exchange, again(exchange), step.refusal, problem=problem, typed={"email": email})
    await end_own_session(exchange)
    exchange.open_sign_in(step.state.ticket)
    if asked_for(exchange.form):
        exchange.lead_on(step.state.ticket, asked_for(exchange.form))
    return exchange.redirect(page_of(step.state))


async def _acr_values(exchange: Exchange) -> tuple[str, ...]:
    """Read what the application asks for that the form was filled in for."""
    asked_id = asked_for(exchange.form)
    asked = await find(exchange.services, asked_id) if asked_id else None
    return asked.request.acr_values if asked else ()


async def end_own_session(exchange: Exchange) -> None:
    """End the session of this browser, which is about to lose its cookie (ASVS 7.2.4)."""
    if exchange.request.session_ticket:
        await sessions.sign_out(exchange.services, exchange.client, exchange.request.session_ticket)


def _incomplete(exchange: Exchange, email: str, password: str) -> ASGIResponse:
    """Say at each field what is missing, before anything is checked or counted."""
    exchange.served.refusal = Refusal.WRONG_CREDENTIALS
    is_there = {"email": is_whole(email), "password": bool(password)}
    lacks = (name for name, is_so in is_there.items() if not is_so)
    return send_back_incomplete(exchange, again(exchange), *lacks, typed={"email": email})


def again(exchange: Exchange) -> str:
    """The address of the page that was filled in: on the way to a new number or to an application it stays that."""
    asked_id = asked_for(exchange.form)
    if asked_id:  # somebody who is signed in may be signing in anew
        return f"/sign-in?request={asked_id}&anew=1"
    return f"/sign-in?notice={AFTER_RESET}" if exchange.form.get("notice") == AFTER_RESET else "/sign-in"


@routes.for_anyone.act("/sign-out")
async def sign_out(exchange: Exchange) -> ASGIResponse:
    """End this browser's session, and a sign-in under way with it; signing out twice is no error."""
    if await visit_of(exchange):
        await end_own_session(exchange)
    exchange.forget_sign_in()
    exchange.set_cookie(cookies.removed(cookies.EMAIL))
    return exchange.redirect("/sign-in?notice=signed_out")
