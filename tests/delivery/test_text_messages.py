"""Text messages: one segment in every language, the purpose first, the code bound to the house."""

import re
from dataclasses import replace

import pytest

from renumber.delivery.branding import Branding
from renumber.delivery.sms.gsm7 import fits_one_segment, into_gsm7, is_gsm7, septets
from renumber.delivery.sms.text import fitting
from renumber.delivery.sms.wording import WITHOUT_STOP
from renumber.domain.messages.message import Channel, Notice
from renumber.locale import SHIPPED
from tests.delivery.builders import CODE, TEXTED, TOKEN, a_branding, a_text, an_sms

LANGUAGES = SHIPPED
LONG_URL = "https://" + "kundenkonto.sicherheit." + "x" * 21 + ".example"
LONG_BRAND = "Vereinigte Kredit- und Kartengesellschaft Nordrhein-Westfalen"
BRANDS = ["Example Card", LONG_BRAND, "Łódź Bank", "東京カード", "Kreditkartengesellschaftsverband", "{[€~^]}", "X"]
NOTHING_TO_STOP = {
    Notice.ACCOUNT_FROZEN,
    Notice.ACCOUNT_RELEASED,
    Notice.RELEASE_STOPPED,
    Notice.LAST_RELEASE_WAIT,
}
SAFETY = {
    "de": ("Geben Sie ihn nicht weiter.", "Nicht von Ihnen? Sofort sperren:", "Nicht von Ihnen? Gesperrt lassen:"),
    "en": ("Don't share it", "Not you? Freeze it now:", "Not you? Keep it frozen:"),
    "fr": ("Ne le donnez à personne", "Pas vous ? Bloquez le compte :", "Pas vous ? Laissez-le bloqué :"),
    "es": ("No lo comparta.", "¿No fue usted? Bloquee la cuenta:", "¿No fue usted? Mantener bloqueada:"),
}


def text(notice: Notice, language: str, branding: Branding | None = None) -> str:
    return an_sms(a_text(notice, language), branding or a_branding()).text


def test_the_longest_address_that_is_promised_is_the_one_tested() -> None:
    assert len(LONG_URL) == 60


@pytest.mark.parametrize("base_url", ["https://account.example.com", LONG_URL])
@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", TEXTED)
def test_every_text_fits_one_segment(notice: Notice, language: str, brand: str, base_url: str) -> None:
    words = text(notice, language, a_branding(base_url, brand))

    assert fits_one_segment(words), f"{septets(words)} septets: {words}"


