"""Notifications on the phone: on and off by hand, and what they say may be read by anyone."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, CDPSession, expect

from harness.browser import running_whole
from harness.phone import b64u
from harness.sinks import Pushed
from tests.journeys.conftest import Travel
from tests.journeys.handset import ASKED, QUIET, Handset, code_for, digits_at
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

TURN_ON = Words("Mitteilungen einschalten", "Turn notifications on")
TURN_OFF = Words("Mitteilungen ausschalten", "Turn notifications off")
ON = Words("Sie sagen nur, dass es eine Anfrage gibt", "They say only that there is a request")
BLOCKED = Words("Im Browser für diese Seite blockiert.", "Blocked for this page in the browser.")
UNREACHABLE = Words(
    "Der Push-Dienst des Browsers ist nicht erreichbar.", "The browser's push service can't be reached."
)
WAITS = Words("Eine Anfrage wartet auf Ihre Antwort.", "A request is waiting for your answer.")
FORBIDDEN = "Object.defineProperty(Notification, 'permission', { value: 'denied' })"
# A browser without its maker's push service gets one of the tests', to which it subscribes with the test's own key.
PUSH_SERVICE = """
let subscription = null;
const subscribed = () => ({
  toJSON: () => ({ endpoint: "%(endpoint)s", expirationTime: null, keys: { p256dh: "%(point)s", auth: "%(auth)s" } }),
  unsubscribe: async () => { subscription = null; return true; },
});
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || !applicationServerKey) throw new Error("not as a push service has it");
  return subscription = subscribed();
};
PushManager.prototype.getSubscription = async () => subscription;
"""
ELSEWHERE = "https://push.example.com/test"
A_MINUTE = 60_000  # milliseconds
KEY, AUTH = generate_private_key(SECP256R1()), b"sixteen bytes..."
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, data, tag }) => ({ title, body, data, tag }))"""

Ready = Callable[..., tuple[Handset, Traveller]]
in_english = pytest.mark.parametrize("language", ["en"])
in_german = pytest.mark.parametrize("language", ["de"])


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """Run a browser that shows notifications."""
    with running_whole(beside=browser) as whole:
        yield whole


@pytest.fixture
def ready(travel: Travel) -> Ready:
    """Give someone a phone whose browser may notify and knows a push service."""

    def make(language: str = "en", endpoint: str = "", *, may: bool = True) -> tuple[Handset, Traveller]:
        holder = travel(language)
        endpoint = endpoint or holder.server.sinks.push.origin + path_of(holder)
        if may:
            holder.context.grant_permissions(["notifications"], origin=holder.server.origin)
        else:
            holder.context.add_init_script(FORBIDDEN)
        point = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        holder.context.add_init_script(PUSH_SERVICE % {"endpoint": endpoint, "point": b64u(point), "auth": b64u(AUTH)})
        phone = Handset(holder)
        phone.connect(code_for(holder.person))
        return phone, travel(language, person=holder.person)

    return make


def path_of(someone: Traveller) -> str:
    """Where the push service of the tests has their subscription."""
    return f"/{someone.person.account_id}"


def pass_on(phone: Handset, pushed: Pushed) -> None:
    """Open a message as the browser does, and wake the service worker with it."""
    content = http_ece.decrypt(pushed.body, private_key=KEY, auth_secret=AUTH, version="aes128gcm")
    deliver(phone, content.decode())


def deliver(phone: Handset, content: str) -> None:
    """Deliver a message as the browser's push service does."""
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    session = phone.page.context.new_cdp_session(phone.page)
    origin = phone.traveller.server.origin
    message = {"origin": origin, "registrationId": _registration(session, phone), "data": content}
    session.send("ServiceWorker.deliverPushMessage", message)


def notifications(phone: Handset, number: int) -> list[dict[str, Any]]:
    """Wait until so many are shown, and give them."""
    found: list[dict[str, Any]] = []
    for _ in range(300):  # 15 seconds, as for everything else that is waited for
        found = phone.page.evaluate(SHOWN)
        if len(found) == number:
            break
        phone.page.wait_for_timeout(50)
    assert len(found) == number
    return found


def _registration(session: CDPSession, phone: Handset) -> str:
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(100):
        if not found:
            phone.page.wait_for_timeout(50)
    return str(found[-1]["registrationId"])


@in_english
def test_they_are_turned_on_and_off_with_a_button_and_the_service_knows(ready: Ready, language: str) -> None:
    phone, desk = ready(language)

    phone.tap(TURN_ON)
    phone.says(ON)
    expect(phone.traveller.button(TURN_OFF)).to_be_focused()
    [on] = desk.person.rows("device")
    phone.tap(TURN_OFF)
    expect(phone.traveller.button(TURN_ON)).to_be_visible()
    [off] = desk.person.rows("device")

    assert on["subscription"]
    assert not off["subscription"]


def test_an_address_that_the_service_does_not_send_to_is_given_up(ready: Ready) -> None:
    phone, desk = ready("en", ELSEWHERE)

    phone.tap(TURN_ON)

    phone.says(UNREACHABLE)
    [device] = desk.person.rows("device")
    assert not device["subscription"]


def test_who_has_forbidden_them_is_told_where_to_allow_them(ready: Ready) -> None:
    phone, _ = ready("de", may=False)

    phone.says(BLOCKED)


@in_german
def test_a_message_shows_that_there_is_a_request_and_never_what_for(ready: Ready, language: str) -> None:
    phone, desk = ready(language)
    phone.tap(TURN_ON)
    phone.says(ON)
    digits = digits_at(desk)
    pushed = desk.server.sinks.push.wait(path_of(desk), 1)
    phone.shows(ASKED)

    pass_on(phone, pushed)
    [shown] = notifications(phone, 1)
    phone.approve(digits)
    notifications(phone, 0)

    assert shown["title"] == "Example Card"
    assert phone.traveller.said(WAITS) in shown["body"]
    assert shown["data"] is None
    for secret in (digits, desk.person.email, pushed.headers["topic"]):
        assert secret not in str(shown)


def test_a_message_makes_the_open_page_look_at_once(ready: Ready) -> None:
    phone, desk = ready("en")
    phone.page.clock.install()
    phone.reload()
    phone.shows(QUIET)
    phone.put_away()  # from here on the page looks no more by itself
    digits_at(desk)
    phone.page.clock.run_for(A_MINUTE)
    expect(phone.page.get_by_role("heading", name=QUIET.en)).to_be_visible()

    deliver(phone, json.dumps({"kind": "prompt", "id": "0" * 32}))

    phone.shows(ASKED)
