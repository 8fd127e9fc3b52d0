"""Every page renders in every language and state, under a strict Content-Security-Policy."""

import re
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from renumber.domain.messages.message import Notice
from renumber.locale import SHIPPED
from renumber.policies.brand.colours import accent_on_dark, accent_on_light
from renumber.policies.notices import TOLD
from renumber.web.formats import values
from renumber.web.templating import STATIC, TEMPLATE_FOLDER
from tests.web.specimens import BERLIN, LANGUAGES, LATER, LONG_EMAIL, NOW, SPECIMENS, TEMPLATES, a_page, rendered


def unbroken(text: str) -> str:
    """A text with a space at which no line ends for each `_`."""
    return text.replace("_", "\u00a0")


WARNING = "M10 7.4v3.8M10 13.9h.01"  # the sign within its triangle

every_page = pytest.mark.parametrize("specimen", SPECIMENS, ids=" ".join)
every_language = pytest.mark.parametrize("language", LANGUAGES)


class Elements(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_every_template_is_shown_here() -> None:
    pages = {path.name for path in TEMPLATE_FOLDER.glob("*.html") if not path.name.startswith("_")} - {"base.html"}

    assert {template for template, _ in SPECIMENS} == pages


@every_page
@every_language
def test_a_page_has_a_language_one_heading_a_title_and_landmarks(specimen: tuple[str, str], language: str) -> None:
    html = rendered(specimen, language)
    elements = Elements(html)

    assert elements.named("html") == [{"lang": language, "dir": "ltr"}]
    assert len(elements.named("h1")) == 1
    assert re.search(r"<title>[^<]+Example Card[^<]*</title>", html)
    assert re.search(r'<img class="tile" src="/brand-icon.svg" alt="" [^>]*><span>Example Card</span>', html)
    assert [len(elements.named(landmark)) for landmark in ("header", "main", "footer")] == [1, 1, 1]
    assert "{" not in re.sub(r'data-text="[^"]*"', "", html)


REFUSED = [
    name
    for name, (context, _) in SPECIMENS.items()
    if context.get("problem") or context.get("lacks") or "misspelt" in context
]


@every_page
def test_a_page_holds_nothing_inline_and_nothing_from_elsewhere(specimen: tuple[str, str]) -> None:
    elements = Elements(rendered(specimen, "de"))

    assert not elements.named("style")
    for script in elements.named("script"):
        assert script["src"].startswith("/static/")
    for tag, attributes in elements.found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert not attributes.get("src", "/").startswith(("http", "//"))


@every_page
def test_every_form_that_is_posted_to_us_carries_the_csrf_token_and_no_other_and_every_id_is_unique(
    specimen: tuple[str, str],
) -> None:
    html = rendered(specimen, "en")
    ids = [attributes["id"] for _, attributes in Elements(html).found if "id" in attributes]

    assert len(ids) == len(set(ids))
    for form in re.findall(r'<form method="post".*?</form>', html, re.DOTALL):
        leads_elsewhere = bool(re.search(r'action="[^/"]', form))
        assert ('name="csrf" value="csrf-token"' in form) is not leads_elsewhere


@every_page
def test_at_most_one_element_takes_the_focus(specimen: tuple[str, str]) -> None:
    taking = [tag for tag, attributes in Elements(rendered(specimen, "en")).found if "autofocus" in attributes]

    assert len(taking) <= 1


@pytest.mark.parametrize("specimen", REFUSED, ids=" ".join)
def test_a_refused_form_has_the_focus_at_the_first_field_in_error_else_at_what_says_why(
    specimen: tuple[str, str],
) -> None:
    elements = [attributes for _, attributes in Elements(rendered(specimen, "en")).found]
    [focused] = [each for each in elements if "autofocus" in each]

    in_error = [each for each in elements if "aria-invalid" in each]
    said = [each for each in elements if each.get("role") == "alert" and "tabindex" in each]
    spent = [each for each in elements if each.get("aria-describedby", "").startswith("problem")]
    assert focused == (in_error or said or spent)[0]
    assert not in_error or all(f"{each['name']}-problem" in each["aria-describedby"] for each in in_error)


@every_page
def test_a_problem_is_announced_by_one_alert_alone(specimen: tuple[str, str]) -> None:
    tags = [attributes for _, attributes in Elements(rendered(specimen, "en")).found]
    alerts = [each for each in tags if each.get("role") == "alert" and "hidden" not in each]
    context, _ = SPECIMENS[specimen]

    assert len(alerts) <= 1
    assert len(alerts) == 1 or not (context.get("problem") or context.get("lacks"))


def test_a_problem_stands_at_its_field_and_what_was_typed_stays() -> None:
    html = rendered(("number.html", "short"), "en")
    field = next(one for one in Elements(html).named("input") if one["name"] == "number")

    assert field["value"] == "0151 2"
    assert field["aria-invalid"] == "true"
    assert "number-problem" in field["aria-describedby"].split()
    assert 'id="number-problem"' in html


def test_markup_in_a_name_is_shown_and_not_obeyed() -> None:
    context, _ = SPECIMENS["profile.html", "full"]
    page = a_page(person="<script>alert(1)</script>")

    html = TEMPLATES.render("profile.html", "en", page=page, **{**context, "name": '"><img src=x onerror=y>'})

    assert "<script>alert" not in html
    assert not [one for one in Elements(html).named("img") if "onerror" in one]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("de", ["Telefonnummer ändern", "Bestätigen", "Abbrechen", "Profildetails", "Abmelden", "Anna Schmidt"]),
        ("en", ["Change phone number", "Confirm", "Cancel", "Profile details", "Sign out", "Anna Schmidt"]),
    ],
)
def test_the_labels_that_stay_as_they_are_are_on_the_profile(language: str, labels: list[str]) -> None:
    html = rendered(("profile.html", "full"), language)

    for label in labels:
        assert re.search(rf">\s*{label}\s*<", html), label


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Europe/Berlin", "de", "24._November 2026, 14:32_Uhr_MEZ"),
        ("Europe/Berlin", "en", "24_November 2026, 14:32_CET"),
        ("America/New_York", "de", "24._November 2026, 08:32_Uhr_UTC-05:00"),
        ("America/New_York", "en", "24_November 2026, 08:32_EST"),
        ("Asia/Kolkata", "en", "24_November 2026, 19:02_UTC+05:30"),
        ("America/Sao_Paulo", "en", "24_November 2026, 10:32_UTC-03:00"),
        ("UTC", "de", "24._November 2026, 13:32_Uhr_UTC"),
    ],
)
def test_a_moment_is_local_names_its_zone_and_is_not_torn_within_the_time(
    zone: str, language: str, expected: str
) -> None:
    assert values.moment(
        NOW, zone=ZoneInfo(zone), language=language, say=TEMPLATES.translations[language].gettext
    ) == unbroken(expected)


