"""A passkey after the password: for us, of this account, once, in time, and never a copy."""

import asyncio
import json

import pytest

from harness.soft_authenticator import PRESENT, VERIFIED, SoftAuthenticator, decoded, encoded
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.sign_in import SignInState
from tests.builders import NEW
from tests.flows.passkeys.ceremonies import (
    asked_after_password,
    asked_alone,
    asked_in_session,
    confirm,
    sign_in_alone,
    with_passkey,
)
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World

UNVERIFIED = PRESENT


async def given_password(erika: Person) -> Browser:
    result = await erika.browser.give_password(erika.email)
    assert (result.state, result.method) == (SignInState.AWAITING_FACTOR, Factor.PASSKEY)
    return erika.browser


async def test_an_added_passkey_is_asked_for_first_and_signs_in_without_a_text(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    texts = len(await erika.texts(Notice.SIGN_IN_CODE))
    browser = await given_password(erika)
    world.clock.move(seconds=5)

    result = await confirm(browser, authenticator.sign(await asked_after_password(browser)))

    assert result.signed_in
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == texts
    (passkey,) = await world.reads.passkeys(erika.account_id)
    assert (passkey.last_used_at, passkey.sign_count) == (world.clock.time, authenticator.count)
    assert (await world.live_sessions(erika.account_id))[0].factor is Factor.PASSKEY


async def test_the_options_name_the_passkeys_and_prefer_a_verified_person(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)

    options = json.loads(await asked_after_password(await given_password(erika)))

    assert [decoded(each["id"]) for each in options["allowCredentials"]] == [authenticator.credential_id]
    assert (options["rpId"], options["userVerification"]) == ("account.example.com", "preferred")


async def test_after_the_password_a_person_need_not_be_verified(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika, SoftAuthenticator(flags=UNVERIFIED))
    browser = await given_password(erika)

    assert (await confirm(browser, authenticator.sign(await asked_after_password(browser)))).signed_in


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("origin", "https://evil.example"),
        ("rp_id", "evil.example"),
        ("cross_origin", True),
        ("flags", VERIFIED),
        ("user_handle", bytes(16)),
        ("credential_id", bytes(32)),
        ("key", SoftAuthenticator().key),
    ],
)
async def test_an_assertion_that_is_not_for_us_or_not_of_this_key_is_wrong_and_told(
    world: World, erika: Person, name: str, value: object
) -> None:
    authenticator = await with_passkey(erika)
    browser = await given_password(erika)
    setattr(authenticator, name, value)

    result = await confirm(browser, authenticator.sign(await asked_after_password(browser)))

    assert result.refusal is Refusal.WRONG_PASSKEY
    assert await world.wrong_in_a_row(erika.account_id, Factor.PASSKEY) == 1
    assert len(await erika.mails(Notice.WRONG_FACTOR)) == 1


async def test_another_account_s_passkey_confirms_nothing(world: World, erika: Person) -> None:
    await with_passkey(erika)
    strange = await with_passkey(await a_person(world, "max@example.com", NEW))
    browser = await given_password(erika)

    for handle in (strange.user_handle, bytes.fromhex(erika.account_id), b""):
        strange.user_handle = handle
        result = await confirm(browser, strange.sign(await asked_after_password(browser)))
        assert result.refusal is Refusal.WRONG_PASSKEY


async def test_an_answer_signs_in_once_also_when_it_is_given_many_times_at_once(
    either_world: World,
) -> None:
    world = either_world
    erika = await a_person(world)
    authenticator = await with_passkey(erika, SoftAuthenticator(counts=False))
    answer = authenticator.sign(asked_alone(erika.browser))

    steps = await asyncio.gather(*(sign_in_alone(erika.browser, answer) for _ in range(6)))

    assert sorted(result.signed_in for result in steps) == [False] * 5 + [True]
    assert {result.refusal for result in steps if not result.signed_in} == {Refusal.PASSKEY_TOO_LATE}


async def test_a_challenge_is_good_for_one_purpose_one_browser_and_one_sign_in(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika, SoftAuthenticator(counts=False))
    of_session = authenticator.sign(await asked_in_session(erika.browser))
    elsewhere = Browser(world)
    await elsewhere.give_password(erika.email)
    of_other_browser = authenticator.sign(await asked_after_password(elsewhere))
    browser = await given_password(erika)
    of_page_for_anyone = authenticator.sign(asked_alone(browser))
    of_earlier_sign_in = authenticator.sign(await asked_after_password(browser))
    await given_password(erika)
    of_now = authenticator.sign(await asked_after_password(browser))

    for answer in (of_session, of_other_browser, of_page_for_anyone, of_earlier_sign_in):
        assert (await confirm(browser, answer)).refusal is Refusal.WRONG_PASSKEY
    assert (await sign_in_alone(browser, of_now)).refusal is Refusal.WRONG_PASSKEY
    assert (await confirm(browser, of_now)).signed_in


async def test_a_challenge_that_we_did_not_make_is_worth_nothing(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    browser = await given_password(erika)
    options = json.loads(await asked_after_password(browser))
    own = decoded(options["challenge"])

    for challenge in (b"", own[:-1], own[:8] + bytes(48), (2**63).to_bytes(8, "big") + own[8:], own + b"\0"):
        answer = authenticator.sign(json.dumps({**options, "challenge": encoded(challenge)}))
        assert (await confirm(browser, answer)).refusal is Refusal.WRONG_PASSKEY


async def test_an_answer_that_came_too_late_is_not_counted_as_wrong(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    browser = await given_password(erika)
    options = await asked_after_password(browser)
    world.clock.move(minutes=5)

    assert (await confirm(browser, authenticator.sign(options))).refusal is Refusal.PASSKEY_TOO_LATE
    assert await world.wrong_in_a_row(erika.account_id, Factor.PASSKEY) == 0
    assert (await confirm(browser, authenticator.sign(await asked_after_password(browser)))).signed_in


async def test_a_counter_that_does_not_grow_is_refused_and_told_everywhere(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    copy = authenticator.clone()
    browser = await given_password(erika)
    assert (await confirm(browser, authenticator.sign(await asked_after_password(browser)))).signed_in
    await given_password(erika)

    result = await confirm(browser, copy.sign(await asked_after_password(browser)))

    assert result.refusal is Refusal.PASSKEY_CLONED
    assert len(await erika.mails(Notice.PASSKEY_CLONED)) == len(await erika.texts(Notice.PASSKEY_CLONED)) == 1
    assert (await confirm(browser, authenticator.sign(await asked_after_password(browser)))).signed_in


async def test_ten_wrong_answers_suspend_the_passkey_and_the_phone_still_signs_in(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    browser = await given_password(erika)

    refusals = [(await confirm(browser, "no answer")).refusal for _ in range(10)]

    assert refusals[-1] is Refusal.FACTOR_SUSPENDED
    right = authenticator.sign(await asked_after_password(browser))
    assert (await confirm(browser, right)).refusal is Refusal.FACTOR_SUSPENDED
    alone = authenticator.sign(asked_alone(browser))
    assert (await sign_in_alone(browser, alone)).refusal is Refusal.FACTOR_SUSPENDED
    await browser.choose(Factor.PHONE)
    assert await erika.sign_in_with_phone()
