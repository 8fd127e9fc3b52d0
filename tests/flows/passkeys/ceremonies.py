"""What a person does with passkeys, each act one flow."""

from harness.soft_authenticator import SoftAuthenticator
from renumber.domain.passkey import Passkey
from renumber.flows.passkeys.prove import (
    options_to_confirm,
    options_to_reauthenticate,
    options_to_sign_in,
    prove_passkey,
    sign_in_with_passkey,
)
from renumber.flows.passkeys.register import begin_passkey, confirm_passkey
from renumber.flows.views import find_progress, find_visit
from tests.flows.person import Browser, Person
from tests.flows.sign_in_step import SignInStep


async def add_passkey(person: Person, authenticator: SoftAuthenticator, name: str = "My phone") -> Passkey:
    """Add one in the session of the person's browser."""
    browser = person.browser
    begun = await begin_passkey(browser.world.services, browser.client, browser.ticket)
    assert begun.state, begun.refusal
    step = await confirm_passkey(
        browser.world.services, browser.client, browser.ticket, text=authenticator.make(begun.state), name=name
    )
    assert step.refusal is None, step.refusal
    assert step.state
    return step.state


async def with_passkey(person: Person, authenticator: SoftAuthenticator | None = None) -> SoftAuthenticator:
    """Sign in with the phone and add a passkey."""
    await person.sign_in()
    await person.prove_again()
    made = authenticator or SoftAuthenticator()
    await add_passkey(person, made)
    return made


async def asked_after_password(browser: Browser) -> str:
    """What the page after the password asks."""
    progress = await find_progress(browser.world.services, browser.begun)
    assert progress
    return await options_to_confirm(browser.world.services, browser.client, progress)


async def confirm(browser: Browser, text: str) -> SignInStep:
    """Answer it."""
    return browser.arrive(await prove_passkey(browser.world.services, browser.client, browser.begun, text))


def asked_alone(browser: Browser) -> str:
    """What the sign-in page asks."""
    return options_to_sign_in(browser.world.services, browser.client)


async def sign_in_alone(browser: Browser, text: str) -> SignInStep:
    """Answer it, without any password."""
    return browser.arrive(await sign_in_with_passkey(browser.world.services, browser.client, text))


async def asked_in_session(browser: Browser) -> str:
    """What the page asks that wants to know whether it is still you."""
    visit = await find_visit(browser.world.services, browser.ticket)
    assert visit
    return await options_to_reauthenticate(browser.world.services, browser.client, visit)
