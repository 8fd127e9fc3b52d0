"""Requesting a phone change, its link, and its end."""

from litestar.response.base import ASGIResponse

from renumber.domain.applications.journey import JourneyStatus
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.phone_number import masked
from renumber.flows.phone_change import link, new_number, request
from renumber.flows.phone_change.link import LinkView
from renumber.flows.views import is_barred
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.verbs import reauthentication_path
from renumber.web.forms.kept_journey import (
    forget_journey,
    journey_of_account,
    keep_journey,
    kept_journey,
    leading_back,
    way_back_of,
)
from renumber.web.forms.typed_number import shown_in_session
from renumber.web.pages.code import COUNTED
from renumber.web.pages.profile import profile
from renumber.web.refusals import send_back, status_of
from renumber.web.reply import reply
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import page_of

routes = Routes()

NUMBER = "/phone-change/number"

ENDS = {
    Refusal.LINK_EXPIRED: "expired",
    Refusal.LINK_USED: "used",
    Refusal.LINK_REPLACED: "replaced",
    Refusal.LINK_CANCELLED: "cancelled",
    Refusal.LINK_STOPPED: "stopped",
    Refusal.NEEDS_ANOTHER_FACTOR: "needs_factor",
}

ENDED_AS = {"finished": JourneyStatus.DONE, "used": JourneyStatus.PENDING, "replaced": JourneyStatus.PENDING}


@routes.in_session.show("/phone-change/new")
async def show_question(exchange: SessionExchange) -> ASGIResponse:
    """Show the question of the dialog as a page of its own."""
    visit = exchange.visit
    if not visit.is_fresh:
        return exchange.redirect("/reauthenticate?next=/phone-change/new")
    if visit.change or visit.account.number is None:
        return exchange.redirect("/profile")
    if await is_barred(exchange.services, exchange.client, visit):
        return exchange.redirect("/profile/wait")
    return exchange.page(
        "change_new.html",
        step=1,
        masked_email=visit.account.email.masked,
        number=masked(visit.account.number),
    )


@routes.in_session.act("/phone-change")
async def request_change(exchange: SessionExchange) -> ASGIResponse:
    """Request the change, which sends the mail with its link."""
    journey = journey_of_account(exchange, exchange.visit.account.account_id)
    step = await request.request_change(exchange.services, exchange.client, exchange.ticket, journey=journey)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.redirect("/reauthenticate?next=/phone-change/new")
    if step.refusal and step.refusal is not Refusal.CHANGE_ALREADY_OPEN:
        return await profile(exchange, step.refusal, open_at=step.open_at)
    forget_journey(exchange)  # the change remembers it from now on
    is_sent = step.state is None or step.state.state is not ChangeState.AWAITING_COMPANY
    return exchange.redirect(f"/profile?notice={'change_requested' if is_sent else 'change_waits'}")


@routes.in_session.show("/phone-change/waiting")
async def wait_for_press(exchange: SessionExchange) -> ASGIResponse:
    """Tell the page that waits for the link to wait on; once that is over, with or without the session, lead it on."""
    change = exchange.visit.change
    if change is None or change.awaits_number:
        return exchange.redirect("/profile")
    return reply(exchange.request.http, b"", "text/plain", status=204)


@routes.in_session.act("/phone-change/again")
async def send_link_again(exchange: SessionExchange) -> ASGIResponse:
    """Send a newer link, which replaces the one before."""
    step = await request.send_link_again(exchange.services, exchange.client, exchange.ticket)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.redirect("/reauthenticate?next=/profile")
    if step.refusal:
        return await profile(exchange, step.refusal, open_at=step.open_at, counted=COUNTED)
    return exchange.redirect("/profile?notice=sent_again")


