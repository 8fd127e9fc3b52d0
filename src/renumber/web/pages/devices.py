"""Phones that confirm sign-ins: adding and managing them on the profile, and the page that each of them opens."""

from urllib.parse import quote

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.factors.views import device_view
from renumber.flows.push import confirm, devices, enrol
from renumber.flows.push.enrol import Invitation
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.factor_rows import bar_of
from renumber.web.formats.qr import qr_svg
from renumber.web.formats.verbs import Verb
from renumber.web.pages.profile import finished, refused
from renumber.web.refusals import send_back
from renumber.web.routes import Routes

routes = Routes()

NEW = "/profile/push"


@routes.in_session.act(NEW)
async def begin_device(exchange: SessionExchange) -> ASGIResponse:
    """Make the QR code that adds one phone."""
    step = await enrol.begin_device(exchange.services, exchange.client, exchange.ticket)
    if step.refusal or step.state is None:
        return await refused(exchange, step.refusal, act=NEW)
    return exchange.redirect(f"/profile/push/code/{step.state.link_id}")


@routes.in_session.show("/profile/push/code/{link_id:str}")
async def show_code(exchange: SessionExchange) -> ASGIResponse:
    """Show the QR code until a device has scanned it, and then that device until it is confirmed."""
    link_id, here = exchange.request.param("link_id"), _code_path(exchange)
    step = await enrol.look_at_invitation(exchange.services, exchange.client, exchange.ticket, link_id=link_id)
    if step.state is None:
        return await refused(exchange, step.refusal, here, verb=Verb.ADD)
    if step.state.is_taken:
        return finished(exchange, "push_added")
    has_changed = exchange.request.query("seen") not in ("", _seen(step.state))
    return exchange.redirect(here) if has_changed else _invitation(exchange, step.state)


def _code_path(exchange: SessionExchange) -> str:
    return f"/profile/push/code/{quote(exchange.request.param('link_id'))}"


def _seen(invitation: Invitation) -> str:
    """Name what the page shows, which asks by it whether there is something else to show."""
    device = invitation.device
    if device is None:
        return "code"
    return f"{device.device_id}-contested" if device.scan and device.scan.contested_at else device.device_id


def _invitation(exchange: SessionExchange, invitation: Invitation) -> ASGIResponse:
    """Show the code; its token stands in the fragment of an address, which no browser sends and no log has."""
    uri = f"{exchange.site.base_url}/device#enrol={invitation.token}"
    return exchange.page(
        "push_new.html",
        qr=qr_svg(uri),
        uri=uri,
        address=_code_path(exchange),
        seen=_seen(invitation),
        device=invitation.device,
        expires_at=invitation.expires_at,
        is_fresh=exchange.request.query("notice") == "rejected",
    )


@routes.in_session.act("/profile/push/code/{link_id:str}/confirm")
async def confirm_device(exchange: SessionExchange) -> ASGIResponse:
    """Add the device that scanned the code."""
    device_id = exchange.form.get("device", "")
    step = await confirm.confirm_device(exchange.services, exchange.client, exchange.ticket, device_id=device_id)
    return await _not_done(exchange, step.refusal) if step.refusal else finished(exchange, "push_added")


@routes.in_session.act("/profile/push/code/{link_id:str}/reject")
async def reject_device(exchange: SessionExchange) -> ASGIResponse:
    """Send the device away that scanned the code, and show a fresh one."""
    device_id = exchange.form.get("device", "")
    step = await confirm.reject_device(exchange.services, exchange.client, exchange.ticket, device_id=device_id)
    if step.refusal or step.state is None:
        return await _not_done(exchange, step.refusal)
    return exchange.redirect(f"/profile/push/code/{step.state.link_id}?notice=rejected")


async def _not_done(exchange: SessionExchange, refusal: Refusal | None) -> ASGIResponse:
    """Ask for the password first, where that is missing; else the page of the code says why not."""
    path = _code_path(exchange)
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return await refused(exchange, refusal, path, verb=Verb.ADD)
    return send_back(exchange, path, refusal)


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
        state=bar_of(exchange.visit.account, Factor.PUSH),
    )


@routes.in_session.act("/profile/push/{device_id:str}/name")
async def rename_device(exchange: SessionExchange) -> ASGIResponse:
    """Give a phone the name that was entered."""
    name = exchange.form.get("name", "")
    step = await devices.rename_device(
        exchange.services, exchange.client, exchange.ticket, device_id=exchange.request.param("device_id"), name=name
    )
    return await _refused(exchange, step.refusal, Verb.RENAME) if step.refusal else finished(exchange, "device_renamed")


@routes.in_session.take_away("/profile/push/{device_id:str}/remove")
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
        return await refused(exchange, refusal, f"{path}/remove" if verb is Verb.REMOVE else path, verb=verb)
    return send_back(exchange, path, refusal)


@routes.for_anyone.show("/device")
async def show_app(exchange: Exchange) -> ASGIResponse:
    """Show the page with which a phone answers, the same shell for everyone: only the phone knows whose it is."""
    return exchange.page("device.html", device_name=exchange.client.browser)