def test_a_time_of_another_day_says_the_day() -> None:
    def shown(at: datetime, language: str) -> str:
        return values.clock(at, NOW, zone=BERLIN, language=language, say=TEMPLATES.translations[language].gettext)

    assert shown(NOW, "de") == unbroken("14:32_Uhr")
    assert shown(NOW, "en") == "14:32"
    assert shown(LATER, "de") == unbroken("14:32_Uhr_MEZ am 25._November")
    assert shown(LATER, "en") == unbroken("14:32_CET on 25_November")


@pytest.mark.parametrize("language", SHIPPED)
@pytest.mark.parametrize("at", [NOW, LATER])
def test_a_time_says_its_zone_where_that_may_not_be_the_person_s_own(language: str, at: datetime) -> None:
    say = TEMPLATES.translations[language].gettext
    zone = "MEZ" if language == "de" else "CET"

    assert f"\u00a0{zone}" in values.clock(at, NOW, zone=ZoneInfo("Europe/Berlin"), language=language, say=say)
    assert f"\u00a0{zone}" in values.moment(at, zone=BERLIN, language=language, say=say)


def test_the_page_of_a_wait_says_the_zone_to_a_browser_that_has_told_none() -> None:
    def shown(zone: ZoneInfo) -> str:
        return TEMPLATES.render("error.html", "en", page=a_page(zone=zone), status=429, retry_at=NOW)

    assert "14:32</time>" in shown(BERLIN)
    assert "14:32\u00a0CET</time>" in shown(ZoneInfo("Europe/Berlin"))