@pytest.mark.parametrize("base_url", ["https://account.example.com", LONG_URL])
@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", WITHOUT_STOP)
def test_a_text_from_which_nothing_can_be_stopped_speaks_of_no_link_to_freeze(
    notice: Notice, language: str, brand: str, base_url: str
) -> None:
    words = an_sms(replace(a_text(notice, language), stop=None), a_branding(base_url, brand)).text

    assert fits_one_segment(words), f"{septets(words)} septets: {words}"
    assert words.endswith(f"{base_url}/sign-in")
    assert not any(safety in words for safety in SAFETY[language])


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", TEXTED)
def test_the_safety_words_are_never_what_is_shortened(notice: Notice, language: str, brand: str) -> None:
    words = text(notice, language, a_branding(LONG_URL, brand))

    if notice not in NOTHING_TO_STOP:
        assert any(safety in words for safety in SAFETY[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", [notice for notice in TEXTED if notice.endswith("_code")])
def test_the_last_line_of_a_code_binds_it_to_the_host(notice: Notice, language: str) -> None:
    words = text(notice, language, a_branding("https://account.example.com:8443/base"))

    code = 3 * CODE if notice is Notice.LONG_CODE else CODE
    assert words.splitlines()[-1] == f"@account.example.com #{code}"
    assert words.startswith(f"{code} ")
    assert len(words.splitlines()) == 2
    # What Chromium's parser accepts as a host: a port would make it no code at all.
    assert re.search(r"(?:^|\s)@([a-zA-Z0-9.-]+) #([^#\s]+)", words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", [notice for notice in TEXTED if not notice.endswith("_code")])
def test_a_notice_ends_with_its_link_and_holds_no_code(notice: Notice, language: str) -> None:
    words = text(notice, language)

    assert words.split()[-1].startswith("https://account.example.com/")
    assert CODE not in words


def test_a_code_says_what_it_is_for() -> None:
    assert text(Notice.NEW_NUMBER_CODE, "de").splitlines()[0] == (
        "042317 ist Ihr Code, um diese Nummer mit Example Card zu verbinden. Geben Sie ihn nicht weiter."
    )
    assert text(Notice.NEW_NUMBER_CODE, "en").splitlines()[0] == (
        "042317 is your code to connect this number to Example Card. Don't share it with anyone."
    )
    first_lines = {text(notice, "de").splitlines()[0] for notice in TEXTED}
    assert len(first_lines) == len(TEXTED)


def test_the_old_number_is_told_in_the_agreed_words() -> None:
    stop = f"https://account.example.com/freeze/{TOKEN}"

    assert text(Notice.NUMBER_CHANGED, "de") == (
        f"Die Nummer Ihres Kontos bei Example Card wurde geändert. Nicht von Ihnen? Sofort sperren: {stop}"
    )
    assert text(Notice.NUMBER_CHANGED, "en") == (
        f"The phone number of your Example Card account was changed. Not you? Freeze it now: {stop}"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Nummer bei Example Card Europe Holding Company geändert."),
        ("en", "Your Example Card Europe Holding Company number was changed."),
    ],
)
def test_the_wording_is_shortened_before_the_brand(language: str, said: str) -> None:
    words = text(Notice.NUMBER_CHANGED, language, a_branding(brand="Example Card Europe Holding Company"))

    assert words.startswith(said)


def test_in_a_script_with_70_letters_the_wording_is_shortened_before_the_brand_too() -> None:
    long = "Numer telefonu Twojego konta w {brand} został właśnie zmieniony. Nie Twój? {stop}"
    short = "{brand}: nowy numer. Nie Twój? {stop}"

    said = fitting((long, short), "Łódzki Bank Wschodni", {"stop": "https://a.example/f/x"})

    assert said == "Łódzki Bank Wschodni: nowy numer. Nie Twój? https://a.example/f/x"
    assert fits_one_segment(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", TEXTED)
def test_a_brand_as_long_as_its_setting_allows_is_said_whole(notice: Notice, language: str) -> None:
    brand = "Vereinigte Kartengesellschaft eG"
    assert len(brand) == 32

    assert brand in text(notice, language, a_branding(brand=brand))


def test_whole_words_of_the_brand_are_kept_as_long_as_they_fit() -> None:
    words = text(Notice.NUMBER_CHANGED, "de", a_branding(brand=LONG_BRAND))

    assert words.startswith("Nummer bei Vereinigte Kredit- und Kartengesellschaft geändert.")


def test_a_brand_with_line_breaks_stays_on_one_line() -> None:
    words = text(Notice.SIGN_IN_CODE, "en", a_branding(brand="Example\r\n@evil.example #000000\r\nCard"))

    assert words.splitlines()[-1] == f"@account.example.com #{CODE}"
    assert len(words.splitlines()) == 2


def test_a_region_falls_back_to_its_language_and_an_unknown_language_to_english() -> None:
    assert text(Notice.SIGN_IN_CODE, "de-AT") == text(Notice.SIGN_IN_CODE, "de")
    assert text(Notice.SIGN_IN_CODE, "tlh") == text(Notice.SIGN_IN_CODE, "en")


@pytest.mark.parametrize(
    ("words", "length"),
    [("", 0), ("abc äöüß", 8), ("€", 2), ("[x]", 5), ("a\nb", 3), ("ΔΦΓΛΩΠΨΣΘΞ", 10)],
)
def test_an_extended_character_takes_two_septets(words: str, length: int) -> None:
    assert is_gsm7(words)
    assert septets(words) == length


@pytest.mark.parametrize("character", ["`", "Ł", "ç", "á", "…", "•", "’", "😀", "\u0430"])
def test_what_is_not_in_the_alphabet_is_not_taken_for_it(character: str) -> None:
    assert not is_gsm7(character)


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        ("€" * 80, True),
        ("€" * 81, False),
        ("Ł" * 70, True),
        ("Ł" * 71, False),
        ("😀" * 35, True),
        ("😀" * 36, False),
    ],
)
def test_a_segment_ends_where_the_standard_says(words: str, *, fits: bool) -> None:
    assert fits_one_segment(words) is fits


@pytest.mark.parametrize(
    ("brand", "spelled"),
    [("Łódź Bank", "Lodz Bank"), ("O’Neill", "O'Neill"), ("Ça va", "Ça va"), ("東京", "")],
)
def test_a_brand_is_spelled_in_the_short_alphabet(brand: str, spelled: str) -> None:
    assert into_gsm7(brand) == spelled


def test_texts_go_to_the_number_and_mask_it() -> None:
    sms = an_sms()

    assert sms.to == "+4915112345001"
    assert a_text().channel is Channel.SMS
    assert "4915112345001" not in repr(sms)
    assert CODE not in repr(sms)
