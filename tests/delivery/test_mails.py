"""What mails say, in both forms and both languages, and what nobody can make them say."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from renumber.domain.messages.message import Channel, Notice
from renumber.locale import SHIPPED
from renumber.policies.brand.colours import accent_on_light
from renumber.policies.notices import CODE_NOTICE, TOLD
from tests.delivery.builders import (
    CODE,
    MAILED,
    NOON,
    QUIET,
    TEXTED,
    TOKEN,
    WITH_ACTION,
    WITHOUT_STOP,
    a_branding,
    a_mail,
    a_message,
)

LANGUAGES = SHIPPED
STOP = f"https://account.example.com/freeze/{TOKEN}"
SUBJECTS = {
    Notice.CHANGE_REQUESTED: ("Change your phone number: please confirm", "Telefonnummer ändern: bitte bestätigen"),
    Notice.NUMBER_RESET: ("Your phone number was reset", "Ihre Telefonnummer wurde zurückgesetzt"),
    Notice.NUMBER_CHANGED: ("Your phone number was changed", "Ihre Telefonnummer wurde geändert"),
}
every_mail = pytest.mark.parametrize("notice", MAILED)
every_language = pytest.mark.parametrize("language", LANGUAGES)


class Page(HTMLParser):
    """The visible words, the links and the elements of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: dict[str, str] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._href = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "a":
            self._href = dict(attrs)["href"] or ""

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())
            if self._href:
                self.links[data.strip()] = self._href
                self._href = ""


def test_every_notice_that_policy_sends_has_its_words() -> None:
    told = {(telling.notice, telling.channel) for tellings in TOLD.values() for telling in tellings}

    for notice, channel in told | set(CODE_NOTICE.values()):
        assert notice in (TEXTED if channel is Channel.SMS else MAILED), (notice, channel)


@every_language
@every_mail
def test_a_mail_has_one_heading_its_subject_and_says_who_why_and_never_to_give_a_code(
    notice: Notice, language: str
) -> None:
    mail = a_mail(a_message(notice, locale=language))

    page = Page(mail.html)
    assert [tag for tag, _ in page.elements].count("h1") == 1
    assert mail.subject in page.words
    assert mail.subject in mail.text
    for form in (mail.html, mail.text):
        assert "Erika Muster" in form
        assert "203.0.113.7" in form
        assert "Example Card" in form
        assert "support@example.com" in form
    never = {
        "de": "Niemand wird Sie je nach einem Code",
        "en": "Nobody will ever ask you for a code",
        "es": "Nadie le pedirá nunca un código",
        "fr": "Personne ne vous demandera jamais un code",
    }
    assert never[language] in mail.text
    assert never[language] in mail.html


@every_language
@every_mail
def test_plain_text_fits_the_narrowest_reader(notice: Notice, language: str) -> None:
    mail = a_mail(a_message(notice, locale=language, name="Anna " * 11))

    assert all(len(line) <= 76 for line in mail.text.splitlines() if "https://" not in line)
    assert "\n\n\n" not in mail.text
    assert "<" not in mail.text
    assert "&" not in mail.text


@every_language
@pytest.mark.parametrize("notice", [notice for notice in MAILED if notice not in WITHOUT_STOP])
def test_this_was_not_me_is_a_link_in_both_forms(notice: Notice, language: str) -> None:
    mail = a_mail(a_message(notice, locale=language))

    label = {"de": "Das war ich nicht", "en": "This wasn't me", "es": "No fui yo", "fr": "Ce n’était pas moi"}[language]
    assert Page(mail.html).links[label] == STOP
    colon = "\u00a0:" if language == "fr" else ":"
    assert f"{label}{colon}\n{STOP}\n" in mail.text


@pytest.mark.parametrize("notice", [notice for notice in MAILED if notice not in WITHOUT_STOP])
def test_the_alarm_is_quiet_only_in_a_mail_about_one_s_own_act_or_what_harms_nobody(notice: Notice) -> None:
    page = Page(a_mail(a_message(notice)).html)

    assert alarms(page) == (0 if notice in QUIET else 1)
    assert page.links[STOP] == STOP
    assert page.words.index("This wasn't me") > page.words.index("Wasn't that you?")


