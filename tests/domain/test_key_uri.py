"""The address in the QR code of an authenticator app, read by two libraries and by the letter of the format."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pyotp
import pytest
from passlib.totp import TOTP  # type: ignore[import-untyped]  # libpass brings no types

from renumber.domain.totp import Slot, TotpKey

KEY = TotpKey(account_id="a", slot=Slot.IN_USE, key=bytes(range(20)), made_at=datetime(2026, 11, 24, tzinfo=UTC))
SECRET = "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"
# https://github.com/google/google-authenticator/wiki/Key-Uri-Format, of which no part may hold a colon, encoded or not.
FORMAT = re.compile(r"otpauth://totp/([^:/?#+]+):([^:/?#+]+)\?secret=([A-Z2-7]+)&issuer=([^&=+#:]+)")
BRANDS = {
    "Example Card": "Example Card",
    "Bank: Karten": "Bank Karten",
    "A:B": "A B",
    "Müller & Söhne": "Müller & Söhne",
    "50% off + more": "50% off + more",
    "Who? #1/2 = 3": "Who? #1/2 = 3",
    "例え": "例え",
    "بنك": "بنك",
    "a@b;c,d": "a@b;c,d",
    '"Quotes"': '"Quotes"',
    "%3A": "%3A",
    "Card 💳": "Card 💳",
}


@pytest.mark.parametrize(("brand", "issuer"), BRANDS.items())
@pytest.mark.parametrize("account", ["erika+card@example.com", "o'neill%a&b=c@example.com"])
def test_three_readers_read_the_brand_the_account_and_the_key(brand: str, issuer: str, account: str) -> None:
    uri = KEY.uri(brand, account)

    first, second, third = pyotp.parse_uri(uri), TOTP.from_uri(uri), FORMAT.fullmatch(uri)

    assert third
    assert [unquote(part) for part in third.groups()] == [issuer, account, SECRET, issuer]
    assert (first.issuer, first.name, first.secret) == (issuer, account, SECRET)
    assert (second.issuer, second.label, second.base32_key) == (issuer, account, SECRET)
    assert "+" not in uri
