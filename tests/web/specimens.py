"""A specimen of every page in every state: what handlers pass to the templates."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Values

from renumber.domain.messages.message import Channel, Delivery, DeliveryState, Notice
from renumber.domain.support.recovery_case import CaseState
from renumber.locale import PAGES, SHIPPED, translations
from renumber.policies.numbers import NumberRules
from renumber.policies.operator.journeys import WayBack
from renumber.web.api import operator, person
from renumber.web.api.operations.documentation import page_of
from renumber.web.client import OwnZone
from renumber.web.formats.country_names import country_options
from renumber.web.formats.qr import qr_svg
from renumber.web.formats.scope_texts import TOLD_IN_ORDER
from renumber.web.templating import Page, Problem, Templates
from tests.builders import a_case
from tests.web.company_specimens import company_specimens

LANGUAGES = ("de", "en")
NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)
BERLIN = OwnZone("Europe/Berlin")
TEMPLATES = Templates({code: translations(code, PAGES) for code in SHIPPED})
WRONG = Problem(text="That code isn't right. 3 tries left.", field="code")
BLOCKED = Problem(text="Too many wrong codes. You can ask for a new one at 14:32, or try another method now.")
SPENT = Problem(
    text="Too many wrong codes. You can ask for a new one at 14:32, or try another method now.", field="code"
)
IS_OLD = Problem(
    text="That's your old number. Enter the new one here, or choose “Keep the old number” if nothing should change.",
    field="number",
)
SHORT = Problem(text="Some digits are missing. For Germany it looks like 01512 3456789", field="number")
GIVEN_UP = Delivery(DeliveryState.GIVEN_UP, NOW, NOW)
OLD, NEW, LATER_NUMBER = "+49 ••• ••• 001", "+49 1579 9887766", "+49 ••• ••• 428"
OPTIONS = country_options(NumberRules(allowed_countries=("AT", "DE", "GB", "US")), "en", "DE")

TIMELINE = [
    {
        "kind": "message",
        "at": NOW,
        "title": Notice.NUMBER_RESET.value,
        "message": Values(channel=Channel.SMS),
        "browser": "",
    },
    {"kind": "act", "at": NOW, "title": "staff_looked", "actor": "agent", "browser": "Firefox on Linux"},
    {"kind": "act", "at": NOW, "title": "signed_in", "actor": "owner", "browser": "Chrome on Android"},
    {"kind": "refusal", "at": NOW, "title": "refused:wrong_code", "told": "", "actor": "visitor", "browser": ""},
]

Context = Mapping[str, object]
NO_CHECK = Problem(
    text="This number isn't right, or is no longer valid. Please ask the person on the phone for it once more."
)


def a_view(method: str | None = None, **more: object) -> Values:
    """A check of a caller, as its page shows it."""
    told: dict[str, object] = {"digits": "", "prompt": None, "resend_at": NOW + timedelta(seconds=29), "sends_left": 2}
    return Values(check=Values(method=method, asked_at=NOW), **{**told, **more})


def a_page(language: str = "en", **fields: object) -> Page:
    defaults: dict[str, object] = {
        "languages": [("de", "Deutsch"), ("en", "English")],
        "brand": "Example Card",
        "brand_color": "#0b5fff",
        "csrf": "csrf-token",
        "path": "/profile?dialog=phone",
        "request_id": "7f3a91c2",
        "zone": BERLIN,
        "now": NOW,
        "static": TEMPLATES.static,
        "support_contact": "support@example.com",
    }
    return Page(language=language, **{**defaults, **fields})  # type: ignore[arg-type]  # a builder of any field


def a_change(state: str = "requested") -> Values:
    again = NOW + timedelta(seconds=42)
    step = 3 if state == "awaiting" else 1
    return Values(
        step=step,
        state=state,
        sent_at=NOW,
        expires_at=LATER,
        masked_email="a…@example.com",
        can_resend_at=again,
        requested_at=NOW,
        waits_until=LATER,
        goes_on=False,
        is_confirmed=False,
    )


def a_session(**fields: object) -> Values:
    defaults = {"id": "f" * 32, "browser": "Firefox on Windows", "ip": "203.0.113.7", "current": False}
    return Values(**{**defaults, "signed_in_at": NOW - timedelta(hours=3), "seen_at": NOW, **fields})


def a_sign_in(**fields: object) -> Values:
    defaults = {"at": NOW, "browser": "Safari on iPhone", "ip": "203.0.113.7", "factor": "phone", "this": False}
    return Values(**{**defaults, **fields})


def an_application(**fields: object) -> Values:
    defaults = {"id": "shop", "name": "Example Shop", "foreign": False, "scopes": [], "since": NOW, "last_at": NOW}
    return Values(**{**defaults, **fields})


def a_push_page(state: str, **fields: object) -> Context:
    times = {"expires_at": NOW + timedelta(seconds=80)}
    shown = {"digits": "042317", "devices": [""], "address": "account.example/device", "suspended": None}
    return {"state": state, **shown, **times, **fields}


ENDS_OF_PASSWORD = ("expired", "used", "replaced", "stopped", "released", "unknown")


def a_wait(**fields: object) -> Values:
    return Values(**{"until": LATER, "is_here": True, "is_over": False, **fields})


def a_device(**fields: object) -> Values:
    times = {"made_at": NOW - timedelta(days=9), "last_used_at": NOW}
    return Values(**{"device_id": "d" * 32, "name": "Pixel 9", "subscription": "somewhere", **times, **fields})


def a_code_for_devices(**fields: object) -> Context:
    token, address = "A" * 22, f"/profile/push/code/{'c' * 32}"
    uri = f"https://account.example/device#enrol={token}"
    shown = {"qr": qr_svg(uri), "uri": f"/device#enrol={token}", "address": address, "seen": "code"}
    return {**shown, "expires_at": NOW + timedelta(minutes=9), **fields}


def a_scan(name: str = "Pixel 9", *, contested_at: datetime | None = None) -> Context:
    """The page once a device has scanned its code."""
    device = a_device(name=name, made_at=NOW, scan=Values(contested_at=contested_at))
    return a_code_for_devices(device=device, seen="d" * 32)


def a_code_page(kind: str, **fields: object) -> Context:
    urls = {"action": "/sign-in/code", "again": "/sign-in/code/again", "other_method_url": "/sign-in/method"}
    times = {"resend_at": NOW + timedelta(seconds=30), "expires_at": NOW + timedelta(minutes=10)}
    return {"kind": kind, "destination": OLD, "sent": False, "suspended": False, **urls, **times, **fields}


def a_factor(key: str, **fields: object) -> Context:
    """A row of the profile's list."""
    post = {"push": "/profile/push", "app": "/profile/app"}.get(key)
    page = {"passkey": "/profile/passkeys/new", "recovery-code": "/profile/recovery-codes"}.get(key)
    defaults: dict[str, object] = {"key": key, "is_there": False, "is_offered": True, "post": post, "page": page}
    about: dict[str, object] = {
        "detail": "",
        "items": [],
        "made_at": None,
        "used_at": None,
        "state": "",
        "left": None,
        "is_few": False,
        "url": None,
    }
    return {**defaults, **about, **fields}


