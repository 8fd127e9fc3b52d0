"""Nothing that takes something away happens by one press on what looks like a way on."""

import re

import pytest

from renumber.web.app import PAGES
from renumber.web.routes import Route
from renumber.web.templating import TEMPLATE_FOLDER
from tests.web.specimens import LANGUAGES, SPECIMENS, TEMPLATES, rendered

# Every other post, and why one press is enough for it.
GOES_ON = "a step of a sign-in, which its own page asks for"
ADDS = "it adds something, or begins to"
TYPED = "it takes what was typed into the form"
SENDS = "it sends the same again"
ANSWERS = "its own page asks, at the same address, and has a button for yes and one for no"
TAKES_NOTHING = {
    "/caller": TYPED,
    "/caller/check/code": TYPED,
    "/caller/check/method/{method:str}": GOES_ON,
    "/caller/check/not-me": "it ends a check of a call, and a new one is asked for by one press",
    "/caller/link/{token:path}": GOES_ON,
    "/language": "it is pressed back as easily",
    "/sign-out": "it ends what this very browser was let into, by its usual place in the menu",
    "/journey/leave": "it leaves a way that somebody else was sent on",
    "/journeys/{token:path}": GOES_ON,
    "/oauth/logout/confirm": "it ends what this very browser was let into, and its page asks before",
    "/oauth/consent/{request_id:str}": "it gives, and only what the page says",
    "/oauth/decline/{request_id:str}": "it leaves a way that an application sent somebody on; the session stays",
    "/oauth/step-up/{request_id:str}": GOES_ON,
    "/recovery/request/{token:path}": "it asks for something that two people check before",
    "/sign-in/recovery": SENDS,
    "/phone-change": "it asks for a link; the question before it is the dialog",
    "/company/changes/{account_id:str}/{change_id:str}": ANSWERS,
    "/company/recoveries/{account_id:str}/{case_id:str}": ANSWERS,
    "/phone-change/again": SENDS,
    # “Änderung abbrechen” beside “Abbrechen” would be a riddle.
    "/phone-change/cancel": "the number stays, and the change is begun anew by one press",
    "/phone-change/number": ADDS,
    "/profile/app": ADDS,
    "/profile/app/confirm": TYPED,
    "/profile/found/{factor:str}": "it gives back",
    "/profile/passkeys/new": ADDS,
    "/profile/passkeys/{passkey_id:str}/rename": TYPED,
    "/profile/push": ADDS,
    "/profile/push/code/{link_id:str}/confirm": ADDS,
    "/profile/push/code/{link_id:str}/reject": "it sends away what was never added",
    "/profile/push/{device_id:str}/name": TYPED,
    "/profile/recovery-codes": "there are none before it",
    "/profile/recovery-codes/file": "it gives back what the page shows",
    "/profile/wait": "it begins a wait, which everybody is told of",
    "/reauthenticate": TYPED,
    "/reauthenticate/passkey": GOES_ON,
    "/sign-in": TYPED,
    "/sign-in/app": TYPED,
    "/sign-in/code": TYPED,
    "/sign-in/code/again": SENDS,
    "/sign-in/email-code": TYPED,
    "/sign-in/email-code/again": SENDS,
    "/sign-in/forgotten": "it sends a link; the password stays until another is typed",
    "/sign-in/lift": TYPED,
    "/sign-in/lift/again": SENDS,
    "/sign-in/mailbox/{token:path}": GOES_ON,
    "/sign-in/method/{factor:str}": GOES_ON,
    "/sign-in/new-password/{token:path}": TYPED,
    "/sign-in/number": TYPED,
    "/sign-in/number/code": TYPED,
    "/sign-in/number/old": "it keeps the number that was there",
    "/sign-in/number/code/again": SENDS,
    "/sign-in/passkey": GOES_ON,
    "/sign-in/push/again": SENDS,
    "/sign-in/push/finish": GOES_ON,
    "/sign-in/recovery-code": TYPED,
    "/sign-in/release": GOES_ON,
    "/sign-in/release/email": TYPED,
    "/sign-in/release/email/again": SENDS,
    "/sign-in/release/link/{token:path}": SENDS,
    "/sign-in/release/password": TYPED,
    "/sign-in/release/phone": TYPED,
    "/sign-in/release/phone/again": SENDS,
    "/sign-in/with-passkey": GOES_ON,
}
TAKING = [route for route in PAGES if route.takes_away]
ASKING = {"ask.html", "freeze.html", "link.html"}
# The person has asked for this one by mail, and it is the next step of what they do.
NO_DANGER = {"link.html"}
FORM = re.compile(r'<form method="post"(?P<about>[^>]*)>(?P<content>.*?)</form>', re.DOTALL)
ACTION = re.compile(r'action="([^"]*)"')
BUTTON = re.compile(r"<button[^>]*>")
CHEVRONS = {":is(a, button).choice::after", ".way::after", ".picker::after"}
asking = [specimen for specimen in SPECIMENS if specimen[0] in ASKING]


