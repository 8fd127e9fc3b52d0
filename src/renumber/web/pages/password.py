"""Entering the password again, and choosing a new one by mail."""

from datetime import timedelta

from litestar.response.base import ASGIResponse

from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.flows import sessions
from renumber.flows.account import password_reset
from renumber.flows.factors.views import renewing_passkeys
from renumber.flows.oidc.authorize import find
from renumber.policies.email_addresses import address_to_look_up
from renumber.web import cookies
from renumber.web.access import NO_FORM, Form
from renumber.web.admission import visit_of
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.verbs import reauthentication_path, verb_of
from renumber.web.forms.asked_for import TO_APPLICATION, request_id
from renumber.web.forms.form_id import form_id
from renumber.web.forms.returned_forms import Returned
from renumber.web.pages.account import resumed
from renumber.web.refusals import problem_of, send_back, send_back_incomplete, status_of
from renumber.web.routes import Routes

routes = Routes()

ENDS = {
    Refusal.LINK_EXPIRED: "expired",
    Refusal.LINK_USED: "used",
    Refusal.LINK_REPLACED: "replaced",
}


def safe_path(asked: str) -> str:
    """Give a path of our own as it is, and the profile for anything that could lead elsewhere."""
    is_ours = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if is_ours and asked.isascii() and asked.isprintable() else "/profile"


def step_before(onward: str) -> int | None:
    """Give the step of a change that the question for the password belongs to, by where it leads."""
    return 1 if onward in ("/phone-change/new", "/profile?dialog=phone") else None


@routes.in_session.show("/reauthenticate")
async def show_reauthentication(exchange: SessionExchange) -> ASGIResponse:
    """Ask for the password before a sensitive act; signing in a moment ago is not enough to change a method."""
    query = exchange.request.query
    onward, act = safe_path(query("next")), query("act")
    is_for_application = onward.startswith(TO_APPLICATION)
    if exchange.visit.is_reauthenticated and not is_for_application:  # an application may want it newer than we do
        return exchange.redirect(onward)
    return exchange.page(
        "reauthenticate.html",
        step=step_before(onward),
        wrong=exchange.returned.refusal is Refusal.WRONG_CREDENTIALS,
        next=onward,
        verb=resumed.verb_of_act(act, verb_of(query("verb"))).value,
        act=act,
        is_fresh=exchange.visit.is_fresh,
        is_for_application=is_for_application,
        asked=await find(exchange.services, exchange.request.asked_request) if is_for_application else None,
        email=exchange.visit.account.email.masked,
        has_passkey=bool(await renewing_passkeys(exchange.services, exchange.visit)),
    )


def not_reauthenticated(exchange: SessionExchange, onward: str, step: Step[Ticket | None]) -> ASGIResponse:
    """Ask again, and say what was wrong with the last answer."""
    problem = problem_of(exchange, step.refusal, open_at=step.open_at)
    form = exchange.form
    path = reauthentication_path(onward, verb_of(form.get("verb", "")), act=form.get("act", ""))
    return send_back(exchange, path, step.refusal, problem=problem)


@routes.in_session.show("/reauthenticate/method")
async def show_methods(exchange: SessionExchange) -> ASGIResponse:
    """Offer other ways to authenticate again, and help for people who have none of them."""
    has_passkey = bool(await renewing_passkeys(exchange.services, exchange.visit))
    query = exchange.request.query
    onward, verb, act = safe_path(query("next")), verb_of(query("verb")), query("act")
    return exchange.page(
        "reauthenticate_methods.html",
        step=step_before(onward),
        next=onward,
        verb=verb.value,
        act=act,
        password_path=reauthentication_path(onward, verb, act=act),
        has_passkey=has_passkey,
    )


@routes.in_session.act("/reauthenticate")
async def reauthenticate(exchange: SessionExchange) -> ASGIResponse:
    """Check the password, renew the session's token, and go back to where the person was."""
    onward = safe_path(exchange.form.get("next", ""))
    step = await sessions.reauthenticate(
        exchange.services, exchange.client, exchange.ticket, password=exchange.form.get("password", "")[:512]
    )
    if step.refusal or step.state is None:
        return not_reauthenticated(exchange, onward, step)
    return await resumed.go_on(exchange, step.state, onward)


