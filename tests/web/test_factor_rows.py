"""The profile's list: all that is there and all that could be, in the operator's order."""

import pytest

from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorItem, FactorList
from renumber.policies.methods import STRONGEST_FIRST, Methods
from renumber.web.formats.factor_rows import factor_rows
from tests.builders import NOON, an_account, seconds

NOTHING = FactorList()
BOTH = frozenset({Factor.PASSKEY, Factor.RECOVERY_CODE})


def listed(
    methods: Methods = STRONGEST_FIRST, factors: frozenset[Factor] = frozenset()
) -> list[tuple[str, bool, bool]]:
    """Key, whether it is there, whether it may be added."""
    rows = factor_rows(an_account(factors=factors), NOTHING, methods)
    return [(row["key"], row["is_there"], row["is_offered"]) for row in rows]


def test_every_method_is_listed_whether_it_is_there_or_not() -> None:
    assert [row[:2] for row in listed(factors=BOTH)] == [
        ("passkey", True),
        ("push", False),
        ("app", False),
        ("phone", True),
        ("recovery-code", True),
    ]


def test_what_is_there_but_once_leads_to_its_own_page_and_what_is_not_there_leads_nowhere() -> None:
    rows = factor_rows(an_account(factors=BOTH), NOTHING, STRONGEST_FIRST)

    assert {row["key"]: row["url"] for row in rows} == {
        "passkey": None,
        "push": None,
        "app": None,
        "phone": "/methods/phone",
        "recovery-code": "/profile/recovery-codes",
    }


def test_what_the_operator_leaves_out_is_listed_only_where_it_is_there_and_not_offered() -> None:
    app_first = (Factor.TOTP, Factor.PHONE)

    assert listed(app_first) == [("app", False, True), ("phone", True, True)]
    assert listed(app_first, BOTH)[2:] == [("passkey", True, False), ("recovery-code", True, False)]


@pytest.mark.parametrize(
    ("suspended", "lost", "lost_at", "state"),
    [
        (frozenset(), frozenset(), None, ""),
        ({Factor.PASSKEY}, frozenset(), None, "paused"),
        ({Factor.PASSKEY}, {Factor.PASSKEY}, NOON, "lost"),
        (frozenset(), frozenset(), NOON, "partly"),
    ],
)
def test_a_row_says_what_keeps_it_from_being_used(
    suspended: frozenset[Factor], lost: frozenset[Factor], lost_at: object, state: str
) -> None:
    account = an_account(factors=BOTH, suspended=frozenset(suspended), lost=frozenset(lost))
    items = [
        FactorItem(factor=Factor.PASSKEY, key="d" * 32, made_at=NOON, name="Old one"),
        FactorItem(factor=Factor.PASSKEY, key="e" * 32, made_at=NOON + seconds(1), name="New one"),
    ]
    about = FactorList(items, lost_at={Factor.PASSKEY: lost_at} if lost_at else {})  # type: ignore[dict-item]  # parametrized

    row = factor_rows(account, about, STRONGEST_FIRST)[0]

    assert row["state"] == state
    assert [item["is_lost"] for item in row["items"]] == [bool(lost_at), False]
    assert row["items"][0]["url"] == f"/profile/passkeys/{'d' * 32}"


@pytest.mark.parametrize(("used", "shown"), [(0, None), (1, NOON + seconds(1))])
def test_the_code_that_connected_a_number_is_no_use_of_it(used: int, shown: object) -> None:
    account = an_account(number_changed_at=NOON)
    about = FactorList(used_at={Factor.PHONE: NOON + seconds(used)})

    [phone] = [row for row in factor_rows(account, about, STRONGEST_FIRST) if row["key"] == "phone"]

    assert (phone["made_at"], phone["used_at"]) == (NOON, shown)


def test_few_codes_are_said_to_be_few() -> None:
    def few(left: int) -> bool:
        codes = FactorList([FactorItem(factor=Factor.RECOVERY_CODE, key="in_use", made_at=NOON, left=left)])
        return bool(factor_rows(an_account(factors=BOTH), codes, STRONGEST_FIRST)[-1]["is_few"])

    assert [few(left) for left in (10, 4, 3, 1)] == [False, False, True, True]
