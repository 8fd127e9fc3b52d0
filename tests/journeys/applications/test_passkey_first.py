"""Somebody enters a shop that takes only a passkey, which the sign-in page offers first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.server import Server
from harness.sinks import Sinks
from renumber.policies.oidc.assurance import Acr
from tests.journeys.applications.shop import Shop
from tests.journeys.applications.test_shop import a_shop
from tests.journeys.conftest import Travel
from tests.journeys.passkeys.authenticator import VirtualAuthenticator
from tests.journeys.passkeys.test_passkeys import ALONE, NO_OFFER, add
from tests.journeys.words import Words

ASKED = Words("Wenn Sie keinen haben, nehmen Sie Ihr Passwort.", "If you have none, use your password.")


@pytest.fixture
def shop(sqlite_template: Path, tmp_path: Path, sinks: Sinks) -> Iterator[tuple[Shop, Server]]:
    """Serve at a name: an IP address can't be a relying party (WebAuthn section 5.1.2)."""
    with a_shop(sqlite_template, tmp_path, sinks, host="localhost") as both:
        yield both


def test_somebody_enters_by_a_passkey_which_is_offered_before_the_password(
    shop: tuple[Shop, Server], travel: Travel
) -> None:
    own, server = shop
    own.more = {"acr_values": Acr.PHISHING_RESISTANT}
    someone = travel("de", server=server, widths=(320, 390, 1280))
    someone.context.add_init_script(NO_OFFER)
    key = VirtualAuthenticator(someone.page)
    someone.arrive()
    add(someone, key)
    someone.context.clear_cookies(name="__Host-session")

    someone.page.goto(own.origin)
    someone.page.get_by_role("link", name="Enter").click()
    someone.sees(ASKED)
    someone.page.wait_for_function("document.querySelector('form[data-passkey]').hidden === false")
    order = [button.inner_text() for button in someone.page.locator("main button.button").all()]
    key.touch()
    someone.button(ALONE).click()
    someone.page.wait_for_url(f"{own.origin}/callback*")

    someone.sees(f"we call {someone.person.number}")
    assert order == ["Mit Passkey anmelden", "Anmelden"]
