"""Push at a sign-in: the digits to type on the phone, the answer, and finishing in the browser."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.flows.push import answer
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.events import EventStream, Seats
from renumber.web.exchange import SignInExchange
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Routes

routes = Routes()

LOOK_EVERY = 1.0  # seconds, between two cheap reads: any worker may have taken the answer
STREAM_FOR = 12.0  # seconds; the browser opens the next by itself, and no worker waits long when it is to stop
OPEN_AGAIN = "retry: 500\n\n"  # milliseconds
COME_LATER = "retry: 5000\n\n"
SEATS = Seats(500, for_the_same=4)
ANSWERED = "event: answered\ndata:\n\n"


@routes.in_sign_in.show("/sign-in/push")
async def show_prompt(exchange: SignInExchange) -> ASGIResponse:
    """Show the digits while the prompt is open, and afterwards what became of it."""
    return await _page(exchange)


async def _page(exchange: SignInExchange, result: SignInResult | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PUSH):
        return exchange.go_on()
    account_id, reads = progress.account.account_id, exchange.site.reads
    prompt = await reads.prompt_of(account_id, progress.sign_in.sign_in_id)
    refusal, open_at = (result.refusal, result.open_at) if result else (None, None)
    state = _state(exchange, prompt)
    return exchange.page(
        "push.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, open_at=open_at),
        state=state,
        digits=answer.digits_for(exchange.services, prompt) if prompt and state == "waiting" else "",
        expires_at=prompt.expires_at if prompt else None,
        devices=[device.name for device in await reads.devices(account_id)] if state == "waiting" else [],
        address=f"{exchange.site.base_url.partition('://')[2]}/device",
        step=exchange.step,
    )


def _state(exchange: SignInExchange, prompt: Prompt | None) -> str:
    """Give the state that the page words; an approval that was never fetched is over at some time."""
    if Factor.PUSH in exchange.progress.account.suspended:
        return "suspended"
    if prompt is None:
        return "unsent"
    state, limits = prompt.state_at(exchange.now), exchange.services.rules.limits
    if state is PromptState.APPROVED:
        return "approved" if prompt.approves_at(exchange.now, limits.code_for) else "expired"
    if state is PromptState.DENIED:
        return "guessed" if prompt.was_guessed_at else "denied"
    return {PromptState.PENDING: "waiting", PromptState.EXPIRED: "expired", PromptState.REPLACED: "replaced"}[state]


@routes.in_sign_in.show("/sign-in/push/events")
async def stream_answer(exchange: SignInExchange) -> ASGIResponse:
    """Tell the page as soon as the prompt is answered or over."""
    progress = exchange.progress
    prompt = await exchange.site.reads.prompt_of(progress.account.account_id, progress.sign_in.sign_in_id)
    if exchange.request.http.method == "HEAD" or prompt is None:
        return exchange.go_on()
    exchange.served.is_stream = True
    return EventStream(_events(exchange, prompt))


async def _events(exchange: SignInExchange, prompt: Prompt) -> AsyncGenerator[str, None]:
    reads, clock, ticks = exchange.site.reads, exchange.services.clock, asyncio.get_running_loop().time
    until = ticks() + STREAM_FOR
    with SEATS.seat(prompt.prompt_id) as is_found:
        yield OPEN_AGAIN if is_found else COME_LATER
        while await reads.is_pending(prompt.account_id, prompt.prompt_id, clock.now()):
            if not is_found or ticks() >= until:
                return
            await asyncio.sleep(_pause(prompt.expires_at, clock.now()))
    yield ANSWERED


def _pause(expires_at: datetime, now: datetime) -> float:
    return max(0.05, min(LOOK_EVERY, (expires_at - now).total_seconds()))


@routes.in_sign_in.act("/sign-in/push/again")
async def ask_again(exchange: SignInExchange) -> ASGIResponse:
    """Send the device another prompt, with other digits."""
    result = await answer.ask_again(exchange.services, exchange.client, exchange.ticket)
    if result.refusal and not result.is_stale:
        return await _page(exchange, result)
    return exchange.go_on(result)


@routes.in_sign_in.act("/sign-in/push/finish")
async def finish_push(exchange: SignInExchange) -> ASGIResponse:
    """Finish the sign-in here, once it was approved on the device."""
    result = await answer.finish_push(exchange.services, exchange.client, exchange.ticket)
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.redirect("/")
    if result.refusal and result.refusal is not Refusal.PROMPT_NOT_APPROVED and not result.is_stale:
        return await _page(exchange, result)
    return exchange.go_on(result)
