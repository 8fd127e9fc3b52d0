"""The settings of recovery cases: none takes the owner's time to stop a case away."""

from datetime import timedelta

import pytest

from renumber.domain.support.case_evidence import EvidenceKind
from renumber.settings import Settings, SettingsError


def read(**given: str) -> Settings:
    return Settings.from_environment({f"RENUMBER_RECOVERY_{name}": value for name, value in given.items()})


def test_what_is_set_is_what_cases_go_by() -> None:
    rules = read(WEIGHTS="document=3, call_back=2", NEEDED="5", WAIT_WITHOUT_FACTOR="7d", LINK_FOR="2h").recovery

    assert rules.weights == {EvidenceKind.DOCUMENT: 3, EvidenceKind.CALL_BACK: 2}
    assert (rules.needed, rules.wait_without_factor, rules.link_for) == (5, timedelta(days=7), timedelta(hours=2))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("WAIT_WITH_FACTOR", "23h"),
        ("WAIT_WITHOUT_FACTOR", "1h"),
        ("WAIT_WITHOUT_FACTOR", "0"),
        ("REMIND_EVERY", "25h"),
        ("NEEDED", "1"),
        ("NEEDED", "14"),
        ("OPEN_FOR", "61d"),
        ("LINK_FOR", "8d"),
        ("WEIGHTS", "passport=3"),
        ("WEIGHTS", "document=3,document=4"),
        ("WEIGHTS", "document"),
        ("WEIGHTS", "document=-1"),
        ("WEIGHTS", "mailbox_code=4,document=3"),
        ("WAIT_WITH_FACTOR", "4d"),
    ],
)
def test_what_would_let_somebody_in_too_easily_or_nobody_at_all_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"RENUMBER_RECOVERY_{name}: "):
        read(**{name: text})