def taken_at(action: str) -> list[str]:
    """The acts that take something away at an address, whatever stands for its variable parts."""
    patterns = {route.path: re.sub(r"\{[^}]*\}", "[^/]+", route.path) for route in TAKING}
    return [path for path, pattern in patterns.items() if re.fullmatch(pattern, action)]


def posted(html: str) -> list[tuple[str, str]]:
    """Action and content of every form that posts."""
    forms = FORM.finditer(html)
    return [((ACTION.search(form["about"]) or ["", ""])[1], form["content"]) for form in forms]


def test_of_every_post_it_is_said_whether_it_takes_something_away() -> None:
    posts = {route.path for route in PAGES if route.method == "POST"}

    assert {route.path for route in TAKING} | set(TAKES_NOTHING) == posts
    assert not {route.path for route in TAKING} & set(TAKES_NOTHING)
    assert len(TAKING) >= 11


@pytest.mark.parametrize("route", TAKING, ids=lambda route: route.path)
def test_an_act_that_takes_something_away_has_its_question_at_its_own_address(route: Route) -> None:
    shown = [page for page in PAGES if page.method == "GET" and page.path == route.path]

    assert [page.access for page in shown] == [route.access]


def test_no_other_page_has_a_button_for_such_an_act() -> None:
    others = [specimen for specimen in SPECIMENS if specimen[0] not in ASKING]
    pressed = {(*each, action) for each in others for action, _ in posted(rendered(each, "en")) if taken_at(action)}

    assert pressed == set()


def test_no_other_template_could_have_one() -> None:
    actions = {
        (path.name, re.sub(r"\{\{.*?\}\}", "x", action))
        for path in TEMPLATE_FOLDER.glob("*.html")
        for action, _ in posted(path.read_text())
    }

    assert ("profile.html", "/phone-change/number") in actions
    assert not {(name, action) for name, action in actions if taken_at(action)}


@pytest.mark.parametrize("specimen", asking, ids=" ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_says_what_follows_has_a_button_of_danger_and_a_way_back(
    specimen: tuple[str, str], language: str
) -> None:
    html = rendered(specimen, language)
    main = html[html.index("<main") : html.index("</main>")]
    buttons = [button for _, content in posted(main) for button in BUTTON.findall(content)]

    assert len(buttons) == 1
    assert (specimen[0] in NO_DANGER) is not ("danger" in buttons[0])
    assert specimen[0] != "ask.html" or main[: main.index(buttons[0])].count("<li>") >= 2
    assert re.search(r"<a [^>]*href=", main[main.index(buttons[0]) :])


@pytest.mark.parametrize("name", ["app.css", "account.css"])
def test_a_chevron_stands_on_links_and_on_rows_that_are_one(name: str) -> None:
    turned = re.findall(r"([^{}]+)\{[^{}]*rotate: 45deg", TEMPLATES.assets[name].content.decode())

    assert {selector.split("*/")[-1].strip() for selector in turned} <= CHEVRONS


def test_a_button_with_a_chevron_takes_nothing_away() -> None:
    forms = {form for each in SPECIMENS for form in posted(rendered(each, "en")) if 'class="choice"' in form[1]}

    assert len(forms) > 5
    assert not {action for action, _ in forms if taken_at(action)}


def test_a_row_with_a_chevron_is_a_link() -> None:
    pages = [rendered(each, "en") for each in SPECIMENS if each[0] == "profile.html"]
    rows = {row for html in pages for row in re.findall(r'<li class="way">(.*?)(?:</li>|<ul)', html, re.DOTALL)}

    assert len(rows) > 5
    assert not {row for row in rows if not re.search(r'<p><a href="/[^"]+">', row)}


def test_the_password_that_takes_a_method_away_is_sent_by_a_danger_button() -> None:
    html = rendered(("reauthenticate.html", "wrong"), "en")

    assert '<button class="button danger"><span>Remove</span></button>' in html
