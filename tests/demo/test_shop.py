"""The shop beside the demonstration: an application of another origin, joined as any other."""

import http.client
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import expect

from renumber.demo.accounts import ANNA
from renumber.demo.shop.credentials import join_shop
from renumber.demo.shop.provider import Ended, Person, Standing
from renumber.demo.shop.shop import Outcome, Shop, judge
from renumber.settings.joins.file import read_joins
from tests.demo.demonstration import Demonstration, DemoPage
from tests.demo.test_door import ask
from tests.journeys import words as w
from tests.journeys.words import Words

SHOP = re.compile(r'data-shop="http://([^"/]+)"')
IN_SHOP = Words("Example Shop", "Example Shop")
TO_PAY = Words("Anmelden und bezahlen", "Sign in to pay")
PAY = Words("Bezahlen", "Pay")
OWN_BROWSER = Words("Eigener Browser", "Own browser")
BACK = Words("Zurück zu Example Shop", "Back to Example Shop")


def test_a_payment_goes_through_and_waits_after_the_number_was_changed_from_the_shop(demo_page: DemoPage) -> None:
    notice, heard = demo_page.app.locator(".notice"), demo_page.app.locator("#events")
    with demo_page.turning():
        demo_page.page.get_by_role("link", name=demo_page.said(IN_SHOP)).click()
    demo_page.press(TO_PAY)
    demo_page.give_password(ANNA)
    demo_page.give_code_number(1, ANNA.number.e164)
    expect(demo_page.app.locator("header")).to_contain_text(ANNA.name)
    demo_page.press(PAY)
    expect(notice).to_contain_text("Bezahlt")

    demo_page.press(w.CHANGE_NUMBER)
    demo_page.press(w.CONFIRM)
    demo_page.sees_mail(w.MAIL_1)
    demo_page.use_the_link()
    demo_page.follow(w.SIGN_IN)
    demo_page.give_password(ANNA)
    demo_page.enter_new_number(ANNA)
    demo_page.follow(BACK)

    expect(notice).to_contain_text("Ihre neue Telefonnummer ist hinterlegt")
    expect(heard).to_contain_text("phone_number.changed")
    expect(heard).to_contain_text("backchannel-logout")  # of the session that the reset has ended
    demo_page.press(PAY)
    expect(notice.filter(has_text="halten wir diese Zahlung zurück")).to_be_visible()
    demo_page.has_tried("change", "shop")


def shop_of(demo: Demonstration) -> str:
    """The host and port of the shop, as the page names it."""
    _, page = ask(demo, "GET", "/demo")
    found = SHOP.search(page)
    assert found, page
    return found[1]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/pay", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/pay", {"Host": "shop.example"}, 403),
        ("/hooks", {}, 401),
        ("/backchannel", {}, 400),
        ("/hooks", {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}, 401),
    ],
)
def test_the_shop_takes_nothing_from_another_site_and_no_event_without_a_signature(
    demo: Demonstration, path: str, headers: dict[str, str], status: int
) -> None:
    shop = shop_of(demo)
    connection = http.client.HTTPConnection(shop, timeout=30)
    connection.request("POST", path, body="{}", headers={"Host": shop, **headers})

    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize(
    ("is_frozen", "has_no_number", "is_held", "outcome"),
    [
        (False, False, False, Outcome.PAID),
        (False, False, True, Outcome.HELD),
        (False, True, True, Outcome.NO_NUMBER),
        (True, True, True, Outcome.FROZEN),
    ],
)
def test_a_payment_is_judged_by_how_the_account_stands(
    *, is_frozen: bool, has_no_number: bool, is_held: bool, outcome: Outcome
) -> None:
    until = datetime(2026, 12, 1, tzinfo=UTC) if is_held else None

    assert judge(Standing(is_frozen, has_no_number, until)) is outcome


def test_the_shop_joins_by_a_file_that_the_service_takes(tmp_path: Path) -> None:
    path, credentials = join_shop(tmp_path, "http://localhost:8100")

    joins = read_joins(path)

    shop = joins.application("shop")
    assert shop is not None
    assert shop.has_secret(sha256(credentials.client_secret.encode()).digest())
    assert joins.api_key(sha256(credentials.api_key.encode()).digest())
    assert joins.webhooks[0].secrets == (credentials.webhook_secret,)


def test_only_the_browser_whose_session_has_ended_is_signed_out() -> None:
    shop, at = Shop(), datetime(2026, 12, 1, tzinfo=UTC)
    for name in ("one", "other"):
        shop.visit(name).person = Person(
            account_id="a", name="Anna", authenticated_at=0, session_id=f"session of {name}", id_token="t"
        )

    shop.end_session(Ended("t1", "session of one", at))
    shop.end_session(Ended("t1", "session of one", at))  # a token may come twice

    assert (shop.visit("one").person, shop.visit("one").outcome) == (None, Outcome.SESSION_ENDED)
    assert shop.visit("other").person
    assert [event.type for event in shop.events] == ["backchannel-logout"]


def test_signing_out_of_the_account_signs_out_of_the_shop(demo_page: DemoPage) -> None:
    with demo_page.turning():
        demo_page.page.get_by_role("link", name=demo_page.said(IN_SHOP)).click()
    demo_page.press(TO_PAY)
    demo_page.give_password(ANNA)
    demo_page.give_code_number(1, ANNA.number.e164)
    expect(demo_page.app.get_by_role("button", name=demo_page.said(PAY), exact=True)).to_be_visible()

    demo_page.press_beside(demo_page.said(OWN_BROWSER))
    demo_page.sign_out(ANNA)
    with demo_page.turning():
        demo_page.page.get_by_role("link", name=demo_page.said(IN_SHOP)).click()

    expect(demo_page.app.locator("#events")).to_contain_text("backchannel-logout")
    expect(demo_page.app.locator(".notice")).to_contain_text("Sie wurden abgemeldet")
    expect(demo_page.app.get_by_role("button", name=demo_page.said(TO_PAY))).to_be_visible()
