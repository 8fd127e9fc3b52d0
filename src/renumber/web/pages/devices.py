"""Phones on the profile: the QR code that adds one, and the page of each."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.flows.push.devices import remove_device, rename_device
from renumber.flows.push.enrol import Invitation, begin_device, look_at_invitation
from renumber.web.exchange import Exchange
from renumber.web.formats.qr import drawn
from renumber.web.pages.factors import anew, finished, ticket_of
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes

routes = Routes()


@routes.act("/profile/push", Access.SESSION)
async def begin(exchange: Exchange) -> ASGIResponse:
    """Make a QR code for one phone."""
    await exchange.form()
    step = await begin_device(exchange.services, exchange.client, ticket_of(exchange))
    if step.refusal or step.state is None:
        return await anew(exchange, step.refusal)
    return exchange.go(f"/profile/push/code/{step.state.link_id}")


@routes.show("/profile/push/code/{link_id:str}", Access.SESSION)
async def show_code(exchange: Exchange) -> ASGIResponse:
    """Show the QR code until a phone has taken it."""
    step = await look_at_invitation(
        exchange.services, exchange.client, ticket_of(exchange), link_id=exchange.param("link_id")
    )
    if step.state is None:
        return await anew(exchange, step.refusal)
    return finished(exchange, "push_added") if step.state.is_taken else _code(exchange, step.state)


def _code(exchange: Exchange, invitation: Invitation) -> ASGIResponse:
    """The token stands in the fragment, which no browser sends and no log has."""
    uri = f"{exchange.site.base_url}/device#enrol={invitation.token}"
    return exchange.page("push_new.html", qr=drawn(uri), uri=uri, expires_at=invitation.expires_at)


@routes.show("/profile/push/{device_id:str}", Access.SESSION)
async def show_device(exchange: Exchange) -> ASGIResponse:
    """One phone, with what can be done with it."""
    return await _device(exchange)


async def _device(exchange: Exchange, refusal: Refusal | None = None) -> ASGIResponse:
    device_id = exchange.param("device_id")
    found = await exchange.site.reads.device(exchange.visit.account.account_id, device_id)
    if found is None or not found.is_live:
        return await anew(exchange, Refusal.DEVICE_UNKNOWN)
    exchange.shown_at = f"/profile/push/{device_id}"
    return exchange.page(
        "push_device.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        device=found,
        held_until=exchange.visit.held_until,
    )


@routes.act("/profile/push/{device_id:str}/name", Access.SESSION)
async def rename(exchange: Exchange) -> ASGIResponse:
    """Call it something else."""
    name = (await exchange.form()).get("name", "")
    refusal = await rename_device(
        exchange.services, exchange.client, ticket_of(exchange), device_id=exchange.param("device_id"), name=name
    )
    return await _refused(exchange, refusal) if refusal else finished(exchange, "device_renamed")


@routes.act("/profile/push/{device_id:str}/remove", Access.SESSION)
async def remove(exchange: Exchange) -> ASGIResponse:
    """Ask it no more."""
    await exchange.form()
    refusal = await remove_device(
        exchange.services, exchange.client, ticket_of(exchange), device_id=exchange.param("device_id")
    )
    return await _refused(exchange, refusal) if refusal else finished(exchange, "device_removed")


async def _refused(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    if refusal in (Refusal.NEEDS_FRESH_AUTHENTICATION, Refusal.DEVICE_UNKNOWN):
        return await anew(exchange, refusal)
    return await _device(exchange, refusal)