def test_both_times_of_a_session_are_whole() -> None:
    times = re.findall(r"<time[^>]*>([^<]*)</time>", rendered(("profile.html", "full"), "en").split('id="sessions"')[1])

    assert len(times) >= 4
    assert all(re.search("2026, .* CET$", time.replace("\u00a0", " ")) for time in times)


def test_a_long_address_ends_a_line_only_between_its_groups() -> None:
    assert "2001:<wbr>db8:<wbr>85a3:<wbr>:<wbr>8a2e:<wbr>370:<wbr>7334</p>" in rendered(("profile.html", "full"), "de")
    assert "<b>" not in values.breakable("<b>:<b>")


def test_the_name_of_a_method_and_what_belongs_to_it_are_read_as_separate_words() -> None:
    html = rendered(("methods.html", "many"), "en")
    push = re.search(r"Push notification.*?</span>\s*</button>", html, re.DOTALL)

    assert push
    assert re.sub(r"<[^>]+>", "", push[0]).split() == ["Push", "notification", "Pixel", "9", "last", "used"]


@pytest.mark.parametrize("template", ["method.html", "passkey.html", "push_device.html", "recovery_codes.html"])
def test_while_nothing_can_be_removed_the_page_says_until_when_and_has_no_button_for_it(template: str) -> None:
    html = rendered((template, "held"), "en")

    assert "Until <time" in html
    assert not re.search(r'action="[^"]+/remove"', html)


@pytest.mark.parametrize(("state", "is_said"), [("held", True), ("held alone", False)])
def test_the_account_page_says_once_until_when_things_are_held(state: str, *, is_said: bool) -> None:
    html = rendered(("profile.html", state), "en")

    assert html.count("counts as recently changed until") == 1
    assert ("no method that was there before can be removed or replaced" in html) is is_said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_behind_each_notice_names_what_that_told_of(language: str) -> None:
    stoppable = {telling.notice for tellings in TOLD.values() for telling in tellings if telling.stoppable}
    context, about = SPECIMENS["freeze.html", "change_requested"]

    pages = {
        told: TEMPLATES.render("freeze.html", language, page=a_page(language, **about), **{**context, "told": told})
        for told in stoppable | {Notice.NOTICES_JOINED, Notice.SIGN_IN_PROMPT}
    }

    named = {told: re.findall(r"<dd>([^<]+)<br>", page) for told, page in pages.items()}
    assert [told for told, names in named.items() if len(names) != 1] == []
    assert len({*map(tuple, named.values())}) == len(named)


@pytest.mark.parametrize("state", ["spent", "spent before"])
def test_when_a_code_is_spent_the_main_button_sends_another_and_has_the_focus(state: str) -> None:
    html = rendered(("code.html", state), "en")
    [main] = [one for one in Elements(html).named("button") if "main" in one.get("class", "").split()]

    assert "autofocus" in main
    assert main["aria-describedby"].split()[0] == "problem"
    assert not [one for one in Elements(html).named("input") if one["name"] == "code"]
    assert "Too many wrong codes." in html
    assert "Valid until" not in html
    assert "We're sending" not in unescape(html)
    assert re.search(r'action="/sign-in/code/again".*?button main', html, re.DOTALL)


def test_half_a_code_is_asked_for_whole() -> None:
    html = rendered(("code.html", "incomplete"), "en")
    field = next(one for one in Elements(html).named("input") if one["name"] == "code")

    assert "Please enter the 6 digits of the code." in html
    assert "value" not in field
    assert field["aria-invalid"] == "true"
    assert "code-problem" in field["aria-describedby"].split()


def test_where_the_link_for_a_new_password_goes_and_how_long_it_holds_is_told() -> None:
    html = rendered(("forgotten_sent.html", "sent"), "de")

    assert LONG_EMAIL in html
    assert "Er ist 60 Minuten gültig." in html