def alarms(page: Page) -> int:
    return sum("alarm" in (attributes.get("class") or "") for _, attributes in page.elements)


@pytest.mark.parametrize("answer", ["yes", "no", "left", "late"])
@pytest.mark.parametrize(("about", "is_red"), [("case", True), ("change", False)])
def test_a_company_s_answer_alarms_where_somebody_wants_the_account(answer: str, about: str, *, is_red: bool) -> None:
    mail = a_mail(a_message(Notice.COMPANY_ANSWERED, about=about, answer=answer))

    assert alarms(Page(mail.html)) == is_red
    for form in (mail.html, mail.text):
        assert ("somebody wants your account. Freeze it" in " ".join(form.split())) is is_red


@every_mail
def test_german_goes_on_in_small_letters_after_the_greeting_s_comma(notice: Notice) -> None:
    text = a_mail(a_message(notice, locale="de")).text

    greeting, _, rest = text.partition("Guten Tag Erika Muster,\n\n")
    first = rest.split()[0]
    assert greeting.startswith("Example Card\n")
    assert first[0].islower() or first in {"Sie", "Ihr", "Sitzungen", "„Telefon“"}


@every_language
def test_imprint_and_privacy_stand_at_the_foot_where_the_operator_has_them(language: str) -> None:
    pages = ("https://example.com/imprint?a=1&b=2", "https://example.com/privacy")
    mail = a_mail(a_message(locale=language), replace(a_branding(), imprint_url=pages[0], privacy_url=pages[1]))

    imprint, privacy = {
        "de": ("Impressum", "Datenschutz"),
        "en": ("Legal notice", "Privacy"),
        "es": ("Aviso legal", "Privacidad"),
        "fr": ("Mentions légales", "Confidentialité"),
    }[language]
    links = Page(mail.html).links
    assert (links[imprint], links[privacy]) == pages
    space = "\u00a0" if language == "fr" else ""  # before a colon
    assert mail.text.endswith(f"{imprint}{space}: {pages[0]}\n{privacy}{space}: {pages[1]}\n")
    assert imprint not in a_mail(a_message(locale=language)).html


def test_who_asked_is_said_only_where_it_is_certain() -> None:
    mail = a_mail(a_message(Notice.CHANGE_REQUESTED, locale="de", certain=""))

    assert "Angefordert von" not in mail.html + mail.text


@pytest.mark.parametrize(("brand", "initial"), [("ökobank", "Ö"), ("„Beispiel“ AG", "B"), ("🇩🇪", "🇩🇪")])
def test_without_a_logo_the_initial_stands_in_the_tile_as_text(brand: str, initial: str) -> None:
    assert f">{initial}</td>" in a_mail(branding=a_branding(brand=brand)).html


@pytest.mark.parametrize("notice", [notice for notice in MAILED if notice in WITHOUT_STOP])
def test_without_a_stop_link_there_is_no_button_that_leads_nowhere(notice: Notice) -> None:
    mail = a_mail(a_message(notice))

    assert "This wasn't me" not in mail.html + mail.text
    assert "/freeze/" not in mail.html + mail.text


