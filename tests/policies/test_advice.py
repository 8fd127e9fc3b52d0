"""One recommended next step at a time: a second way in, then codes for emergencies."""

import pytest

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.policies.advice import Advice, next_step
from renumber.policies.methods import STRONGEST_FIRST
from tests.builders import an_account

PHONE = an_account()
TWO = an_account(factors=frozenset({Factor.PASSKEY}))
CODES = an_account(factors=frozenset({Factor.RECOVERY_CODE}))
WHOLE = an_account(factors=frozenset({Factor.PASSKEY, Factor.RECOVERY_CODE}))


@pytest.mark.parametrize(
    ("account", "codes_left", "advice"),
    [
        (PHONE, 0, Advice.ADD_PASSKEY),
        (CODES, 10, Advice.ADD_PASSKEY),
        (CODES, 3, Advice.RENEW_CODES),
        (TWO, 0, Advice.MAKE_CODES),
        (an_account(factors=frozenset({Factor.PASSKEY}), suspended=frozenset({Factor.PHONE})), 0, Advice.MAKE_CODES),
        (an_account(factors=frozenset({Factor.TOTP}), suspended=frozenset({Factor.TOTP})), 0, Advice.ADD_PASSKEY),
        (WHOLE, 4, None),
        (WHOLE, 3, Advice.RENEW_CODES),
    ],
)
def test_what_is_most_worth_doing_is_recommended(account: Account, codes_left: int, advice: Advice | None) -> None:
    assert next_step(account, methods=STRONGEST_FIRST, codes_left=codes_left) is advice


def test_nothing_is_recommended_that_the_operator_does_not_offer() -> None:
    methods = (Factor.TOTP, Factor.PHONE)

    assert next_step(PHONE, methods=methods, codes_left=0) is None
    assert next_step(CODES, methods=methods, codes_left=1) is None
