"""What a person does with passkeys, each act one flow."""

from renumber.domain.passkey import Passkey
from renumber.flows import observe, passkey_proofs, passkeys
from renumber.flows.underway import Passage
from tests.flows.person import Browser, Person
from tests.soft_authenticator import SoftAuthenticator


async def add_passkey(person: Person, authenticator: SoftAuthenticator, name: str = "My phone") -> Passkey:
    """Add one in the session of the person's browser."""
    browser = person.browser
    begun = await passkeys.begin_passkey(browser.world.house, browser.ticket, browser.origin)
    assert begun.refusal is None, begun.refusal
    step = await passkeys.confirm_passkey(
        browser.world.house, browser.ticket, authenticator.make(begun.state), name=name, origin=browser.origin
    )
    assert step.refusal is None, step.refusal
    assert step.state
    return step.state


async def with_passkey(person: Person, authenticator: SoftAuthenticator | None = None) -> SoftAuthenticator:
    """Sign in with the phone and add a passkey."""
    await person.sign_in()
    made = authenticator or SoftAuthenticator()
    await add_passkey(person, made)
    return made


async def options_to_confirm(browser: Browser) -> str:
    """What the page after the password asks."""
    assert browser.sign_in
    progress = await observe.progress(browser.world.house, browser.world.reads, browser.sign_in)
    assert progress
    return await passkey_proofs.options_to_confirm(
        browser.world.house, browser.world.reads, progress, origin=browser.origin
    )


async def confirm(browser: Browser, text: str) -> Passage:
    """Answer it."""
    assert browser.sign_in
    passage = await passkey_proofs.prove_passkey(browser.world.house, browser.sign_in, text, origin=browser.origin)
    return _arrived(browser, passage)


def options_to_sign_in(browser: Browser) -> str:
    """What the sign-in page asks."""
    return passkey_proofs.options_to_sign_in(browser.world.house, browser.origin)


async def sign_in_alone(browser: Browser, text: str) -> Passage:
    """Answer it, without any password."""
    return _arrived(browser, await passkey_proofs.sign_in_with_passkey(browser.world.house, text, browser.origin))


def _arrived(browser: Browser, passage: Passage) -> Passage:
    if passage.signed_in:
        browser.session, browser.sign_in = passage.ticket, None
    return passage


async def options_to_reauthenticate(browser: Browser) -> str:
    """What the page asks that wants to know whether it is still you."""
    visit = await observe.visit(browser.world.house, browser.world.reads, browser.ticket)
    assert visit
    return await passkey_proofs.options_to_reauthenticate(
        browser.world.house, browser.world.reads, visit, origin=browser.origin
    )