@pytest.mark.parametrize(
    ("notice", "labels", "path"),
    [
        (Notice.CHANGE_REQUESTED, ("Change phone number", "Telefonnummer ändern"), f"/phone-change/link/{TOKEN}"),
        (Notice.NUMBER_RESET, ("Sign in", "Anmelden"), "/sign-in"),
        (Notice.ACCOUNT_FROZEN, ("Sign in", "Anmelden"), "/sign-in"),
        (Notice.ACCOUNT_RELEASED, ("Sign in", "Anmelden"), "/sign-in"),
        (Notice.FACTOR_SUSPENDED, ("Sign in", "Anmelden"), "/sign-in"),
        (Notice.PASSWORD_LINK_FROZEN, ("Release account", "Konto freigeben"), f"/sign-in/release/link/{TOKEN}"),
        (Notice.PASSWORD_LINK, ("Choose a new password", "Neues Passwort wählen"), f"/sign-in/new-password/{TOKEN}"),
    ],
)
@pytest.mark.parametrize("number", [0, 1])
def test_the_main_button_leads_to_its_page_and_stands_below_as_a_plain_link(
    notice: Notice, labels: tuple[str, str], path: str, number: int
) -> None:
    mail = a_mail(a_message(notice, locale=("en", "de")[number]))

    address = f"https://account.example.com{path}"
    links = Page(mail.html).links
    assert links[labels[number]] == address
    assert links[address] == address
    assert f"{labels[number]}:\n{address}\n" in mail.text


@pytest.mark.parametrize(
    ("notice", "labels", "path"),
    [
        (Notice.MAILBOX_CODE, ("Choose a new password", "Neues Passwort wählen"), "/sign-in/forgotten"),
        (Notice.RESTORE_CODE, ("Choose a new password", "Neues Passwort wählen"), "/sign-in/forgotten"),
        (Notice.ACCOUNT_RELEASED, ("Choose a new password", "Neues Passwort wählen"), "/sign-in/forgotten"),
        (Notice.FACTOR_LOST, ("Profile details", "Profildetails"), "/profile"),
        (Notice.PASSKEY_CLONED, ("Profile details", "Profildetails"), "/profile"),
        (Notice.RECOVERY_CODE_USED, ("Make new codes", "Neue Codes erstellen"), "/profile/recovery-codes"),
    ],
)
@pytest.mark.parametrize("number", [0, 1])
def test_advice_has_the_link_to_follow_it(notice: Notice, labels: tuple[str, str], path: str, number: int) -> None:
    mail = a_mail(a_message(notice, locale=("en", "de")[number]))

    address = f"https://account.example.com{path}"
    assert Page(mail.html).links[labels[number]] == address
    assert f"{labels[number]}:\n{address}\n" in mail.text


@every_language
@pytest.mark.parametrize("notice", [Notice.ACCOUNT_RELEASED, Notice.MAILBOX_CODE, Notice.RESTORE_CODE])
def test_a_mail_that_advises_a_new_password_leads_to_where_one_is_chosen(notice: Notice, language: str) -> None:
    mail = a_mail(a_message(notice, locale=language))

    label = {
        "de": "Neues Passwort wählen",
        "en": "Choose a new password",
        "es": "Elegir una contraseña nueva",
        "fr": "Choisir un nouveau mot de passe",
    }[language]
    assert Page(mail.html).links[label] == "https://account.example.com/sign-in/forgotten"
    space = "\u00a0" if language == "fr" else ""  # before a colon
    assert f"{label}{space}:\nhttps://account.example.com/sign-in/forgotten\n" in mail.text


@every_language
@every_mail
def test_every_link_starts_at_the_configured_address(notice: Notice, language: str) -> None:
    branding = a_branding("https://id.example.org/base/")
    mail = a_mail(a_message(notice, locale=language, name="Host: evil.example"), branding)

    links = set(Page(mail.html).links.values()) | set(re.findall(r"https?://\S+", mail.text))
    assert all(link.startswith("https://id.example.org/base/") and "base//" not in link for link in links)


@pytest.mark.parametrize(("notice", "subjects"), SUBJECTS.items())
def test_subjects_are_the_agreed_ones(notice: Notice, subjects: tuple[str, str]) -> None:
    assert (a_mail(a_message(notice)).subject, a_mail(a_message(notice, locale="de")).subject) == subjects