def test_a_browser_is_named_in_the_language_of_the_page() -> None:
    assert "Firefox auf Windows" in rendered(("profile.html", "full"), "de")
    assert "Unbekannter Browser" in rendered(("sign_ins.html", "two"), "de")


def test_the_brand_stylesheet_keeps_a_readable_colour_as_it_is() -> None:
    assert "--fill: #0b5fff;" in TEMPLATES.brand_css("#0b5fff")


def test_the_brand_stylesheet_shows_another_shade_where_the_colour_could_not_be_read() -> None:
    light, dark = accent_on_light("#ffd400"), accent_on_dark("#1a1f26")

    assert f"--accent: {light.text};" in TEMPLATES.brand_css("#ffd400")
    assert f", {dark.text});" in TEMPLATES.brand_css("#1a1f26")


def test_the_sheet_of_all_pages_is_one_file_of_all_its_parts() -> None:
    sheet = TEMPLATES.assets["app.css"].content
    parts = [path.read_bytes() for path in (STATIC / "app").iterdir()]

    assert all(part in sheet for part in parts)
    assert len(sheet) == sum(map(len, parts)) + len(parts) - 1
    assert not [name for name in TEMPLATES.assets if name.startswith("app/")]


def test_static_addresses_change_with_the_content_and_unknown_files_are_a_bug() -> None:
    assert TEMPLATES.static("app.css") == f"/static/{TEMPLATES.assets_hash}/app.css"
    assert TEMPLATES.assets["dialog.js"].content == (STATIC / "dialog.js").read_bytes()
    assert TEMPLATES.assets["submit.js"].media_type == "text/javascript; charset=utf-8"
    with pytest.raises(AssertionError):
        TEMPLATES.static("nothing.css")


def test_the_foot_of_every_page_leads_to_imprint_and_privacy_where_the_operator_has_them() -> None:
    pages = {"imprint_url": "https://example.com/imprint?a=1&b=2", "privacy_url": "https://example.com/privacy"}
    for template in ("sign_in.html", "device.html"):
        html = TEMPLATES.render(template, "de", page=a_page("de", **pages))
        assert '<a href="https://example.com/imprint?a=1&amp;b=2">Impressum</a>' in html
        assert '<a href="https://example.com/privacy">Datenschutz</a>' in html
        assert "Impressum" not in TEMPLATES.render(template, "de", page=a_page("de"))


def test_a_logo_stands_for_the_tile_and_says_the_name() -> None:
    page = a_page(logo_url="/brand-logo", icon=("/brand-logo", "image/png"))
    for template in ("sign_in.html", "device.html"):
        html = TEMPLATES.render(template, "en", page=page)
        assert '<img class="logo" src="/brand-logo" alt="Example Card"' in html
        assert "brand-icon" not in html
        assert '<link rel="icon" type="image/png" href="/brand-logo">' in html