def an_item(name: str = "", **fields: object) -> Context:
    url = f"/profile/passkeys/{'d' * 32}" if name else None
    return {"name": name, "url": url, "made_at": NOW, "used_at": None, "is_lost": False, **fields}


FACTORS = [
    a_factor("passkey"),
    a_factor("push"),
    a_factor("app"),
    a_factor("phone", is_there=True, detail=OLD, used_at=NOW, url="/methods/phone"),
    a_factor("recovery-code"),
]


def all_factors(state: str = "", left: int = 7) -> list[Context]:
    """A profile with everything, in a state."""
    two = [an_item("MacBook", used_at=NOW), an_item("", url="/profile/passkeys/x", is_lost=state == "partly")]
    codes = {"is_there": True, "items": [an_item()], "left": left, "is_few": left < 4}
    codes["url"] = "/profile/recovery-codes"
    phone = {"is_there": True, "detail": OLD, "url": "/methods/phone"}
    return [
        a_factor("passkey", is_there=True, items=two, state=state),
        a_factor("push", is_there=True, items=[an_item("Pixel 9, " * 6)], state="lost" if state else ""),
        a_factor("app", is_there=True, items=[an_item(used_at=NOW)], url="/methods/app"),
        a_factor("phone", **phone, state=state if state != "partly" else ""),
        a_factor("recovery-code", **codes),
    ]


def a_profile(**fields: object) -> Context:
    sessions = [a_session(current=True), a_session(browser="Chrome on Android", ip="2001:db8:85a3::8a2e:370:7334")]
    person = {
        "name": "Anna Schmidt",
        "masked_email": "a…@example.com",
        "number": OLD,
        "number_since": NOW - timedelta(days=257),
        "fresh": True,
        "factors": FACTORS,
        "advice": None,
    }
    return {**person, "change": None, "sessions": sessions, **fields}


LONG_NAME = "Prof. Dr. Maximiliane-Theodora von und zu Hohenlohe-Waldenburg-Schillingsfürst"
LONG_EMAIL = "m…@sehr-langer-name-einer-abteilung.buchhaltung.donaudampfschifffahrtsgesellschaft.example.com"
METHODS = [
    Values(key="passkey", detail="MacBook", url="/sign-in/method/passkey"),
    Values(key="push", detail="Pixel 9", url="/sign-in/method/push"),
    Values(key="app", detail="", url="/sign-in/method/app"),
    Values(key="phone", detail="", url="/sign-in/method/phone", new_number=True),
    Values(key="recovery-code", detail="", url="/sign-in/method/recovery-code"),
]

OWNER = {"person": "Anna Schmidt"}
CONFIRMED = Values(**{**vars(a_change()), "is_confirmed": True})
GOING_ON = Values(**{**vars(a_change("waiting")), "goes_on": True})
TO_SHOP = WayBack("Example Shop", "https://shop.example/login?action_status=done")
PASSKEY = Values(
    passkey_id="d" * 32, name="Blue key", made_at=NOW, last_used_at=None, is_backed_up=False, is_backup_eligible=False
)
SYNCED = Values(
    passkey_id="e" * 32,
    name="Maximilianes-Passkey-im-Schlüsselbund-vom",
    made_at=NOW,
    last_used_at=NOW,
    is_backed_up=True,
    is_backup_eligible=True,
)
KEY = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
URI = f"otpauth://totp/Example%20Card:anna@example.com?secret={KEY.replace(' ', '')}&issuer=Example+Card"

