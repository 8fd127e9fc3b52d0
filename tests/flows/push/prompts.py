"""Acts of the browser that waits for a push."""

from renumber.domain.messages.message import Channel
from renumber.domain.outcomes import Step
from renumber.flows.push.answer import ask_again, finish_push
from tests.flows.person import Browser
from tests.flows.sign_in_step import SignInStep
from tests.flows.world import World


async def finish(browser: Browser) -> SignInStep:
    return browser.arrive(await finish_push(browser.world.services, browser.client, browser.begun))


async def ask_anew(browser: Browser) -> Step[None]:
    return await ask_again(browser.world.services, browser.client, browser.begun)


async def sent_pushes(world: World) -> int:
    await world.deliver()
    return sum(received.channel is Channel.PUSH for received in world.received)
