"""The wording of the history for each kind of evidence: old rows and new ones must read the same."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor
from renumber.domain.push.prompt import Decision

ID = "5" * 32
PASSWORD, SESSION, DEVICE = Evidence.password(), Evidence.begun_in(session_id=ID), Evidence.device(device_id=ID)

WORDING = [
    (Evidence(), ""),
    (PASSWORD, "password"),
    (PASSWORD.with_factor(Factor.PHONE), "password phone"),
    (PASSWORD.with_factor(Factor.TOTP), "password app"),
    (PASSWORD.with_choice(Factor.PASSKEY), "password; chose passkey"),
    (PASSWORD.with_code(CodePurpose.NEW_NUMBER), "password code:new_number"),
    (Evidence.session(session_id=ID, factor=Factor.PUSH), f"session {ID} push"),
    (Evidence.session(session_id=ID, factor=None), f"session {ID} password"),
    (SESSION, f"session {ID}"),
    (SESSION.with_factor(Factor.PHONE), f"session {ID} phone"),
    (Evidence.link(link_id=ID), f"link {ID}"),
    (DEVICE, f"device {ID}"),
    (DEVICE.with_decision(Decision.DENY), f"device {ID}; deny"),
    (DEVICE.with_decision(Decision.NOT_ME), f"device {ID}; not_me"),
    (Evidence.operator(name="mia"), "by mia"),
    (Evidence.operator(name="mia").with_reason("she called us"), "by mia"),
    (Evidence().with_reason("she called us"), ""),
    (Evidence.passkey(), "passkey"),
    (Evidence.verified(), "verified"),
    (Evidence.verified().with_factor(Factor.PASSKEY), "verified passkey"),
    (Evidence.push_service(), "push service"),
    (Evidence.demo(), "demo"),
]


@pytest.mark.parametrize(("evidence", "text"), WORDING)
def test_the_history_words_it_as_it_always_has(evidence: Evidence, text: str) -> None:
    assert evidence.text == text


def test_evidence_that_is_joined_by_more_is_left_as_it_was() -> None:
    assert PASSWORD.with_factor(Factor.PHONE) != PASSWORD
    assert Evidence.password() == PASSWORD
