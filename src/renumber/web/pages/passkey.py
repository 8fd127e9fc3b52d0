"""Passkeys on the profile: adding, naming and removing them."""

from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import LONGEST_NAME, Passkey
from renumber.flows.passkeys.register import begin_passkey, confirm_passkey, remove_passkey, rename_passkey
from renumber.web.exchange import Exchange
from renumber.web.pages.factors import anew, finished, ticket_of
from renumber.web.refusals import problem_of, status_of
from renumber.web.reply import reply
from renumber.web.routes import Access, Routes

routes = Routes()

ALL = "/profile/passkeys"
NEW = f"{ALL}/new"
TRY_AGAIN = frozenset({Refusal.WRONG_PASSKEY, Refusal.PASSKEY_TOO_LATE, Refusal.PASSKEY_KNOWN})


def options_reply(exchange: Exchange, options: str) -> ASGIResponse:
    """Options for the script of the page; where there are none, the page itself says why."""
    return reply(exchange.request, options, "application/json")


@routes.show(ALL, Access.SESSION)
async def show_all(exchange: Exchange) -> ASGIResponse:
    """List them; where there are none, the way is to the first one."""
    own = await exchange.site.reads.passkeys(exchange.visit.account.account_id)
    return exchange.page("passkeys.html", passkeys=own) if own else exchange.go(NEW)


@routes.show(NEW, Access.SESSION)
async def show_new(exchange: Exchange) -> ASGIResponse:
    """Explain, and ask for a name."""
    step = await begin_passkey(exchange.services, exchange.client, ticket_of(exchange))
    return await anew(exchange, step.refusal, NEW) if step.refusal else _asked(exchange)


def _asked(exchange: Exchange, refusal: Refusal | None = None, name: str | None = None) -> ASGIResponse:
    exchange.shown_at = NEW
    return exchange.page(
        "passkey_new.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        name=name,
        browser=exchange.client.browser,
        longest=LONGEST_NAME,
    )


@routes.show(f"{ALL}/options", Access.SESSION)
async def show_options(exchange: Exchange) -> ASGIResponse:
    """What an authenticator is asked to make."""
    step = await begin_passkey(exchange.services, exchange.client, ticket_of(exchange))
    return await anew(exchange, step.refusal, NEW) if step.refusal else options_reply(exchange, step.state)


@routes.act(NEW, Access.SESSION)
async def add(exchange: Exchange) -> ASGIResponse:
    """Bind what it has made."""
    form = await exchange.form()
    name = form.get("name", "")
    step = await confirm_passkey(
        exchange.services, exchange.client, ticket_of(exchange), text=form.get("answer", ""), name=name
    )
    if step.refusal in TRY_AGAIN:
        return _asked(exchange, step.refusal, name[:LONGEST_NAME])
    return await anew(exchange, step.refusal, NEW) if step.refusal else finished(exchange, "passkey_added")


@routes.show(ALL + "/{passkey_id:str}", Access.SESSION)
async def show(exchange: Exchange) -> ASGIResponse:
    """Show one."""
    return await _one(exchange)


async def _one(exchange: Exchange, refusal: Refusal | None = None) -> ASGIResponse:
    passkey = await _found(exchange)
    if passkey is None:
        return await anew(exchange, Refusal.PASSKEY_UNKNOWN)
    exchange.shown_at = _path(exchange)
    return exchange.page(
        "passkey.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal),
        passkey=passkey,
        longest=LONGEST_NAME,
        held_until=exchange.visit.held_until,
    )


async def _found(exchange: Exchange) -> Passkey | None:
    own = await exchange.site.reads.passkeys(exchange.visit.account.account_id)
    return next((passkey for passkey in own if passkey.passkey_id == exchange.param("passkey_id")), None)


def _path(exchange: Exchange) -> str:
    return f"{ALL}/{exchange.param('passkey_id')}"


@routes.act(ALL + "/{passkey_id:str}/rename", Access.SESSION)
async def rename(exchange: Exchange) -> ASGIResponse:
    """Give it another name."""
    name = (await exchange.form()).get("name", "")
    refusal = await rename_passkey(
        exchange.services, exchange.client, ticket_of(exchange), passkey_id=exchange.param("passkey_id"), name=name
    )
    return await _refused(exchange, refusal) if refusal else finished(exchange, "passkey_renamed")


@routes.act(ALL + "/{passkey_id:str}/remove", Access.SESSION)
async def remove(exchange: Exchange) -> ASGIResponse:
    """Take it away."""
    await exchange.form()
    refusal = await remove_passkey(
        exchange.services, exchange.client, ticket_of(exchange), passkey_id=exchange.param("passkey_id")
    )
    return await _refused(exchange, refusal) if refusal else finished(exchange, "factor_removed")


async def _refused(exchange: Exchange, refusal: Refusal) -> ASGIResponse:
    """Authenticate first and come back, or read on its own page why not."""
    if refusal is Refusal.NEEDS_FRESH_AUTHENTICATION:
        return await anew(exchange, refusal, _path(exchange) if await _found(exchange) else "/profile")
    return await _one(exchange, refusal)
