"""Signing in with a passkey: after the password, instead of it, and to authenticate again."""

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.passkeys import prove
from renumber.flows.sign_in.in_progress import is_stale
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange, onward_path
from renumber.web.forms.asked_for import asked_for
from renumber.web.pages import sign_in as sign_in_page
from renumber.web.pages.account import resumed
from renumber.web.pages.passkey import options_reply
from renumber.web.pages.password import not_reauthenticated, safe_path
from renumber.web.refusals import problem_of, send_back
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import step_up_path

routes = Routes()


@routes.in_sign_in.show("/sign-in/passkey")
async def show_passkey_request(exchange: SignInExchange) -> ASGIResponse:
    """Ask for a passkey, after the password."""
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PASSKEY):
        return exchange.go_on()
    suspended = progress.bar(Factor.PASSKEY, exchange.returned.refusal)
    step_up = step_up_path(progress.sign_in, exchange.request.own_request)
    return exchange.page("passkey_prove.html", suspended=suspended, step_up=step_up)


@routes.in_sign_in.show("/sign-in/passkey/options")
async def show_options(exchange: SignInExchange) -> ASGIResponse:
    """Give the options that one of the account's authenticators signs, after the password."""
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PASSKEY):
        return exchange.go_on()
    options = await prove.options_to_confirm(exchange.services, exchange.client, progress)
    return options_reply(exchange, options)


@routes.in_sign_in.act("/sign-in/passkey")
async def prove_passkey(exchange: SignInExchange) -> ASGIResponse:
    """Check the answer of the authenticator."""
    answer = exchange.form.get("answer", "")
    step = await prove.prove_passkey(exchange.services, exchange.client, exchange.ticket, text=answer)
    if step.refusal and not is_stale(step):
        problem = problem_of(exchange, step.refusal, tries_left=step.tries_left)
        return send_back(exchange, "/sign-in/passkey", step.refusal, problem=problem)
    return exchange.go_on(step)


@routes.for_anyone.show("/sign-in/with-passkey/options")
async def show_options_alone(exchange: Exchange) -> ASGIResponse:
    """Give the options that any authenticator signs that has a passkey for us."""
    return options_reply(exchange, prove.options_to_sign_in(exchange.services, exchange.client))


@routes.for_anyone.act("/sign-in/with-passkey")
async def sign_in_with_passkey(exchange: Exchange) -> ASGIResponse:
    """Sign in with a passkey and without any password."""
    answer = exchange.form.get("answer", "")
    step = await prove.sign_in_with_passkey(exchange.services, exchange.client, answer)
    if step.state and step.state.ticket:
        await sign_in_page.end_own_session(exchange)
        exchange.open_session(step.state.ticket)
        return exchange.redirect(onward_path(asked_for(exchange.form)))
    problem = problem_of(exchange, step.refusal, open_at=step.open_at)
    path = "/sign-in/frozen" if step.refusal is Refusal.ACCOUNT_FROZEN else sign_in_page.again(exchange)
    return send_back(exchange, path, step.refusal, problem=problem)


@routes.for_anyone.show("/sign-in/frozen")
async def show_frozen(exchange: Exchange) -> ASGIResponse:
    """Say how a frozen account is released."""
    return exchange.page("frozen.html")


@routes.in_session.show("/reauthenticate/passkey/options")
async def show_options_anew(exchange: SessionExchange) -> ASGIResponse:
    """Give the options that one of the account's authenticators signs to authenticate again."""
    options = await prove.options_to_reauthenticate(exchange.services, exchange.client, exchange.visit)
    return options_reply(exchange, options)


@routes.in_session.act("/reauthenticate/passkey")
async def reauthenticate_with_passkey(exchange: SessionExchange) -> ASGIResponse:
    """Renew the session's token, and go back to where the person was."""
    onward = safe_path(exchange.form.get("next", ""))
    step = await prove.reauthenticate_with_passkey(
        exchange.services, exchange.client, exchange.ticket, text=exchange.form.get("answer", "")
    )
    if step.refusal or step.state is None:
        return not_reauthenticated(exchange, onward, step)
    return await resumed.go_on(exchange, step.state, onward)
