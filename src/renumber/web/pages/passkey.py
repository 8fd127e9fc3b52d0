"""Passkeys on the profile: adding, naming and removing them."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import LONGEST_NAME, Passkey
from renumber.flows.factors.views import passkeys_view
from renumber.flows.passkeys import register
from renumber.web.exchange import Exchange, SessionExchange
from renumber.web.formats.factor_rows import bar_of
from renumber.web.formats.verbs import Verb
from renumber.web.pages.profile import finished, refused
from renumber.web.refusals import send_back
from renumber.web.reply import reply
from renumber.web.routes import Routes

routes = Routes()

ALL = "/profile/passkeys"
NEW = f"{ALL}/new"
TRY_AGAIN = frozenset({Refusal.WRONG_PASSKEY, Refusal.PASSKEY_TOO_LATE, Refusal.PASSKEY_KNOWN})


def options_reply(exchange: Exchange, options: str) -> ASGIResponse:
    """Answer the script of a page with options; where there are none, the page itself says why."""
    return reply(exchange.request.http, options, "application/json")


@routes.in_session.show(ALL)
async def show_all(exchange: SessionExchange) -> ASGIResponse:
    """List the passkeys; without any, go on to the first one."""
    own = await passkeys_view(exchange.services, exchange.visit)
    return exchange.page("passkeys.html", passkeys=own) if own else exchange.redirect(NEW)


@routes.in_session.show(NEW)
async def begin_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Explain passkeys, and ask for the name of a new one."""
    step = await register.begin_passkey(exchange.services, exchange.client, exchange.ticket)
    return await refused(exchange, step.refusal, NEW, verb=Verb.ADD) if step.refusal else _new_page(exchange)


def _new_page(exchange: SessionExchange) -> ASGIResponse:
    name = exchange.returned.typed.get("name")
    return exchange.page("passkey_new.html", name=name, browser=exchange.client.browser, longest=LONGEST_NAME)


@routes.in_session.show(f"{ALL}/options")
async def show_options(exchange: SessionExchange) -> ASGIResponse:
    """Give the options with which an authenticator makes a passkey."""
    step = await register.begin_passkey(exchange.services, exchange.client, exchange.ticket)
    if step.refusal:
        return await refused(exchange, step.refusal, NEW, verb=Verb.ADD)
    return options_reply(exchange, step.state or "")


@routes.in_session.act(NEW)
async def confirm_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Bind the passkey that an authenticator has made."""
    name = exchange.form.get("name", "")
    step = await register.confirm_passkey(
        exchange.services, exchange.client, exchange.ticket, text=exchange.form.get("answer", ""), name=name
    )
    if step.refusal in TRY_AGAIN:
        return send_back(exchange, NEW, step.refusal, typed={"name": name[:LONGEST_NAME]})
    if step.refusal:
        return await refused(exchange, step.refusal, NEW, verb=Verb.ADD)
    return finished(exchange, "passkey_added")


@routes.in_session.show(ALL + "/{passkey_id:str}")
async def show_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Show one passkey, with the buttons that rename and remove it."""
    passkey = await _found(exchange)
    if passkey is None:
        return await refused(exchange, Refusal.PASSKEY_UNKNOWN)
    return exchange.page(
        "passkey.html",
        passkey=passkey,
        longest=LONGEST_NAME,
        held_until=exchange.visit.held_for(passkey.made_at),
        state=bar_of(exchange.visit.account, Factor.PASSKEY),
    )


async def _found(exchange: SessionExchange) -> Passkey | None:
    own = await passkeys_view(exchange.services, exchange.visit)
    return next((passkey for passkey in own if passkey.passkey_id == exchange.request.param("passkey_id")), None)


def _path(exchange: SessionExchange) -> str:
    return f"{ALL}/{exchange.request.param('passkey_id')}"


@routes.in_session.act(ALL + "/{passkey_id:str}/rename")
async def rename_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Give a passkey the name that was entered."""
    name = exchange.form.get("name", "")
    step = await register.rename_passkey(
        exchange.services, exchange.client, exchange.ticket, passkey_id=exchange.request.param("passkey_id"), name=name
    )
    return (
        await _refused(exchange, step.refusal, Verb.RENAME) if step.refusal else finished(exchange, "passkey_renamed")
    )


@routes.in_session.take_away(ALL + "/{passkey_id:str}/remove")
async def remove_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Remove a passkey."""
    step = await register.remove_passkey(
        exchange.services, exchange.client, exchange.ticket, passkey_id=exchange.request.param("passkey_id")
    )
    return await _refused(exchange, step.refusal, Verb.REMOVE) if step.refusal else finished(exchange, "factor_removed")


async def _refused(exchange: SessionExchange, refusal: Refusal, verb: Verb) -> ASGIResponse:
    """Authenticate first and come back, or read on its own page why not."""
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        asking = f"{_path(exchange)}/remove" if verb is Verb.REMOVE else _path(exchange)
        return await refused(exchange, refusal, asking if await _found(exchange) else "/profile", verb=verb)
    if refusal is Refusal.NEEDS_OLDER_FACTOR:
        return await refused(exchange, refusal)
    return send_back(exchange, _path(exchange) if await _found(exchange) else "/profile", refusal)
