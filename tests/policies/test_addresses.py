"""Which e-mail addresses are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.policies.email_addresses import address_to_look_up, needs_smtputf8, read_address
from renumber.policies.limits import place_of


@pytest.mark.parametrize(
    "typed",
    [
        "anna@example.com",
        "  Anna.Muster+card@mail.example.co.uk ",
        "o'brien_x%y=z@example.museum",
        "a@xn--bcher-kva.example",
        "root@localhost",
        "a" * 64 + "@example.com",
    ],
)
def test_what_mail_servers_take_is_taken_as_it_was_typed(typed: str) -> None:
    read = read_address(typed)

    assert read is not None
    assert read.text == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "@example.com",
        "anna@",
        "anna@example",
        "anna@192.0.2.1",
        "an na@example.com",
        "anna@exa mple.com",
        "anna@@example.com",
        "anna@example.com, eve@example.com",
        "anna@example.com>",
        '"anna"@example.com',
        ".anna@example.com",
        "anna.@example.com",
        "anna..m@example.com",
        "anna@-example.com",
        "anna@example-.com",
        "anna@example..com",
        "anna@.example.com",
        "anna\x00@example.com",
        "anna@example.com\r\nBcc: eve@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 130 + "example",
        "a@" + "ü" * 5000 + ".example",
        "<" * 5000 + "anna@example.com",
        "eve@example.com <anna@example.com>",
        "<anna@example.com> <eve@example.com>",
        "mailto:anna@example.com,eve@example.com",
        "mailto:%61nna%40example.com%0d%0aBcc:eve",
        "mailto:%ff@example.com",
        "\u0301nna@example.com",
        "anna\u2019s@example.com",
        "\U0001f98a@example.com",
        "a\u00a0nna@example.com",
        "anna@\U0001f98a.example",
        "anna@b\u00fccher",
        "anna@-b\u00fccher.example",
        "anna@b\u00fccher\u2024example",
        "anna@192\u30020\u30022\u30021",
        "\u00e4" * 40 + "@example.com",
    ],
)
def test_what_is_no_address_or_could_forge_a_header_is_not(typed: str) -> None:
    assert read_address(typed) is None


@given(st.text())
def test_whatever_is_typed_a_taken_address_is_plain(typed: str) -> None:
    read = read_address(typed)

    assert read is None or (read.text.count("@") == 1 and read.text.rpartition("@")[2].isascii())
    assert read is None or not any(sign.isspace() or sign in '<>,;:"\\()' or sign < "!" for sign in read.text)
    assert read is None or read_address(read.text) == read


PASTED = {
    "mailto:anna@example.com": "anna@example.com",
    "MAILTO:anna@example.com?subject=Hello%20there": "anna@example.com",
    "mailto:anna%2Bcard@example.com": "anna+card@example.com",
    "Anna Muster <anna@example.com>": "anna@example.com",
    '"Muster, Anna" <anna@example.com>': "anna@example.com",
    "anna@example.com <anna@example.com>": "anna@example.com",
    "<anna@example.com>": "anna@example.com",
    "<mailto:anna@example.com>": "anna@example.com",
    "[anna@example.com]": "anna@example.com",
    "anna@example.com.": "anna@example.com",
    "anna@example.com...": "anna@example.com",
    "anna@example.com,": "anna@example.com",
    "<anna@example.com>;": "anna@example.com",
    '"anna@example.com"': "anna@example.com",
    "'anna@example.com'": "anna@example.com",
    "„anna@example.com“": "anna@example.com",
    "«anna@example.com»": "anna@example.com",
    "anna\uff20example.com": "anna@example.com",
    "\uff41\uff42\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d": "ab@example.com",
    "anna\ufe6bexample.com": "anna@example.com",
    "anna@example\u3002com": "anna@example.com",
    "\ufeffan\u200bna@exam\u00adple.com\u2060": "anna@example.com",
    "\u202aanna@example.com\u202c": "anna@example.com",
    "\u2066anna@example.com\u2069": "anna@example.com",
    "\u00a0anna@example.com\u2003": "anna@example.com",
    "anna@ex\u200dample.com": "anna@example.com",
    "an\u200cna@example.com": "anna@example.com",
    "anna@b\u00fccher.example": "anna@xn--bcher-kva.example",
    "anna@BU\u0308CHER.example": "anna@xn--bcher-kva.example",
    "anna@b\u00fccher.example.": "anna@xn--bcher-kva.example",
    "anna@stra\u00dfe.example": "anna@xn--strae-oqa.example",
    "anna@\u4f8b\u3048.\u30c6\u30b9\u30c8": "anna@xn--r8jz45g.xn--zckzah",
    "anna@\u043f\u0440\u0438\u043c\u0435\u0440.\u0438\u0441\u043f\u044b\u0442\u0430\u043d\u0438\u0435": (
        "anna@xn--e1afmkfd.xn--80akhbyknj4f"
    ),
    "Anna@Example.com": "Anna@Example.com",
    "'anna@example.com": "'anna@example.com",
    "a\u0308nna@example.com": "\u00e4nna@example.com",
    "\u0645\u06cc\u200c\u0634\u0648\u0645@example.com": "\u0645\u06cc\u200c\u0634\u0648\u0645@example.com",
}


@pytest.mark.parametrize(("pasted", "meant"), PASTED.items(), ids=map(ascii, PASTED))
def test_an_address_is_found_in_what_people_paste(pasted: str, meant: str) -> None:
    read = read_address(pasted)

    assert read is not None
    assert read.text == meant
    assert needs_smtputf8(read) is not meant.isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stra\u00dfe@example.com", "strasse@example.com"),
        ("anna@stra\u00dfe.example", "anna@strasse.example"),
        ("anna+card@example.com", "anna@example.com"),
        ("an.na@example.com", "anna@example.com"),
        ("\u0430nna@example.com", "anna@example.com"),
        ("\u00e4nna@example.com", "anna@example.com"),
        ("\uff41nna@example.com", "anna@example.com"),
        ("\ufb01n@example.com", "fin@example.com"),
        ("\u0645\u06cc\u200c\u0634\u0648\u0645@example.com", "\u0645\u06cc\u0634\u0648\u0645@example.com"),
        ("'anna@example.com", "anna@example.com"),
        ("\u0131nna@example.com", "inna@example.com"),
    ],
)
def test_two_mailboxes_stay_two(one: str, other: str) -> None:
    assert address_to_look_up(one).key != address_to_look_up(other).key


@pytest.mark.parametrize("typed", ["ANNA@example.com", " anna@EXAMPLE.com", "Anna <anna@example.com>"])
def test_one_mailbox_is_found_however_it_is_typed(typed: str) -> None:
    assert address_to_look_up(typed).key == "anna@example.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_addresses_of_one_subscriber_are_one_place(one: str, other: str) -> None:
    assert place_of(one) == place_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8:1:2::1", "2001:db8:1:3::1"), ("198.51.100.7", "198.51.100.8"), ("", "198.51.100.8")],
)
def test_those_of_two_subscribers_are_two(one: str, other: str) -> None:
    assert place_of(one) != place_of(other)
