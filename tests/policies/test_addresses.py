"""Which e-mail addresses are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.policies.addresses import read_address


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