def test_the_first_mail_says_what_the_button_does_in_the_agreed_words() -> None:
    german = a_mail(a_message(Notice.CHANGE_REQUESTED, locale="de"))
    english = a_mail(a_message(Notice.CHANGE_REQUESTED))

    assert (
        "Sie möchten die Telefonnummer Ihres Kontos ändern. Mit der Schaltfläche wird die bisherige Nummer "
        "+49 ••• ••• 001 entfernt; danach melden Sie sich an und geben die neue ein."
    ) in german.html
    assert (
        "You asked to change the phone number of your account. The button removes your current number +49 ••• ••• 001; "
        "then sign in and enter the new one."
    ) in english.html


@pytest.mark.parametrize("number", ["+49 ••• ••• 001", ""])
def test_plain_text_speaks_of_the_link_that_it_has_and_not_of_a_button(number: str) -> None:
    german = a_mail(a_message(Notice.CHANGE_REQUESTED, locale="de", number=number))
    english = a_mail(a_message(Notice.CHANGE_REQUESTED, number=number))

    assert "Mit dem Link wird die bisherige Nummer" in " ".join(german.text.split())
    assert "The link removes your current number" in " ".join(english.text.split())


@every_mail
@every_language
def test_no_plain_text_speaks_of_a_button(notice: Notice, language: str) -> None:
    said = a_mail(a_message(notice, locale=language)).text

    assert not re.search(r"\b(?:button|knopf|schaltfläche|bouton|botón)", said, re.IGNORECASE)


def test_the_first_mail_tells_who_when_browser_address_and_until_when() -> None:
    words = Page(a_mail(a_message(Notice.CHANGE_REQUESTED, locale="de")).html).words

    for label, value in [
        ("Angefordert von", "Erika Muster"),
        ("Wann", "24.\u00a0November 2026, 14:32\u00a0Uhr\u00a0MEZ"),
        ("Gerät", "Firefox auf Windows"),
        ("IP-Adresse", "203.0.113.7"),
        ("Gültig bis", "25.\u00a0November 2026, 14:32\u00a0Uhr\u00a0MEZ"),
    ]:
        assert words[words.index(label) + 1] == value


def test_the_third_mail_tells_both_numbers_and_until_when_factors_stay() -> None:
    mail = a_mail(a_message(Notice.NUMBER_CHANGED))

    assert "New number: +49 ••• ••• 428" in mail.text
    assert "Previous number: +49 ••• ••• 001" in mail.text
    assert "27\u00a0November 2026, 14:32\u00a0CET" in mail.html
    assert "until" not in a_mail(a_message(Notice.NUMBER_CHANGED, hold_until="")).text.split("Wasn't")[0]


@pytest.mark.parametrize("notice", [Notice.RELEASE_CODE, Notice.MAILBOX_CODE, Notice.RESTORE_CODE])
def test_a_code_stands_alone_in_both_forms_and_never_in_the_subject(notice: Notice) -> None:
    mail = a_mail(a_message(notice))

    assert CODE in Page(mail.html).words
    assert f"\n    {CODE}\n" in mail.text
    assert CODE not in mail.subject
    assert CODE not in repr(mail)
    preheader = mail.html.partition("display:none")[2].partition("</div>")[0]
    assert CODE not in preheader  # a lock screen shows the subject and the preheader


@every_mail
def test_secrets_are_only_in_the_mails_that_need_them(notice: Notice) -> None:
    mail = a_mail(replace(a_message(notice), stop=None))

    assert (CODE in mail.text) is notice.endswith("_code")
    assert (TOKEN in mail.text) is (notice in WITH_ACTION)


def test_how_to_release_the_account_is_told_step_by_step() -> None:
    mail = a_mail(a_message(Notice.ACCOUNT_FROZEN, locale="de"))

    assert "Ihr Konto ist gesperrt. Niemand kann sich anmelden oder etwas ändern. So" in mail.text
    assert "1. Melden Sie sich mit E\u2011Mail-Adresse und Passwort an." in mail.text
    assert "Ab 1. Dezember 2026, 14:32 Uhr MEZ gibt es auch Ihre jetzige Nummer frei" in " ".join(mail.text.split())


