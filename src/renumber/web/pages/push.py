"""Push at a sign-in: the digits to type on the phone, what became of it, and finishing here."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.flows.push.answer import ask_again, digits_for, finish_push
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.web.events import EventStream, Seats
from renumber.web.exchange import Exchange
from renumber.web.refusals import problem_of, status_of
from renumber.web.routes import Access, Routes, page_of

routes = Routes()

LOOK_EVERY = 1.0  # seconds, between two cheap reads: any worker may have taken the answer
STREAM_FOR = 12.0  # seconds; the browser opens the next by itself, and no worker waits long when it is to stop
OPEN_AGAIN = "retry: 500\n\n"  # milliseconds
COME_LATER = "retry: 5000\n\n"
SEATS = Seats(500, for_the_same=4)
ANSWERED = "event: answered\ndata:\n\n"


@routes.show("/sign-in/push", Access.SIGN_IN)
async def show(exchange: Exchange) -> ASGIResponse:
    """Show the digits while it is open, and afterwards what became of it."""
    return await _shown(exchange)


async def _shown(exchange: Exchange, result: SignInResult | None = None) -> ASGIResponse:
    progress = exchange.progress
    if not progress.sign_in.awaits(Factor.PUSH):
        return exchange.go(page_of(progress.sign_in))
    account_id, reads = progress.account.account_id, exchange.site.reads
    prompt = await reads.prompt_of(account_id, progress.sign_in.sign_in_id)
    refusal, open_at = (result.refusal, result.open_at) if result else (None, None)
    state = _state(exchange, prompt)
    return exchange.page(
        "push.html",
        status=status_of(refusal),
        problem=problem_of(exchange, refusal, open_at=open_at),
        state=state,
        digits=digits_for(exchange.services, prompt) if prompt and state == "waiting" else "",
        expires_at=prompt.expires_at if prompt else None,
        devices=[device.name for device in await reads.devices(account_id)] if state == "waiting" else [],
        address=f"{exchange.site.base_url.partition('://')[2]}/device",
        step=3 if progress.change and progress.change.old_number else None,
    )


def _state(exchange: Exchange, prompt: Prompt | None) -> str:
    """What the page has to say; an approval that was never fetched is over at some time."""
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


@routes.show("/sign-in/push/events", Access.SIGN_IN)
async def tell(exchange: Exchange) -> ASGIResponse:
    """Tell the page as soon as the prompt waits no longer."""
    progress = exchange.progress
    prompt = await exchange.site.reads.prompt_of(progress.account.account_id, progress.sign_in.sign_in_id)
    if exchange.request.method == "HEAD" or prompt is None:
        return exchange.go(page_of(progress.sign_in))
    exchange.served.is_stream = True
    return EventStream(_events(exchange, prompt))


async def _events(exchange: Exchange, prompt: Prompt) -> AsyncGenerator[str, None]:
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


@routes.act("/sign-in/push/again", Access.SIGN_IN)
async def send_again(exchange: Exchange) -> ASGIResponse:
    """Ask anew, with other digits."""
    await exchange.form()
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    result = await ask_again(exchange.services, exchange.client, exchange.sign_in_ticket)
    if result.refusal and not result.is_stale:
        return await _shown(exchange, result)
    return exchange.go(page_of(result))


@routes.act("/sign-in/push/finish", Access.SIGN_IN)
async def finish(exchange: Exchange) -> ASGIResponse:
    """Sign in here, once it was approved there."""
    await exchange.form()
    assert exchange.sign_in_ticket is not None, "the door let a sign-in in"
    result = await finish_push(exchange.services, exchange.client, exchange.sign_in_ticket)
    if result.signed_in and result.ticket:
        exchange.open_session(result.ticket)
        return exchange.go("/")
    if result.refusal and result.refusal is not Refusal.PROMPT_NOT_APPROVED and not result.is_stale:
        return await _shown(exchange, result)
    return exchange.go(page_of(result))