@pytest.mark.parametrize(("language", "said"), [("de", "Bei Example Card anmelden"), ("en", "Sign in to Example Card")])
def test_the_sign_in_page_says_what_for(language: str, said: str) -> None:
    html = rendered(("sign_in.html", "first"), language)

    assert f"<h1>{said}</h1>" in html
    assert f"<title>{said}</title>" in html


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("suspended", "Diese Methode ist vorübergehend gesperrt"),
        ("disabled", "Diese Methode ist geschlossen"),
        ("lost", "Diese Methode ist stillgelegt"),
    ],
)
def test_a_method_that_takes_no_proof_is_called_what_it_is(state: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in rendered(("code.html", state), "de")


def test_what_the_api_s_description_marks_as_code_is_shown_as_code() -> None:
    assert values.with_code("Send `a<b` and `c`.") == (
        'Send <code class="nowrap">a&lt;b</code> and <code class="nowrap">c</code>.'
    )


def test_the_path_of_an_endpoint_ends_its_line_before_a_slash() -> None:
    assert values.steps("/api/<id>") == "<wbr>/api<wbr>/&lt;id&gt;"


def test_a_name_of_the_api_ends_a_line_only_between_its_words() -> None:
    assert values.joints("min_<b>_s") == "min_<wbr>&lt;b&gt;_<wbr>s"
    assert "<code>min_<wbr>verification_<wbr>interval</code>" in rendered(("api.html", "operator"), "en")
    assert '<code class="nowrap">X-CSRF-Token</code>' in rendered(("api.html", "person"), "en")


@pytest.mark.parametrize("kind", ["operator", "person"])
def test_the_reference_of_the_api_leads_to_each_of_its_parts(kind: str) -> None:
    html = rendered(("api.html", kind), "en")
    contents = html[html.index('<nav aria-label="Contents"') : html.index("</details>")]
    parts = re.findall(r'<h2 id="([^"]+)"', html)

    assert re.findall(r'href="#([^"]+)"', contents) == parts
    assert len(parts) > 10


@every_page
def test_the_badge_of_a_warning_has_the_colour_of_danger(specimen: tuple[str, str]) -> None:
    badges = re.findall(r'<div class="badge ([^"]*)">(.*?)</div>', rendered(specimen, "en"), re.DOTALL)

    assert all("bad" in tones.split() for tones, drawn in badges if WARNING in drawn)


SAYS_IT_IS_SENT = re.compile(r"sending|on its way|Press the button in the e-mail|Nothing arrived|<dt>Sent<")
given_up = [specimen for specimen in SPECIMENS if "given up" in specimen[1]]


@pytest.mark.parametrize("specimen", given_up, ids=" ".join)
def test_what_nobody_sends_any_more_is_not_said_to_be_sent(specimen: tuple[str, str]) -> None:
    html = rendered(specimen, "en")
    main = re.sub(
        r"<(\w+)[^>]* hidden>.*?</\1>", "", html[html.index("<main") : html.index("</main>")], flags=re.DOTALL
    )

    assert "stopped trying" in main
    assert not SAYS_IT_IS_SENT.search(main)
    assert "meant for" in main


def test_pages_of_what_is_sent_say_so() -> None:
    for specimen in (("code.html", "phone"), ("profile.html", "changing"), ("code.html", "mailbox")):
        assert SAYS_IT_IS_SENT.search(rendered(specimen, "en"))


HARMLESS = {
    "link_end.html": {"expired", "used", "finished", "replaced", "cancelled", "stopped", "needs_factor"},
    "recovery_end.html": {"expired", "used", "closed", "open", "frozen"},
    "freeze_end.html": {"expired", "nothing", "left"},
    "password_end.html": {"expired", "used", "replaced", "stopped", "released"},
}


@pytest.mark.parametrize(("template", "end"), [(name, end) for name, ends in HARMLESS.items() for end in sorted(ends)])
def test_an_end_that_harms_nobody_has_no_sign_of_danger(template: str, end: str) -> None:
    html = TEMPLATES.render(template, "en", page=a_page(), end=end)

    assert '<div class="badge' in html
    assert '<div class="badge bad' not in html
    assert '<div class="badge bad' in TEMPLATES.render(template, "en", page=a_page(), end="unknown")


CASE_NUMBER = re.compile(r"(?<![-\w])[A-Z2-9]{4}-[A-Z2-9]{4}(?![-\w])")  # codes of recovery have four parts


def test_the_number_of_a_case_stands_on_one_line_wherever_it_is_shown() -> None:
    shown = [rendered(specimen, "de").partition("<main")[2] for specimen in SPECIMENS]
    numbers = [match for html in shown for match in re.finditer(rf"(.{{0,30}}){CASE_NUMBER.pattern}", html)]

    assert len(numbers) >= 2
    assert not [match[0] for match in numbers if not match[1].endswith('class="nowrap">')]


def test_whoever_has_no_method_is_told_so_and_what_to_do() -> None:
    html = rendered(("methods.html", "none"), "en")

    assert "<h1>There is no other method</h1>" in html
    assert "none of these" not in html
    assert 'href="/sign-in/help"' in html
