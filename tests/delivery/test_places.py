"""The rough place of an address: in the reader's language, and nothing where there is nothing to say."""

from pathlib import Path

import pytest

from renumber.delivery.channel import RenderedMail
from renumber.delivery.places import Places, places_in
from renumber.delivery.render import Renderer
from renumber.delivery.translations import load_languages
from renumber.domain.messages.message import Notice
from renumber.locale import SHIPPED
from renumber.settings import Settings, SettingsError
from renumber.wiring.delivery import build_dispatcher
from tests.delivery.builders import FixedSecrets, MemoryOutbox, SetClock, a_branding, a_mail, a_message
from tests.delivery.mmdb import an_mmdb

GERMANY = {"iso_code": "DE", "names": {"en": "Germany", "de": "Deutschland"}}
RECORDS = {
    "81.2.69.0/24": {"city": {"names": {"en": "Cologne", "de": "Köln"}}, "country": GERMANY},
    "81.2.70.0/24": {"country": {"iso_code": "AT"}},
    "81.2.71.0/24": {"city": {"names": {"en": "Nowhere"}}, "country": {"names": {"en": "Utopia"}}},
    "81.2.72.0/24": {"city": {"names": {"en": "Evil\r\n<b>\u202e" + "x" * 9}}},
    "81.2.73.0/24": {"city": "odd", "country": {"iso_code": 7, "names": ["odd"]}},
    "10.0.0.0/8": {"country": GERMANY},
    "127.0.0.0/8": {"country": GERMANY},
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("places") / "city.mmdb"
    path.write_bytes(an_mmdb(RECORDS))
    return path


@pytest.fixture(scope="module")
def places(path: Path) -> Places:
    return places_in(path)


@pytest.mark.parametrize(
    ("ip", "german", "english"),
    [
        ("81.2.69.142", "Köln, Deutschland", "Cologne, Germany"),
        ("81.2.70.1", "Österreich", "Austria"),
        ("81.2.71.1", "Nowhere, Utopia", "Nowhere, Utopia"),
        ("81.2.73.1", "", ""),
        ("81.2.99.1", "", ""),
        ("10.1.2.3", "", ""),
        ("127.0.0.1", "", ""),
        ("2001:4860:4860::8888", "", ""),
        ("somewhere", "", ""),
        ("", "", ""),
    ],
)
def test_a_place_is_said_in_the_language_of_the_mail(places: Places, ip: str, german: str, english: str) -> None:
    assert (places(ip, "de"), places(ip, "en")) == (german, english)


def test_a_file_of_both_kinds_of_addresses_is_read(tmp_path: Path) -> None:
    path = tmp_path / "six.mmdb"
    path.write_bytes(an_mmdb({"2a02:100::/32": RECORDS["81.2.69.0/24"], "81.2.0.0/16": {"country": GERMANY}}, 6))

    assert places_in(path)("2a02:100::1", "de") == "Köln, Deutschland"
    assert places_in(path)("81.2.1.1", "en") == "Germany"


@pytest.mark.parametrize(
    ("ip", "language", "row"),
    [
        ("81.2.69.142", "de", "Ungefährer Ort: Köln, Deutschland (IP-Adresse 81.2.69.142)"),
        ("81.2.69.142", "en", "Approximate place: Cologne, Germany (IP address 81.2.69.142)"),
        ("81.2.99.1", "de", "IP-Adresse: 81.2.99.1"),
        ("81.2.72.1", "en", "Approximate place: Evil <b> xxxxxxxxx (IP address 81.2.72.1)"),
    ],
)
def test_a_mail_says_the_place_or_else_the_bare_address(places: Places, ip: str, language: str, row: str) -> None:
    mail = Renderer(a_branding(), FixedSecrets(), load_languages(SHIPPED), places=places).render(
        a_message(Notice.NEW_BROWSER, locale=language, ip=ip)
    )

    assert isinstance(mail, RenderedMail)
    assert f"\n{row}\n" in mail.text
    assert "<b>" not in mail.html


def test_without_a_file_no_place_is_said() -> None:
    assert "IP address: 203.0.113.7" in a_mail(a_message(Notice.NEW_BROWSER)).text


def test_the_operator_s_file_is_the_one_that_mails_are_written_by(path: Path) -> None:
    settings = Settings.from_environment({"RENUMBER_PLACES_FILE": str(path)})

    assert settings.places_file == path
    build_dispatcher(settings, MemoryOutbox(), FixedSecrets(), clock=SetClock(), observe=lambda *_: None)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "the file can't be read: No such file or directory"),
        (lambda path: path.write_bytes(b""), "this is no whole MMDB file"),
        (lambda path: path.write_bytes(b"\x1f\x8b" + path.read_bytes()[:200]), "this is no whole MMDB file"),
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "this is no whole MMDB file"),
        (lambda path: path.write_bytes(path.read_bytes()[900:]), "this is no whole MMDB file"),
    ],
    ids=["missing", "empty", "compressed", "cut off", "without its beginning"],
)
def test_a_file_that_is_none_stops_the_start_with_a_sentence(tmp_path: Path, spoil: object, said: str) -> None:
    path = tmp_path / "city.mmdb"
    path.write_bytes(an_mmdb(RECORDS))
    assert callable(spoil)
    spoil(path)

    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"RENUMBER_PLACES_FILE": str(path)})

    assert refused.value.problems[0].startswith(f"RENUMBER_PLACES_FILE: {said}")