FIVE_PASSKEYS = a_factor("passkey", is_there=True, items=[an_item(f"Schlüssel {number}") for number in range(5)])
TWELVE = [a_session(current=number == 0, id=f"{number:032}") for number in range(12)]

ASKED = {"asked_at": NOW, "asked_in": "Firefox on Windows"}
TO_STOP = {"masked_email": "a…@example.com", "told_at": NOW}
CHANGING = {"step": 3, "is_changing": True}
STRAIGHT_ON = {**CHANGING, "enters_number": True}

# Template and state → the context of the page, and the fields of `page` itself.
SPECIMENS: dict[tuple[str, str], tuple[Context, Context]] = {
    ("sign_in.html", "first"): ({}, {}),
    ("sign_in.html", "removed"): ({"notice": "number_removed", "next": "/profile"}, {"step": 3}),
    ("sign_in.html", "wrong"): (
        {"problem": Problem(text="Wrong.", field="password"), "typed": {"email": "a@example.com"}},
        {},
    ),
    ("sign_in.html", "field"): (
        {"problem": Problem(text="Enter your e-mail.", field="email"), "typed": {"email": "a"}},
        {},
    ),
    ("sign_in.html", "nothing"): (
        {"typed": {"email": ""}, "lacks": ("email", "password")},
        {},
    ),
    ("sign_in.html", "no address"): ({"typed": {"email": "anna"}, "lacks": ("email",)}, {}),
    ("sign_in.html", "no password"): ({"typed": {"email": "a@example.com"}, "lacks": ("password",)}, {}),
    ("sign_in.html", "late"): ({"open_at": NOW + timedelta(minutes=4)}, {}),
    ("sign_in.html", "signed out"): ({"notice": "signed_out"}, {"support_contact": None}),
    ("sign_in.html", "ended"): ({"notice": "session_ended"}, {}),
    ("sign_in.html", "kept"): ({"notice": "session_ended", "entry_is_kept": True}, {}),
    ("sign_in.html", "too long"): ({"notice": "took_too_long"}, {}),
    ("sign_in.html", "password"): ({"notice": "password_changed"}, {}),
    ("sign_in.html", "released"): ({"notice": "released"}, {}),
    ("code.html", "phone"): (a_code_page("phone", sent=True), {}),
    **{
        ("code.html", f"message {name}"): (a_code_page("phone", delivery=seen), {})
        for name, seen in (
            ("on its way", Delivery(DeliveryState.TRYING, NOW)),
            ("late", Delivery(DeliveryState.TRYING, NOW - timedelta(seconds=20))),
            ("sent", Delivery(DeliveryState.SENT, NOW, NOW)),
            ("given up", GIVEN_UP),
        )
    },
    **{
        ("code.html", f"given up {kind}"): (a_code_page(kind, delivery=GIVEN_UP, sent=True, **about), {})
        for kind, about in (
            ("new_number", {"destination": NEW, "change_url": "/sign-in/number"}),
            ("mailbox", {"destination": LONG_EMAIL, "other_method_url": None}),
        )
    },
    ("code.html", "wrong"): (a_code_page("phone", problem=WRONG), {}),
    ("code.html", "blocked"): (a_code_page("phone", problem=BLOCKED, resend_at=None, cancel="/sign-in"), {}),
    ("code.html", "spent"): (a_code_page("phone", problem=SPENT, spent=True, expires_at=None), {}),
    ("code.html", "spent before"): (
        a_code_page(
            "new_number", destination=NEW, change_url="/sign-in/number", spent=True, expires_at=None, resend_at=None
        ),
        {"step": 3},
    ),
    ("code.html", "spent, too soon"): (a_code_page("phone", problem=BLOCKED, spent=True, expires_at=None), {}),
    ("code.html", "suspended"): (a_code_page("phone", suspended=True, lift_url="/sign-in/lift/again"), {}),
    ("code.html", "disabled"): (a_code_page("phone", suspended="factor_disabled"), {}),
    ("app_code.html", "disabled"): ({"suspended": "factor_disabled"}, {}),
    ("code.html", "lost"): (a_code_page("phone", suspended="reported_lost"), {}),
    ("code.html", "release paused"): (
        a_code_page("release_phone", takes_long=True, problem=Problem(text="Too many.")),
        {},
    ),
    ("code.html", "suspended alone"): (a_code_page("phone", suspended=True, other_method_url=None), {}),
    ("code.html", "suspended mail"): (a_code_page("mailbox", suspended=True, other_method_url=None), {"step": 3}),
    ("code.html", "new"): (
        a_code_page("new_number", destination=NEW, change_url="/sign-in/number", sent=True),
        {"step": 3},
    ),
    ("code.html", "mailbox"): (a_code_page("mailbox", destination=LONG_EMAIL, other_method_url=None), {"step": 3}),
    ("code.html", "mailbox before a first code"): (a_code_page("mailbox", unproven=True, other_method_url=None), {}),
    ("code.html", "mailbox, then a wait"): (
        a_code_page("mailbox", destination=LONG_EMAIL, waits_until=LATER),
        {"step": 3},
    ),
    ("code.html", "first mailbox"): (a_code_page("mailbox", destination="a…@example.com", other_method_url=None), {}),
    ("code.html", "incomplete"): (a_code_page("phone", lacks=("code",)), {}),
    ("code.html", "lift"): (a_code_page("lift", destination="a…@example.com"), {}),
    ("code.html", "release mail"): (a_code_page("release_mailbox", destination="a…@example.com"), {}),
    ("code.html", "release phone"): (a_code_page("release_phone"), {}),
    ("code.html", "release phone by link"): (a_code_page("release_phone", by_link=True), {}),
    ("methods.html", "many"): ({"methods": METHODS, "last_used": "push", "may_report": True}, {}),
    ("methods.html", "changing"): (
        {"methods": [METHODS[3], *METHODS[:3]], "last_used": "push", "may_report": True},
        STRAIGHT_ON,
    ),
    ("methods.html", "none"): ({"methods": [], "last_used": None, "may_report": False}, {}),
    **{
        ("push.html", state): (a_push_page(state), {})
        for state in ("waiting", "denied", "guessed", "expired", "replaced", "unsent", "suspended")
    },
    ("push.html", "lost"): (a_push_page("suspended", suspended="reported_lost"), {}),
    ("push.html", "approved"): (
        a_push_page("approved", problem=Problem(text="Not now.")),
        {},
    ),  # without, it is sent at once
    ("push.html", "new number"): (a_push_page("waiting", devices=["Pixel 9"] * 6, digits="42"), STRAIGHT_ON),
    ("push.html", "limit"): (a_push_page("expired", problem=BLOCKED), {}),
    ("push_new.html", "asks"): (a_code_for_devices(), {"person": "Anna Schmidt"}),
    ("push_new.html", "fresh"): (a_code_for_devices(is_fresh=True), {"person": "Anna Schmidt"}),
    ("push_new.html", "scanned"): (a_scan(), OWNER),
    ("push_new.html", "contested"): (a_scan("W" * 60, contested_at=NOW), {"person": LONG_NAME}),
    ("push_new.html", "too many"): ({**a_scan(""), "problem": Problem(text="Too many devices.")}, OWNER),
    ("push_device.html", "used"): ({"device": a_device()}, {"person": "Anna Schmidt"}),
    ("push_device.html", "held"): ({"device": a_device(), "held_until": LATER}, OWNER),
    ("push_device.html", "refused"): (
        {"device": a_device(name="", subscription=None, last_used_at=None), "problem": Problem(text="Not now.")},
        {"person": LONG_NAME},
    ),
    ("device.html", "shell"): ({"device_name": "Chrome on Android"}, {}),
    ("app_code.html", "asks"): ({"suspended": False}, {}),
    ("app_code.html", "wrong"): ({"suspended": False, "problem": WRONG}, CHANGING),
    ("app_code.html", "suspended"): ({"suspended": True}, {}),
    ("app_new.html", "asks"): ({"key": KEY, "uri": URI, "qr": qr_svg(URI)}, {"person": "Anna Schmidt"}),
    ("passkey_prove.html", "asks"): ({"suspended": False}, STRAIGHT_ON),
    ("passkey_prove.html", "wrong"): ({"suspended": False, "problem": Problem(text="This passkey doesn't fit.")}, {}),
    ("passkey_prove.html", "suspended"): ({"suspended": True}, {}),
    ("passkey_new.html", "asks"): ({"name": None, "browser": "Chrome on Windows", "longest": 40}, OWNER),
    ("passkey_new.html", "known"): (
        {"name": "Blue key", "browser": "", "longest": 40, "problem": Problem(text="This passkey is in use already.")},
        OWNER,
    ),
    ("passkeys.html", "two"): ({"passkeys": [PASSKEY, SYNCED]}, OWNER),
    ("passkey.html", "one"): ({"passkey": PASSKEY, "longest": 40}, OWNER),
    ("passkey.html", "held"): ({"passkey": SYNCED, "longest": 40, "held_until": LATER}, OWNER),
    ("help.html", "all"): (
        {
            "has": ("passkey", "push", "app", "phone", "recovery-code"),
            "new_number": True,
            "may_report": True,
            "back_url": "/sign-in/method",
        },
        {},
    ),
    ("help.html", "support"): ({}, {}),
    ("help.html", "alone"): ({}, {"support_contact": None}),
    ("wait.html", "own"): ({"wait": a_wait(), "first": False, "other_method_url": "/sign-in/method"}, {"step": 3}),
    ("wait.html", "first"): ({"wait": a_wait(), "first": True}, {}),
    ("wait.html", "elsewhere"): ({"wait": a_wait(is_here=False), "first": False}, {"step": 3}),
    ("wait.html", "over"): ({"wait": a_wait(is_over=True), "first": False}, {"step": 3}),
    **{
        ("wait.html", f"release, {name}"): ({"wait": wait, "first": True, "release": True, **more}, {})
        for name, wait, more in (
            ("own", a_wait(), {"other_method_url": "/sign-in/method"}),
            ("alone", a_wait(), {}),
            ("by link", a_wait(), {"by_link": True, "other_method_url": "/sign-in/method"}),
            ("by link, over", a_wait(is_over=True), {"by_link": True}),
            ("by later number", a_wait(), {"by_later": True, "stoppable": False}),
            ("elsewhere, for good", a_wait(is_here=False), {"stoppable": False}),
            ("elsewhere", a_wait(is_here=False), {}),
            ("over", a_wait(is_over=True), {}),
        )
    },
    **{
        ("doubt.html", name): ({"mailed_at": NOW, "doubted_until": LATER, "wait": wait, "others": others}, OWNER)
        for name, wait, others in (
            ("new", None, ["passkey", "app"]),
            ("alone", None, []),
            ("own", a_wait(), []),
            ("elsewhere", a_wait(is_here=False), ["push"]),
            ("over", a_wait(is_over=True), []),
        )
    },
    ("freeze.html", "release"): ({"stops_release": True, **TO_STOP}, {}),
    ("number.html", "new"): ({"country_options": OPTIONS, "old_number": OLD}, {"step": 3}),
    ("number.html", "old"): (
        {
            "country_options": OPTIONS,
            "typed": {"number": "0171 392001", "country": "DE"},
            "problem": IS_OLD,
            "is_old": True,
            "old_number": OLD,
        },
        {"step": 3},
    ),
    ("number.html", "in a session"): (
        {"country_options": OPTIONS, "old_number": OLD, "back_url": "/profile"},
        {"step": 3},
    ),
    ("number.html", "first"): ({"country_options": OPTIONS, "first": True}, {}),
    ("number.html", "short"): (
        {"country_options": OPTIONS, "typed": {"number": "0151 2"}, "problem": SHORT},
        {"step": 3},
    ),
    ("done.html", "changed"): ({"number": NEW, "hold_until": LATER}, {"step": 4, "person": "Anna Schmidt"}),
    ("done.html", "back"): ({"number": NEW, "hold_until": LATER, "way_back": TO_SHOP}, {"step": 4}),
    ("done.html", "first"): ({"number": NEW, "first": True, "hold_until": None}, {"person": "Anna Schmidt"}),
    ("sign_ins.html", "two"): (
        {"sign_ins": [a_sign_in(this=True), a_sign_in(browser="", factor="")]},
        OWNER,
    ),
    ("applications.html", "none"): ({"applications": []}, OWNER),
    ("applications.html", "two"): (
        {
            "applications": [
                an_application(),
                an_application(name=LONG_NAME, foreign=True, scopes=["profile", "email", "phone", "offline_access"]),
            ],
            "is_done": True,
        },
        OWNER,
    ),
    ("profile.html", "full"): (a_profile(), {"person": "Anna Schmidt"}),
    ("profile.html", "stale"): (a_profile(fresh=False, sessions=[a_session(current=True)]), {"person": "Anna Schmidt"}),
    ("profile.html", "changing"): (
        a_profile(change=a_change(), notice="change_requested"),
        {"person": "Anna Schmidt"},
    ),
    ("profile.html", "waiting for the company"): (a_profile(change=a_change("waiting"), notice="change_waits"), OWNER),
    ("profile.html", "confirmed by the company"): (a_profile(change=CONFIRMED), OWNER),
    ("profile.html", "going on by itself"): (a_profile(change=GOING_ON), OWNER),
    ("profile.html", "again"): (a_profile(change=a_change(), notice="sent_again"), {"person": "Anna Schmidt"}),
    ("profile.html", "on its way"): (
        a_profile(change=a_change(), notice="change_requested", delivery=Delivery(DeliveryState.TRYING, NOW)),
        OWNER,
    ),
    ("profile.html", "given up"): (a_profile(change=a_change(), notice="change_requested", delivery=GIVEN_UP), OWNER),
    ("profile.html", "given up again"): (a_profile(change=a_change(), notice="sent_again", delivery=GIVEN_UP), OWNER),
    ("profile.html", "cancelled"): (a_profile(notice="change_cancelled"), {"person": "Anna Schmidt"}),
    ("profile.html", "ended"): (a_profile(notice="session_ended"), {"person": "Anna Schmidt"}),
    ("profile.html", "others ended"): (a_profile(notice="sessions_ended"), {"person": "Anna Schmidt"}),
    ("profile.html", "app added"): (a_profile(notice="app_added", factors=all_factors()), {"person": "Anna Schmidt"}),
    **{
        ("profile.html", notice): (a_profile(notice=notice, advice=advice), {"person": "Anna Schmidt"})
        for notice, advice in (("codes_made", None), ("code_used", "renew_codes"), ("taken_back", "make_codes"))
    },
    ("profile.html", "lost"): (
        a_profile(notice="reported_lost", advice="add_passkey", factors=all_factors("lost", 1)),
        {"person": "Anna Schmidt"},
    ),
    ("profile.html", "paused"): (a_profile(factors=all_factors("paused", 3)), {"person": "Anna Schmidt"}),
    ("profile.html", "partly lost"): (a_profile(factors=all_factors("partly")), {"person": "Anna Schmidt"}),
    ("profile.html", "held"): (a_profile(factors=all_factors(), held_until=LATER), OWNER),
    ("profile.html", "held alone"): (a_profile(held_until=LATER), OWNER),
    ("profile.html", "changing, held"): (a_profile(change=a_change(), factors=all_factors(), held_until=LATER), OWNER),
    ("profile.html", "many"): (a_profile(sessions=TWELVE, factors=[FIVE_PASSKEYS, *FACTORS[1:]]), OWNER),
    ("profile.html", "no number"): (a_profile(number=""), {"person": "Anna Schmidt"}),
    **{
        ("ask.html", " ".join((act, *map(str, about.values())))): (
            {"act": act, "action": "/act", "back_url": "/profile", **about},
            OWNER,
        )
        for act, about in (
            ("remove_passkey", {"name": SYNCED.name}),
            ("withdraw", {"name": "Example Shop", "foreign": False}),
            ("withdraw", {"name": "Somebody Else", "foreign": True}),
            ("remove_device", {"name": "Pixel 9"}),
            ("remove_device", {"name": ""}),
            ("remove_app", {}),
            ("remove_codes", {"left": 1}),
            ("new_codes", {"left": 7, "replacing": "x"}),
            *(("suspend", {"key": key}) for key in ("passkey", "push", "app", "phone", "recovery-code")),
            ("end_others", {"others": 2}),
        )
    },
    ("ask.html", "end_session"): (
        {
            "act": "end_session",
            "action": "/act",
            "back_url": "/profile",
            "session": a_session(ip="2001:db8:85a3::8a2e:370:7334", created_at=NOW),
        },
        OWNER,
    ),
    **{
        ("method.html", f"{key} {state}"): (
            {**about, "key": key, "state": state, "made_at": NOW, "used_at": None},
            OWNER,
        )
        for key, about in (
            ("phone", {"number": OLD}),
            ("app", {"remove_url": "/profile/app/remove", "held_until": None}),
        )
        for state in ("", "lost", "paused")
    },
    ("method.html", "held"): (
        {"key": "app", "state": "", "made_at": NOW, "used_at": NOW, "remove_url": "/x/remove", "held_until": LATER},
        OWNER,
    ),
    ("passkey.html", "lost"): ({"passkey": PASSKEY, "longest": 40, "state": "lost"}, OWNER),
    ("recovery_codes.html", "first"): ({"left": 0, "made_at": None}, {"person": "Anna Schmidt"}),
    ("recovery_codes.html", "left"): ({"left": 2, "made_at": NOW}, {"person": "Anna Schmidt"}),
    ("recovery_codes.html", "held"): (
        {"left": 2, "made_at": NOW, "held_until": LATER, "may_make": False},
        OWNER,
    ),
    ("recovery_codes.html", "shown"): (
        {"left": 1, "made_at": NOW, "problem": Problem(text="They were shown.")},
        {"person": "Anna Schmidt"},
    ),
    ("recovery_codes_new.html", "shown"): (
        {"codes": ["HX4C-9KWT-3QVD-7RMY"] * 10, "made_at": NOW, "email": "a…@example.com"},
        {"person": "Anna Schmidt"},
    ),
    ("recovery_code.html", "asks"): ({"suspended": False}, {}),
    ("recovery_code.html", "wrong"): ({"suspended": False, "problem": WRONG}, CHANGING),
    ("recovery_code.html", "suspended"): ({"suspended": True}, {}),
    ("lost.html", "many"): ({"methods": METHODS, "back_url": "/sign-in/method"}, {}),
    ("lost.html", "one"): ({"methods": [], "back_url": "/sign-in/method"}, {}),
    ("lost.html", "one, signed in"): ({"methods": [], "back_url": "/profile"}, OWNER),
    ("lost.html", "none"): (
        {"methods": [], "back_url": "/profile", "problem": Problem(text="Not now.")},
        {"person": "Anna Schmidt"},
    ),
    ("methods.html", "lost"): (
        {
            "methods": [
                Values(key="push", detail="", url="/x", state="lost"),
                Values(key="app", detail="", url="/x", state="paused"),
            ],
            "last_used": "app",
            "may_report": False,
            "lost": "push",
        },
        {},
    ),
    **{
        ("reauthenticate_methods.html", name): (
            {
                "next": "/profile?dialog=phone",
                "verb": "confirm",
                "password_path": "/reauthenticate",
                "has_passkey": has_passkey,
            },
            {"person": "Anna Schmidt"},
        )
        for name, has_passkey in (("passkey", True), ("password alone", False))
    },
    ("profile.html", "removed"): (a_profile(notice="factor_removed"), {"person": "Anna Schmidt"}),
    ("profile.html", "refused"): (a_profile(problem=Problem(text="Not now.")), {"person": "Anna Schmidt"}),
    ("profile.html", "long"): (
        a_profile(name=LONG_NAME, masked_email=LONG_EMAIL, number="", change=a_change("awaiting")),
        {"person": LONG_NAME},
    ),
    ("change_new.html", "asks"): (
        {"masked_email": "a…@example.com", "number": OLD},
        {"step": 1, "person": "Anna Schmidt"},
    ),
    ("link.html", "asks"): (
        {"number": OLD, "stop_url": "/freeze/x", "masked_email": "a…@example.com", **ASKED},
        {"step": 2},
    ),
    ("link.html", "by someone unknown"): (
        {"number": OLD, "stop_url": "/freeze/x", "masked_email": LONG_EMAIL, **ASKED, "asked_in": ""},
        {"step": 2},
    ),
    **{
        ("link_end.html", end): ({"end": end, "number": OLD}, {})
        for end in ("expired", "used", "finished", "replaced", "unknown", "cancelled", "stopped", "needs_factor")
    },
    **{("mailbox.html", state): ({"state": state}, {}) for state in ("asks", "open", "expired", "unknown")},
    ("removed.html", "done"): ({}, {"step": 3}),
    ("activity.html", "some"): ({"timeline": TIMELINE, "older": "7.7.a", "is_first": True}, OWNER),
    ("activity.html", "end"): ({"timeline": [], "older": None, "is_first": False}, OWNER),
    ("caller.html", "asks"): ({}, {}),
    ("caller.html", "wrong"): ({"problem": NO_CHECK, "typed": {"number": "412 903 771 205"}}, {}),
    ("caller.html", "empty"): ({"lacks": ("number",)}, {}),
    ("caller_link.html", "asks"): ({}, {}),
    ("caller_choose.html", "asks"): ({"view": a_view(), "methods": ["push", "app", "phone"]}, {}),
    ("caller_code.html", "phone"): ({"view": a_view("phone"), "lacks": ()}, {}),
    ("caller_code.html", "wrong"): ({"view": a_view("phone"), "lacks": (), "problem": WRONG}, {}),
    ("caller_code.html", "app"): ({"view": a_view("app"), "lacks": ()}, {}),
    ("caller_push.html", "waits"): (
        {"view": a_view("push", digits="042317", prompt=Values(expires_at=NOW + timedelta(seconds=80)))},
        {},
    ),
    ("caller_push.html", "nobody answered"): ({"view": a_view("push")}, {}),
    **{
        ("caller_end.html", end): ({"end": end, "method": Values(value="push")}, {})
        for end in ("proven", "denied", "failed", "withdrawn", "expired", "over")
    },
    ("recovery_sent.html", "sent"): ({}, {}),
    ("recovery_request.html", "asks"): ({}, {}),
    **{("recovery_standing.html", state.value): ({"case": a_case(state)}, {}) for state in CaseState},
    ("recovery_standing.html", "none"): ({"case": None}, {}),
    ("recovery_opened.html", "open"): ({"number": "AB2C-3D4E"}, {}),
    ("recovery_link.html", "asks"): ({"masked_email": LONG_EMAIL}, {}),
    **{
        ("recovery_end.html", end): ({"end": end}, {})
        for end in ("expired", "used", "closed", "open", "frozen", "unknown")
    },
    ("help.html", "may recover"): ({"has": ("phone",), "may_recover": True}, {}),
    ("freeze.html", "asks"): ({"masked_email": LONG_EMAIL, "told_at": NOW}, {}),
    **{
        ("freeze.html", told): ({**TO_STOP, "told": told}, {})
        for told in ("change_requested", "password_wait", "notices_joined")
    },
    ("freeze.html", "asks a person"): ({"digits": "472", **TO_STOP}, {}),
    ("freeze.html", "asks again"): (
        {
            **TO_STOP,
            "digits": "472",
            "typed": "47",
            "problem": Problem(text="Please type the three digits.", field="digits"),
        },
        {},
    ),
    ("frozen.html", "open"): ({"later_from": LATER}, {}),
    ("frozen.html", "closed"): ({"later_from": None}, {"support_contact": "https://example.com/help"}),
    **{("freeze_end.html", end): ({"end": end}, {}) for end in ("expired", "nothing", "left", "unknown")},
    ("release.html", "asks"): (
        {"number": OLD, "masked_email": "a…@example.com", "is_former": True, "later_from": LATER},
        {},
    ),
    ("release.html", "two numbers"): (
        {"number": OLD, "masked_email": "a…@example.com", "is_former": True, "later_number": LATER_NUMBER},
        {},
    ),
    ("release.html", "paused"): (
        {"number": OLD, "masked_email": "a…@example.com", "is_paused": True, "problem": Problem(text="Too many.")},
        {},
    ),
    **{
        ("release_link.html", name): ({"number": OLD, **more}, {})
        for name, more in (
            ("asks", {}),
            ("stronger", {"has_stronger": True, "is_former": True}),
            ("waits", {"wait": a_wait()}),
            ("elsewhere", {"wait": a_wait(is_here=False)}),
            ("has waited", {"wait": a_wait(is_over=True)}),
            ("two numbers", {"is_former": True, "later_number": LATER_NUMBER, "later_days": 7}),
            ("late", {"lacks_number": True}),
        )
    },
    ("release.html", "late"): ({"number": OLD, "lacks_number": True}, {}),
    ("reauthenticate.html", "asks"): (
        {"next": "/profile?dialog=phone", "verb": "confirm", "email": LONG_EMAIL, "has_passkey": True},
        {"person": "Anna Schmidt", "step": 1},
    ),
    ("reauthenticate.html", "wrong"): (
        {
            "next": "/profile",
            "verb": "remove",
            "is_fresh": True,
            "email": "a@example.com",
            "problem": Problem(text="Wrong.", field="password"),
            "has_passkey": False,
        },
        {"person": "Anna Schmidt"},
    ),
    ("forgotten.html", "asks"): ({}, {}),
    ("forgotten.html", "misspelt"): ({"typed": {"email": "anna"}, "misspelt": True}, {}),
    ("forgotten.html", "signed in"): ({"own_email": LONG_EMAIL}, OWNER),
    ("forgotten_sent.html", "loaded again"): ({"typed": {}, "link_minutes": 60}, {}),
    ("forgotten_sent.html", "signed in"): ({"own_email": "a…@example.com", "link_minutes": 60}, OWNER),
    ("forgotten_sent.html", "sent"): ({"typed": {"email": LONG_EMAIL}, "link_minutes": 60}, {}),
    ("new_password.html", "asks"): ({"password_min": 8}, {}),
    ("new_password.html", "releases"): ({"password_min": 8, "releases": True}, {}),
    ("new_password.html", "short"): ({"problem": Problem(text="Too short.", field="password")}, {}),
    **{("password_end.html", end): ({"end": end}, {}) for end in ENDS_OF_PASSWORD},
    ("wrong_state.html", "asks"): ({}, {"step": 3}),
    **{
        ("journey.html", kind): ({"kind": kind, "masked_email": LONG_EMAIL, "application": "Example Shop"}, {})
        for kind in ("change_phone", "manage_factors", "recovery_codes")
    },
    ("journey.html", "of nobody known"): (
        {"kind": "change_phone", "masked_email": "a…@example.com", "application": ""},
        {},
    ),
    ("api.html", "operator"): (page_of(operator.API), {}),
    ("api.html", "person"): (page_of(person.API), {}),
    ("journey_other.html", "asks"): ({"masked_email": LONG_EMAIL, "way_back": TO_SHOP}, OWNER),
    **{
        ("error.html", str(status)): ({"status": status, "retry_at": LATER if status == 429 else None}, {})
        for status in (400, 403, 404, 405, 410, 413, 418, 429, 500, 503)
    },
    ("company_factor.html", "asks"): ({}, OWNER),
    **company_specimens(OWNER),
    ("leaving.html", "goes on"): ({"uri": "#callback", "application": "Example Shop"}, {}),
    ("posting.html", "goes on"): (
        {
            "uri": "https://account.example/callback",
            "said": {"code": "a code", "iss": "https://account.example"},
            "application": "Example Shop",
        },
        {},
    ),
    ("sign_out_of.html", "asks"): ({"application": "Example Shop", "asked": {"client_id": "shop", "state": ""}}, OWNER),
    ("sign_out_of.html", "asks for nobody"): ({"application": "", "asked": {}}, OWNER),
    ("not_signed_in.html", "asked wrongly"): ({"status": 400}, {}),
    ("not_signed_in.html", "over"): ({"status": 410}, {}),
    ("step_up.html", "asks"): (
        {"application": "Example Shop", "request_id": "r" * 32, "methods": ["passkey", "push", "app"]},
        OWNER,
    ),
    ("app_code.html", "stepping up"): ({"suspended": False, "step_up": "/oauth/step-up/" + "r" * 32}, OWNER),
    ("app_code.html", "stepping up, suspended"): ({"suspended": True, "step_up": "/oauth/step-up/" + "r" * 32}, OWNER),
    ("push.html", "stepping up"): (a_push_page("waiting", step_up="/oauth/step-up/" + "r" * 32), OWNER),
    ("passkey_prove.html", "stepping up"): ({"suspended": False, "step_up": "/oauth/step-up/" + "r" * 32}, OWNER),
    ("reauthenticate.html", "for an application"): (
        {
            "next": "/oauth/continue/" + "r" * 32,
            "email": LONG_EMAIL,
            "verb": "confirm",
            "is_for_application": True,
            "asked": {"request_id": "r" * 32, "application": {"name": "Example Shop"}},
            "has_passkey": True,
        },
        OWNER,
    ),
    ("consent.html", "asks"): (
        {
            "application": "Example Shop",
            "host": "shop.example",
            "scopes": ["email", "offline_access", "phone", "profile"],
        },
        OWNER,
    ),
    ("consent.html", "asks for all"): (
        {"application": "Example Shop", "host": "shop.example", "scopes": list(TOLD_IN_ORDER)},
        OWNER,
    ),
    ("sign_in.html", "for an application"): ({"application": "Example Shop", "request_id": "r" * 32}, {}),
    ("sign_in.html", "passkey wished for"): (
        {"application": "Example Shop", "request_id": "r" * 32, "wants_passkey": "first"},
        {},
    ),
    ("sign_in.html", "passkey alone will do"): (
        {"application": "Example Shop", "request_id": "r" * 32, "wants_passkey": "alone"},
        {},
    ),
    ("error.html", "expired"): ({"status": 403, "here": "/sign-in"}, {}),
    ("sign_in.html", "removed, wrong"): (
        {
            "notice": "number_removed",
            "problem": Problem(text="Wrong.", field="password"),
            "typed": {"email": "a@example.com"},
        },
        {"step": 3},
    ),
}


def rendered(specimen: tuple[str, str], language: str) -> str:
    context, about = SPECIMENS[specimen]
    return TEMPLATES.render(specimen[0], language, page=a_page(language, **about), **context)
