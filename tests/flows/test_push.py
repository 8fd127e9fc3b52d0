"""A push: asked for first, answered by the key of a device with the digits of the page, finished where it was asked."""

import pytest

from renumber.domain.authenticator import Factor
from renumber.domain.message import Notice
from renumber.domain.push import State
from renumber.domain.sign_in import State as SignInState
from renumber.flows import push
from renumber.flows.underway import Passage
from tests.flows.person import Browser, Person
from tests.flows.phone import Phone, add_phone

NOT_THESE = "000000"


async def finish(browser: Browser) -> Passage:
    assert browser.sign_in
    passage = await push.finish_push(browser.world.house, browser.sign_in, browser.origin)
    if passage.signed_in:
        browser.session, browser.sign_in = passage.ticket, None
    return passage


async def again(browser: Browser) -> Passage:
    assert browser.sign_in
    return await push.ask_again(browser.world.house, browser.sign_in, browser.origin)


@pytest.fixture
async def phone(erika: Person) -> Phone:
    """A phone of Erika's that waits for its answer: she has just given her password."""
    added = await add_phone(erika)
    passage = await erika.browser.give_password(erika.email)
    assert (passage.state, passage.method) == (SignInState.AWAITING_FACTOR, Factor.PUSH)
    return added


async def test_an_approved_push_signs_in_without_a_text(erika: Person, phone: Phone) -> None:
    texts = len(await erika.texts(Notice.SIGN_IN_CODE))

    answered = await phone.answer()

    assert (answered.refusal, answered.state) == (None, State.APPROVED)
    assert (await finish(erika.browser)).signed_in
    assert await erika.browser.is_signed_in()
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == texts