@routes.for_anyone.show("/sign-in/forgotten")
async def show_forgotten(exchange: Exchange) -> ASGIResponse:
    """Ask for the address to send a link to, or only for a confirmation where it is known."""
    visit, asked_id = await visit_of(exchange), request_id(exchange.request.query("request"))
    if asked_id:
        exchange.come_back_to(asked_id)
    own_email = visit.account.email.masked if visit else ""
    form = exchange.returned
    return exchange.page(
        "forgotten.html",
        own_email=own_email,
        typed=form.typed,
        misspelt="email" in form.lacks,
        form_id=exchange.services.secrets.new_id(),
    )


@routes.for_anyone.act("/sign-in/forgotten")
async def forget_password(exchange: Exchange) -> ASGIResponse:
    """Send a link if there is such an account; the page is the same either way."""
    form = exchange.form
    visit = await visit_of(exchange)
    if visit and "email" not in form:
        return await _send_link(exchange, visit.account.email, NO_FORM)
    email = form.get("email", "").strip()[:320]
    if not is_whole(email):
        return send_back_incomplete(exchange, "/sign-in/forgotten", "email", typed={"email": email})
    return await _send_link(exchange, address_to_look_up(email), {"email": email})


def is_whole(email: str) -> bool:
    """Tell whether a text looks like an address; whether it is one is for its mail server to know."""
    name, _, host = address_to_look_up(email).text.rpartition("@")
    return bool(name and host)


async def _send_link(exchange: Exchange, email: EmailAddress, typed: Form) -> ASGIResponse:
    await password_reset.forget_password(exchange.services, exchange.client, email, form_id=form_id(exchange.form))
    return exchange.hand_on("/sign-in/forgotten/sent", Returned(typed=typed))


@routes.for_anyone.show("/sign-in/forgotten/sent")
async def show_sent(exchange: Exchange) -> ASGIResponse:
    """Say what comes next, whether there is such an account or not; the address is named once."""
    typed, visit = exchange.returned.typed, await visit_of(exchange)
    minutes = exchange.services.rules.limits.password_link_for // timedelta(minutes=1)
    own_email = visit.account.email.masked if visit and not typed else ""
    return exchange.page("forgotten_sent.html", link_minutes=minutes, own_email=own_email, typed=typed)


@routes.for_anyone.show("/sign-in/new-password/{token:path}")
async def show_new_password(exchange: Exchange) -> ASGIResponse:
    """Ask for the new password, if the link is good."""
    refusal = await password_reset.look_at_password_link(exchange.services, exchange.request.token)
    if refusal is None:
        return exchange.page("new_password.html", password_min=exchange.services.rules.limits.password_min)
    if refusal is Refusal.ACCOUNT_FROZEN:
        return exchange.page("frozen.html", status=status_of(refusal))
    return exchange.page("password_end.html", status=status_of(refusal), end=ENDS.get(refusal, "unknown"))


@routes.for_anyone.act("/sign-in/new-password/{token:path}")
async def choose_password(exchange: Exchange) -> ASGIResponse:
    """Set the new password; signing in comes next, with the second factor as always."""
    password = exchange.form.get("password", "")
    step = await password_reset.choose_password(
        exchange.services, exchange.client, exchange.request.token, password=password[:1024]
    )
    if step.refusal:
        return send_back(exchange, exchange.request.here, step.refusal)
    exchange.forget_sign_in()
    asked_id = request_id(exchange.request.cookie(cookies.FORGOTTEN_FOR))
    if asked_id:
        exchange.set_cookie(cookies.removed(cookies.FORGOTTEN_FOR))
    is_kept = bool(asked_id) and await find(exchange.services, asked_id) is not None
    return exchange.to_sign_in("password_changed", asked_id if is_kept else "")
