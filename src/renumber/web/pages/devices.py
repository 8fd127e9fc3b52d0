"""Phones that confirm sign-ins: adding and managing them on the profile, and the page that each of them opens."""

from urllib.parse import quote

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.factors.views import device_view
from renumber.flows.push import devices, enrol
from renumber.flows.push.enrol import Invitation
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.qr import qr_svg
from renumber.web.formats.verbs import Verb
from renumber.web.pages.profile import finished, refused
from renumber.web.refusals import send_back
from renumber.web.routes import Routes

routes = Routes()


@routes.in_session.act("/profile/push")
async def begin_device(exchange: SessionExchange) -> ASGIResponse:
    """Make the QR code that adds one phone."""
    step = await enrol.begin_device(exchange.services, exchange.client, exchange.ticket)
    if step.refusal or step.state is None:
        return await refused(exchange, step.refusal, verb=Verb.ADD)
    return exchange.redirect(f"/profile/push/code/{step.state.link_id}")


@routes.in_session.show("/profile/push/code/{link_id:str}")
async def show_code(exchange: SessionExchange) -> ASGIResponse:
    """Show the QR code until a phone has taken it."""
    step = await enrol.look_at_invitation(
        exchange.services, exchange.client, exchange.ticket, link_id=exchange.request.param("link_id")
    )
    if step.state is None:
        return await refused(exchange, step.refusal, verb=Verb.ADD)
    return finished(exchange, "push_added") if step.state.is_taken else _code(exchange, step.state)


def _code(exchange: SessionExchange, invitation: Invitation) -> ASGIResponse:
    """Show the code; its token stands in the fragment of an address, which no browser sends and no log has."""
    uri = f"{exchange.site.base_url}/device#enrol={invitation.token}"
    return exchange.page("push_new.html", qr=qr_svg(uri), uri=uri, expires_at=invitation.expires_at)


@routes.in_session.show("/profile/push/{device_id:str}")
async def show_device(exchange: SessionExchange) -> ASGIResponse:
    """Show one phone, with the buttons that rename and remove it."""
    found = await device_view(exchange.services, exchange.visit, exchange.request.param("device_id"))
    if found is None:
        return await refused(exchange, Refusal.DEVICE_UNKNOWN)
    return exchange.page(
        "push_device.html",
        device=found,
        held_until=exchange.visit.held_for(found.made_at),
    )


@routes.in_session.act("/profile/push/{device_id:str}/name")
async def rename_device(exchange: SessionExchange) -> ASGIResponse:
    """Give a phone the name that was entered."""
    name = exchange.form.get("name", "")
    step = await devices.rename_device(
        exchange.services, exchange.client, exchange.ticket, device_id=exchange.request.param("device_id"), name=name
    )
    return await _refused(exchange, step.refusal, Verb.RENAME) if step.refusal else finished(exchange, "device_renamed")


@routes.in_session.act("/profile/push/{device_id:str}/remove")
async def remove_device(exchange: SessionExchange) -> ASGIResponse:
    """Remove a phone: it is asked nothing from now on."""
    step = await devices.remove_device(
        exchange.services, exchange.client, exchange.ticket, device_id=exchange.request.param("device_id")
    )
    return await _refused(exchange, step.refusal, Verb.REMOVE) if step.refusal else finished(exchange, "device_removed")


async def _refused(exchange: SessionExchange, refusal: Refusal, verb: Verb) -> ASGIResponse:
    if refusal in (Refusal.NEEDS_OLDER_FACTOR, Refusal.DEVICE_UNKNOWN):
        return await refused(exchange, refusal)
    path = f"/profile/push/{quote(exchange.request.param('device_id'))}"
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return await refused(exchange, refusal, path, verb=verb)
    return send_back(exchange, path, refusal)


@routes.for_anyone.show("/device")
async def show_app(exchange: Exchange) -> ASGIResponse:
    """Show the page with which a phone answers, the same shell for everyone: only the phone knows whose it is."""
    return exchange.page("device.html", device_name=exchange.client.browser)
