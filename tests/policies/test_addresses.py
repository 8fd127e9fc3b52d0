"""Which e-mail addresses are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.policies.email_addresses import read_address
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
        "Anna <anna@example.com>",
        '"anna"@example.com',
        ".anna@example.com",
        "anna.@example.com",
        "anna..m@example.com",
        "anna@-example.com",
        "anna@example-.com",
        "anna@example..com",
        "anna@.example.com",
        "änna@example.com",
        "anna@bücher.example",
        "anna\x00@example.com",
        "anna@example.com\r\nBcc: eve@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 130 + "example",
    ],
)
def test_what_is_no_address_or_could_forge_a_header_is_not(typed: str) -> None:
    assert read_address(typed) is None


@given(st.text())
def test_whatever_is_typed_a_taken_address_is_plain(typed: str) -> None:
    read = read_address(typed)

    assert read is None or (read.text.isascii() and read.text.isprintable() and " " not in read.text)


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
