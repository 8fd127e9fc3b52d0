"""The page that says what is waited for, until when, and how it goes quicker."""

from litestar.response.base import ASGIResponse

from renumber.domain.sign_in import SignInState
from renumber.flows.views import wait_view
from renumber.web.exchange import SignInExchange
from renumber.web.routes import Routes

routes = Routes()


@routes.in_sign_in.show("/sign-in/wait")
async def show_wait(exchange: SignInExchange) -> ASGIResponse:
    """Say until when; nothing is to be done here, since the time counts in any case."""
    progress = exchange.progress
    if progress.sign_in.state is not SignInState.WAITING:
        return exchange.go_on()
    wait = await wait_view(exchange.services, exchange.client, progress)
    change = progress.change
    return exchange.page(
        "wait.html",
        step=exchange.step,
        wait=wait,
        first=change is None or change.proof is None,
        other_method_url="/sign-in/method" if progress.has_other_method else None,
    )