@routes.in_session.act("/phone-change/cancel")
async def cancel_change(exchange: SessionExchange) -> ASGIResponse:
    """Cancel the open change; the number stays."""
    step = await request.cancel_change(exchange.services, exchange.client, exchange.ticket)
    if step.refusal or step.state is None:
        return await profile(exchange, step.refusal)
    if step.state.journey:
        keep_journey(exchange, step.state.account_id, step.state.journey, status=JourneyStatus.CANCELLED)
    return exchange.redirect("/profile?notice=change_cancelled")


@routes.in_session.act(NUMBER)
async def begin_in_session(exchange: SessionExchange) -> ASGIResponse:
    """Go on to the new number from a session that another factor opened after the reset."""
    step = await new_number.begin_in_session(exchange.services, exchange.client, exchange.ticket)
    if step.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return exchange.redirect(reauthentication_path("/profile", act=NUMBER))
    if step.state is None or step.state.ticket is None:
        return await profile(exchange, step.refusal)
    exchange.open_sign_in_beside_session(step.state.ticket)
    return exchange.redirect(page_of(step.state))


@routes.for_anyone.show("/phone-change/link/{token:path}")
async def show_link(exchange: Exchange) -> ASGIResponse:
    """Explain the button that removes the number; opening the link does nothing, however often and by whomever."""
    view = await link.look_at_link(exchange.services, exchange.request.token)
    if view.account:
        exchange.account_language = view.account.locale
    return _end(exchange, view) if view.refusal else _link(exchange, view)


def _link(exchange: Exchange, view: LinkView) -> ASGIResponse:
    stop_url = f"/freeze/{exchange.request.token}"
    return exchange.page(
        "link.html",
        step=2,
        number=masked(view.number),
        masked_email=view.account.email.masked if view.account else "",
        asked_at=view.asked_at,
        asked_in=view.asked_in,
        stop_url=stop_url,
    )


def _end(exchange: Exchange, view: LinkView) -> ASGIResponse:
    assert view.refusal is not None
    is_finished = view.refusal is Refusal.LINK_USED and view.account is not None and view.account.number is not None
    end = "finished" if is_finished else ENDS.get(view.refusal, "unknown")
    step = 3 if end == "used" else None  # the journey goes on with the sign-in
    back = (
        leading_back(exchange, view.journey, ENDED_AS.get(end, JourneyStatus.CANCELLED)) if end != "unknown" else None
    )
    return exchange.page("link_end.html", status=status_of(view.refusal), step=step, end=end, way_back=back)


@routes.for_anyone.take_away("/phone-change/link/{token:path}")
async def press_link(exchange: Exchange) -> ASGIResponse:
    """Remove the number; a second press of the same browser finds its way on as well as the first."""
    token = exchange.request.token
    pressed = await link.press_link(exchange.services, exchange.client, token)
    if pressed.refusal or pressed.state is None:
        return send_back(exchange, exchange.request.here, pressed.refusal)
    exchange.mark_reset(pressed.state.token)
    exchange.forget_sign_in()
    if pressed.state.journey:
        keep_journey(exchange, pressed.state.account_id, pressed.state.journey, status=JourneyStatus.PENDING)
    if pressed.state.email:
        exchange.remember_email(pressed.state.email)
    return exchange.redirect("/phone-change/removed")


@routes.for_anyone.show("/phone-change/removed")
async def show_removed(exchange: Exchange) -> ASGIResponse:
    """Say that the number was removed, and what to do next."""
    kept = kept_journey(exchange.request, exchange.now)
    is_under_way = kept is not None and kept.status is JourneyStatus.PENDING
    back = leading_back(exchange, kept.journey, JourneyStatus.PENDING) if kept and is_under_way else None
    return exchange.page("removed.html", step=3, way_back=back)


@routes.in_session.show("/phone-change/finished")
async def show_finished(exchange: SessionExchange) -> ASGIResponse:
    """Say that the new number is bound."""
    visit = exchange.visit
    first = visit.account.former_number is None
    number = shown_in_session(exchange)
    return exchange.page(
        "done.html",
        step=None if first else 4,
        number=number,
        hold_until=visit.held_until,
        first=first,
        way_back=way_back_of(exchange),
    )
