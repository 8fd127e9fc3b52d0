"""The pages that ask before something is taken away: what follows, a button with the act's own verb, and the way back.

Each stands at the address of its act, which is pressed nowhere else.
"""

from typing import Any

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorItem
from renumber.domain.outcomes import Refusal
from renumber.flows.factors.views import device_view, factor_item, passkeys_view, recovery_codes_view, reportable
from renumber.flows.views import profile_view
from renumber.policies.methods import STRONGEST_FIRST
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange
from renumber.web.formats.verbs import Verb, reauthentication_path
from renumber.web.pages.profile import refused
from renumber.web.routes import Routes

routes = Routes()

CODES = "/profile/recovery-codes"


def _ask(exchange: Exchange, act: str, *, back: str, **about: Any) -> ASGIResponse:
    action = exchange.request.http.url.path
    return exchange.page("ask.html", act=act, action=action, back_url=back, **about)


def _ask_to_manage(exchange: SessionExchange, act: str, *, back: str, verb: Verb, **about: Any) -> ASGIResponse:
    """Ask in a session that may do it: the password comes before the question, so that the answer is the last press."""
    if not exchange.visit.is_reauthenticated:
        return exchange.redirect(reauthentication_path(exchange.request.http.url.path, verb))
    return _ask(exchange, act, back=back, **about)


@routes.in_session.show("/profile/passkeys/{passkey_id:str}/remove")
async def ask_for_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Ask before a passkey is removed; while nothing may be, its own page says until when."""
    own = {passkey.passkey_id: passkey for passkey in await passkeys_view(exchange.services, exchange.visit)}
    passkey = own.get(exchange.request.param("passkey_id"))
    if passkey is None:
        return await refused(exchange, Refusal.PASSKEY_UNKNOWN)
    back = f"/profile/passkeys/{passkey.passkey_id}"
    if exchange.visit.held_for(passkey.made_at):
        return exchange.redirect(back)
    return _ask_to_manage(exchange, "remove_passkey", back=back, verb=Verb.REMOVE, name=passkey.name)


@routes.in_session.show("/profile/push/{device_id:str}/remove")
async def ask_for_device(exchange: SessionExchange) -> ASGIResponse:
    """Ask before a device is removed."""
    device = await device_view(exchange.services, exchange.visit, exchange.request.param("device_id"))
    if device is None:
        return await refused(exchange, Refusal.DEVICE_UNKNOWN)
    back = f"/profile/push/{device.device_id}"
    if exchange.visit.held_for(device.made_at):
        return exchange.redirect(back)
    return _ask_to_manage(exchange, "remove_device", back=back, verb=Verb.REMOVE, name=device.name)


@routes.in_session.show("/profile/app/remove")
async def ask_for_app(exchange: SessionExchange) -> ASGIResponse:
    """Ask before the authenticator app is removed."""
    app = await factor_item(exchange.services, exchange.visit, Factor.TOTP)
    return _ask_for_only(exchange, app, "remove_app", back="/methods/app")


@routes.in_session.show(f"{CODES}/remove")
async def ask_for_codes(exchange: SessionExchange) -> ASGIResponse:
    """Ask before the recovery codes are removed."""
    codes = await factor_item(exchange.services, exchange.visit, Factor.RECOVERY_CODE)
    return _ask_for_only(exchange, codes, "remove_codes", back=CODES, left=codes.left if codes else 0)


def _ask_for_only(
    exchange: SessionExchange, item: FactorItem | None, act: str, *, back: str, **about: Any
) -> ASGIResponse:
    """Ask about a method of which there is one, if it is there and may be removed; else its page says what is."""
    if item is None or exchange.visit.held_for(item.made_at):
        return exchange.redirect(back)
    return _ask_to_manage(exchange, act, back=back, verb=Verb.REMOVE, **about)


@routes.in_session.show(f"{CODES}/new")
async def ask_for_new_codes(exchange: SessionExchange) -> ASGIResponse:
    """Ask before other codes take the place of those that are left."""
    view = await recovery_codes_view(exchange.services, exchange.visit)
    if view.codes is None or not view.may_make:
        return exchange.redirect(CODES)
    replacing = view.codes.made_at.isoformat()
    return _ask_to_manage(exchange, "new_codes", back=CODES, verb=Verb.ADD, replacing=replacing, left=view.codes.left)


@routes.in_session.show("/profile/lost/{factor:str}")
async def ask_for_lost(exchange: SessionExchange) -> ASGIResponse:
    """Ask before a method is suspended; one that can't be is explained where one chooses."""
    factor = _reportable(exchange.request.param("factor"), reportable(exchange.visit.account))
    if factor is None:
        return exchange.redirect("/profile/lost")
    return _ask_to_manage(exchange, "suspend", back="/profile/lost", verb=Verb.SUSPEND, key=factor.value)


@routes.in_sign_in.show("/sign-in/lost/{factor:str}")
async def ask_for_lost_at_sign_in(exchange: SignInExchange) -> ASGIResponse:
    """Ask the same of whoever has given the password."""
    progress = exchange.progress
    if not progress.sign_in.may_choose:
        return exchange.go_on()
    factor = _reportable(exchange.request.param("factor"), reportable(progress.account))
    if factor is None:
        return exchange.redirect("/sign-in/lost")
    return _ask(exchange, "suspend", back="/sign-in/lost", key=factor.value)


def _reportable(named: str, factors: list[Factor]) -> Factor | None:
    factor = Factor(named) if named in STRONGEST_FIRST else None
    return factor if factor in factors else None


@routes.in_session.show("/sessions/{session_id:str}/end")
async def ask_for_session(exchange: SessionExchange) -> ASGIResponse:
    """Ask before another browser is signed out."""
    named, own_id = exchange.request.param("session_id"), exchange.visit.session.session_id
    live = {each.session_id: each for each in (await profile_view(exchange.services, exchange.visit)).sessions}
    session = live.get(named)
    if session is None or named == own_id:
        return await refused(exchange, Refusal.SESSION_UNKNOWN)
    return _ask(exchange, "end_session", back="/profile#sessions", session=session)


@routes.in_session.show("/sessions/end-others")
async def ask_for_other_sessions(exchange: SessionExchange) -> ASGIResponse:
    """Ask before all other browsers are signed out; without any there is nothing to ask."""
    others = len((await profile_view(exchange.services, exchange.visit)).sessions) - 1
    if others < 1:
        return exchange.redirect("/profile#sessions")
    return _ask(exchange, "end_others", back="/profile#sessions", others=others)