def test_without_a_number_a_frozen_account_has_no_link_that_releases_it() -> None:
    mail = a_mail(replace(a_message(Notice.PASSWORD_LINK_FROZEN), action=None))

    assert "it has no phone number by which you could release it yourself" in " ".join(mail.text.split())
    assert TOKEN not in mail.text + mail.html
    assert "Release account" not in mail.text + mail.html


def test_a_release_that_knows_no_end_is_told_without_one() -> None:
    mail = a_mail(a_message(Notice.ACCOUNT_FROZEN, later_from=""))

    assert "your present number releases it too" not in mail.text
    assert "Without that number, our support helps you." in mail.text


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        ("phone", "Telefon"),
        ("new-number", "Code an die neue Nummer"),
    ],
)
def test_a_suspended_method_is_named_and_its_way_back_does_not_go_through_itself(factor: str, name: str) -> None:
    mail = a_mail(a_message(Notice.FACTOR_SUSPENDED, locale="de", factor=factor))

    assert f"„{name}“" in mail.html
    assert "an diese E\u2011Mail-Adresse schicken" in " ".join(mail.text.split())


def test_a_suspended_mailbox_opens_by_a_link_and_not_by_a_code_to_itself() -> None:
    mail = a_mail(a_message(Notice.MAILBOX_SUSPENDED, locale="de"))

    assert f"/sign-in/mailbox/{TOKEN}" in mail.text
    assert f"/sign-in/mailbox/{TOKEN}" in mail.html
    assert "mit einem Code" not in mail.text


@pytest.mark.parametrize(
    ("zone", "german", "english"),
    [
        ("Europe/Berlin", "14:32 Uhr MEZ", "14:32 CET"),
        ("America/New_York", "08:32 Uhr UTC-05:00", "08:32 EST"),
        ("Asia/Kolkata", "19:02 Uhr UTC+05:30", "19:02 UTC+05:30"),
        ("", "13:32 Uhr UTC", "13:32 UTC"),
        ("Mars/Olympus", "13:32 Uhr UTC", "13:32 UTC"),
        ("../../etc/passwd", "13:32 Uhr UTC", "13:32 UTC"),
    ],
)
def test_times_are_on_the_persons_clock_with_the_name_of_its_zone(zone: str, german: str, english: str) -> None:
    for language, expected in (("de", german), ("en", english)):
        mail = a_mail(a_message(Notice.NEW_BROWSER, locale=language, time_zone=zone))
        assert f"2026, {expected}\n" in mail.text


def test_a_time_stays_on_one_line_in_plain_text_too() -> None:
    mail = a_mail(a_message(Notice.NUMBER_CHANGED, locale="de"))

    assert "\n14:32 Uhr MEZ nur hinzufügen, nicht entfernen." in mail.text


def test_without_an_explicit_time_the_messages_own_expiry_is_told() -> None:
    message = a_message(Notice.PASSWORD_LINK, expires_at=NOON + timedelta(hours=1))
    params = {name: value for name, value in message.params.items() if name != "expires_at"}

    assert "Valid until: 24 November 2026, 15:32 CET" in a_mail(replace(message, params=params)).text


@pytest.mark.parametrize("notice", [Notice.MAILBOX_CODE, Notice.RESTORE_CODE, Notice.RELEASE_CODE])
def test_a_mail_with_a_code_tells_once_until_when_it_is_valid(notice: Notice) -> None:
    message = a_message(notice, expires_at=NOON + timedelta(minutes=10))
    params = {name: value for name, value in message.params.items() if name != "expires_at"}

    mail = a_mail(replace(message, params=params))
    assert "Valid until: 24 November 2026, 14:42 CET" in mail.text
    assert mail.text.lower().count("valid") == 1


def test_a_link_without_a_known_end_is_sent_without_one() -> None:
    message = a_message(Notice.CHANGE_REQUESTED)

    assert "Valid until" not in a_mail(replace(message, params={**message.params, "expires_at": ""})).text


