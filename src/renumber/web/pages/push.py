"""Push at a sign-in: the digits to type on the phone, the answer, and finishing in the browser."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

from litestar.response.base import ASGIResponse

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.prompt import Prompt
from renumber.flows.push import answer
from renumber.flows.push.views import is_pending, prompt_view
from renumber.flows.sign_in.in_progress import SignInResult, is_stale
from renumber.web.exchange import Exchange, SignInExchange
from renumber.web.refusals import problem_of, send_back
from renumber.web.routes import Routes
from renumber.web.sign_in_pages import step_up_path
from renumber.web.streams.events import EventStream, Seats

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
    if not exchange.progress.sign_in.awaits(Factor.PUSH):
        return exchange.go_on()
    view = await prompt_view(exchange.services, exchange.progress)
    return exchange.page(
        "push.html",
        state=view.stage.value,
        suspended=exchange.progress.bar(Factor.PUSH, exchange.returned.refusal),
        step_up=step_up_path(exchange.progress.sign_in, exchange.request.own_request),
        digits=view.digits,
        expires_at=view.expires_at,
        devices=[device.name for device in view.devices],
        address=f"{exchange.site.base_url.partition('://')[2]}/device",
    )


@routes.in_sign_in.show("/sign-in/push/events")
async def stream_answer(exchange: SignInExchange) -> ASGIResponse:
    """Tell the page as soon as the prompt is answered or over."""
    prompt = (await prompt_view(exchange.services, exchange.progress)).prompt
    if exchange.request.is_head or prompt is None:
        return exchange.go_on()
    return stream_of(exchange, prompt)


def stream_of(exchange: Exchange, prompt: Prompt) -> ASGIResponse:
    """Tell a page as soon as this prompt is answered or over."""
    exchange.served.is_stream = True
    return EventStream(_events(exchange, prompt))


async def _events(exchange: Exchange, prompt: Prompt) -> AsyncGenerator[str, None]:
    clock, ticks = exchange.services.clock, asyncio.get_running_loop().time
    until = ticks() + STREAM_FOR
    with SEATS.seat(prompt.prompt_id) as is_found:
        yield OPEN_AGAIN if is_found else COME_LATER
        while await is_pending(exchange.services, prompt):
            if not is_found or ticks() >= until:
                return
            await asyncio.sleep(_pause(prompt.expires_at, clock.now()))
    yield ANSWERED


def _pause(expires_at: datetime, now: datetime) -> float:
    return max(0.05, min(LOOK_EVERY, (expires_at - now).total_seconds()))


@routes.in_sign_in.act("/sign-in/push/again")
async def ask_again(exchange: SignInExchange) -> ASGIResponse:
    """Send the device another prompt, with other digits."""
    step = await answer.ask_again(exchange.services, exchange.client, exchange.ticket)
    return exchange.go_on(step) if step.refusal is None or is_stale(step) else _refused(exchange, step)


def _refused(exchange: SignInExchange, step: Step[SignInResult | None]) -> ASGIResponse:
    problem = problem_of(exchange, step.refusal, open_at=step.open_at)
    return send_back(exchange, "/sign-in/push", step.refusal, problem=problem)


@routes.in_sign_in.act("/sign-in/push/finish")
async def finish_push(exchange: SignInExchange) -> ASGIResponse:
    """Finish the sign-in here, once it was approved on the device."""
    step = await answer.finish_push(exchange.services, exchange.client, exchange.ticket)
    if step.refusal and step.refusal is not Refusal.PROMPT_NOT_APPROVED and not is_stale(step):
        return _refused(exchange, step)
    return exchange.go_on(step)
