"""Journeys: the address that another application sends a person to, and the place that it leads them to."""

from litestar.response.base import ASGIResponse

from renumber.domain.applications.journey import JourneyKind, JourneyStatus
from renumber.flows.journey.begin import begin_journey, look_at_journey
from renumber.web.admission import session_of
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.forms.kept_journey import forget_journey, keep_journey, kept_journey, leading_back
from renumber.web.refusals import send_back, status_of
from renumber.web.routes import Routes

routes = Routes()

PLACES = {
    JourneyKind.CHANGE_PHONE: "/phone-change/new",
    JourneyKind.MANAGE_FACTORS: "/profile",
    JourneyKind.RECOVERY_CODES: "/profile/recovery-codes",
}
# Whoever leaves at once has changed no number; of the others nobody can say that they were not done.
ON_ARRIVAL = {JourneyKind.CHANGE_PHONE: JourneyStatus.CANCELLED}


@routes.for_anyone.show("/journeys/{token:path}")
async def show_journey(exchange: Exchange) -> ASGIResponse:
    """Say where the address leads; opening it does nothing, however often and by whomever."""
    view = await look_at_journey(exchange.services, exchange.request.token)
    if view.refusal or view.account is None or view.journey is None:
        return exchange.page("error.html", status=status_of(view.refusal))
    asking = exchange.services.joins.current().application(view.journey.application)
    return exchange.page(
        "journey.html",
        kind=view.journey.kind.value,
        masked_email=view.account.email.masked,
        application=asking.name if asking else "",
    )


@routes.for_anyone.act("/journeys/{token:path}")
async def begin(exchange: Exchange) -> ASGIResponse:
    """Begin the journey, once; whoever isn't signed in does so now, as for any other page."""
    step = await begin_journey(exchange.services, exchange.client, exchange.request.token)
    if step.state is None:
        return send_back(exchange, exchange.request.here, step.refusal)
    keep_journey(exchange, step.state.account_id, step.state.journey)
    is_signed_in = await session_of(exchange.request)
    return exchange.redirect("/journey" if is_signed_in else "/sign-in")


@routes.in_session.show("/journey")
async def arrive(exchange: SessionExchange) -> ASGIResponse:
    """Lead the person whom the journey names to its place; anybody else is told that it isn't theirs."""
    kept, account = kept_journey(exchange.request, exchange.now), exchange.visit.account
    if kept is None:
        return exchange.redirect("/profile")
    journey = kept.journey
    if not kept.is_of(account.account_id):
        back = leading_back(exchange, journey, JourneyStatus.CANCELLED)
        return exchange.page("journey_other.html", masked_email=account.email.masked, way_back=back)
    status = ON_ARRIVAL.get(journey.kind, JourneyStatus.DONE)
    keep_journey(exchange, account.account_id, journey, status=status)
    return exchange.redirect(PLACES[journey.kind])


@routes.in_session.act("/journey/leave")
async def leave(exchange: SessionExchange) -> ASGIResponse:
    """Stay signed in as somebody else, and leave the journey to whom it names."""
    forget_journey(exchange)
    return exchange.redirect("/profile")