def test_what_is_not_known_has_no_empty_row() -> None:
    mail = a_mail(a_message(Notice.CHANGE_REQUESTED, browser="", ip="", number=""))

    for form in (mail.text, mail.html):
        assert "Device" not in form
        assert "IP address" not in form
    assert "removes your current number; then" in mail.html


@every_mail
def test_markup_in_names_and_browsers_stays_text(notice: Notice) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=a>"\'><a href="https:evil">'
    mail = a_mail(a_message(notice, name="<b>Eve</b>", browser=evil, ip="<i>", number="<u>1", new_number="<u>2"))

    elements = Page(mail.html).elements
    assert {tag for tag, _ in elements} <= {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "h1", "h2", "p", "a", "br",
        "bdi", "span",
    }  # fmt: skip
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]


@every_language
@every_mail
def test_the_number_of_a_case_stands_on_one_line(notice: Notice, language: str) -> None:
    html = a_mail(a_message(notice, locale=language, about="case")).html

    assert html.count("AB2C-3D4E") == html.count('<span style="white-space:nowrap;">AB2C-3D4E</span>')


@pytest.mark.parametrize(
    "name",
    ["Win at evil.example now", "https://evil.example", "call@evil.example", "evil.example/x", "www.evil.example"],
)
def test_a_name_that_would_become_a_link_is_not_greeted(name: str) -> None:
    mail = a_mail(a_message(Notice.NEW_BROWSER, name=name))

    assert "evil" not in mail.html + mail.text
    assert "Hello,\n" in mail.text


@pytest.mark.parametrize("name", ["Dr. Erika Muster", "J.R. O'Neill", "Søren Ångström-Łukasz", "毛泽东"])
def test_ordinary_names_are_greeted(name: str) -> None:
    assert f"Hello {name},\n" in a_mail(a_message(Notice.NEW_BROWSER, name=name)).text


def test_unseen_characters_cannot_break_lines_or_turn_words_around() -> None:
    mail = a_mail(a_message(Notice.NEW_BROWSER, name="Erika\r\n\u2028\u202eMuster\x00", browser="Fire\u200bfox\nX: 1"))

    assert "Hello Erika Muster,\n" in mail.text
    assert "Device: Fire fox X: 1\n" in mail.text
    assert not re.search("[\u202e\u2028\x00]", mail.html + mail.text)


def test_an_endless_name_is_cut() -> None:
    mail = a_mail(a_message(Notice.NEW_BROWSER, name="x" * 5000, browser="y" * 5000))

    assert "x" * 59 + "…" in mail.html
    assert len(mail.html) < 20_000


@every_mail
def test_nothing_is_loaded_from_anywhere(notice: Notice) -> None:
    mail = a_mail(a_message(notice))

    for tag, attributes in Page(mail.html).elements:
        assert tag not in {"link", "script", "iframe", "object", "img"}
        assert not attributes.get("src")
    assert "url(" not in mail.html
    assert "@import" not in mail.html


def test_a_logo_is_shown_with_the_brand_as_its_words() -> None:
    html = a_mail(branding=a_branding(logo_png=b"png")).html

    (image,) = [attributes for tag, attributes in Page(html).elements if tag == "img"]
    assert (image["src"], image["alt"]) == ("cid:brand", "Example Card")


def test_mails_name_their_language_and_both_colour_schemes() -> None:
    html = a_mail(a_message(locale="de")).html

    assert '<html lang="de"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 480px)" in html


def test_tables_that_only_arrange_are_hidden_from_screen_readers() -> None:
    elements = Page(a_mail().html).elements

    shown = [attributes for tag, attributes in elements if tag == "table" and attributes.get("role") != "presentation"]
    assert [attributes["class"] for attributes in shown] == ["details"]


def test_a_colour_that_could_not_be_read_is_another_shade_where_it_is_text() -> None:
    html = a_mail(branding=replace(a_branding(), colour="#ffd400")).html

    assert "background-color:#ffd400" in html
    assert f"color:{accent_on_light('#ffd400').text};text-decoration:underline" in html
    assert "color:#ffd400;text-decoration" not in html
