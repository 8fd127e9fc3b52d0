"""A phone that waits for its answer."""

import pytest

from renumber.domain.factor import Factor
from renumber.domain.sign_in import SignInState
from tests.flows.person import Person
from tests.flows.push.phone import Phone, add_phone


@pytest.fixture
async def phone(erika: Person) -> Phone:
    """A phone of Erika's that waits for its answer: she has just given her password."""
    added = await add_phone(erika)
    result = await erika.browser.give_password(erika.email)
    assert (result.state, result.method) == (SignInState.AWAITING_FACTOR, Factor.PUSH)
    return added
