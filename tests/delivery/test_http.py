"""What a server asks for in `Retry-After`, however it writes it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from renumber.delivery.http import LONGEST_WAIT, Answer, retry_after
from tests.builders import NOON

NOW = "Tue, 24 Nov 2026 13:32:00 GMT"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("asked", "date", "wait"),
    [
        ("120", NOW, timedelta(minutes=2)),
        ("000120", NOW, timedelta(minutes=2)),
        ("9" * 17, NOW, LONGEST_WAIT),
        ("9" * 4300, NOW, LONGEST_WAIT),
        ("9" * 5000, NOW, LONGEST_WAIT),
        ("Tue, 24 Nov 2026 13:33:00 GMT", NOW, MINUTE),
        ("Tuesday, 24-Nov-26 13:33:00 GMT", NOW, MINUTE),
        ("Tue Nov 24 13:33:00 2026", NOW, MINUTE),
        ("Tue, 24 Nov 2026 13:33:00 -0000", NOW, MINUTE),
        ("Tue, 24 Nov 2026 14:33:00 +0100", NOW, MINUTE),
        ("Tue, 24 Nov 2026 13:33:00 GMT", "Tue Nov 24 13:32:00 2026", MINUTE),
        ("Tue, 24 Nov 2026 13:33:00 GMT", "Tue, 24 Nov 2026 13:32:00 -0000", MINUTE),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW, LONGEST_WAIT),
        ("Fri, 31 Dec 9999 23:59:59 -2359", NOW, None),
        ("Tue, 24 Nov 2026 13:33:00 GMT", "yesterday", None),
        ("Tue, 24 Nov 2026 13:33:00 GMT", "", None),
        ("soon", NOW, None),
        ("-5", NOW, None),
        ("1e9", NOW, None),
        ("²", NOW, None),
        ("٣", NOW, None),
        ("120, 240", NOW, None),
        ("", NOW, None),
    ],
)
def test_what_can_be_read_is_capped_and_what_can_not_is_absent(asked: str, date: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": asked, "date": date}) == wait


ODD = st.one_of(
    st.text(max_size=80),
    st.integers().map(str),
    st.from_regex(r"[A-Z][a-z]{2},? [0-9]{1,6} (Jan|Feb|Xyz) [0-9]{1,6} [0-9:]{1,9} ?([+-][0-9]{1,6}|GMT|EST|)"),
    st.datetimes().map(lambda at: at.strftime("%a %b %d %H:%M:%S %Y")),
    st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S -0000")),
)


@given(st.fixed_dictionaries({}, optional={"retry-after": ODD, "date": ODD}), st.none() | st.just(NOON))
@example({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT", "date": "Mon, 01 Jan 0001 00:00:00 +1400"}, None)
def test_no_header_breaks_the_reading_or_asks_for_more_than_a_day(
    headers: Mapping[str, str], now: datetime | None
) -> None:
    wait = retry_after(headers, now)

    assert wait is None or timedelta() <= wait <= LONGEST_WAIT


@pytest.mark.parametrize("body", [b"", b"[", b"[" * 100_000, b"\xff", b"9" * 5000, b'{"code": ' + b"9" * 5000 + b"}"])
def test_a_body_that_is_no_json_is_none(body: bytes) -> None:
    assert Answer(400, {}, body).json() is None
