"""Recovery codes: shown once, each good once, replaced as a set, told on every channel, never asked for first."""

import asyncio

import pytest
from sqlalchemy import bindparam, select

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.recovery_codes import COUNT, RecoveryCodes
from renumber.domain.sign_in import SignInState
from renumber.flows.factors.recovery_codes import make_set, remove_set
from renumber.store.database.open import Statement
from renumber.store.schema import tables
from tests.flows.factors.recovery_codes import give, make, make_again, turn_to_codes, with_codes
from tests.flows.person import Browser, Person
from tests.flows.world import World

NO_CODE = "CCCC-CCCC-CCCC-CCCC"
_ROWS = Statement(select(tables.recovery_codes).where(tables.recovery_codes.c.account_id == bindparam("account_id")))


async def test_a_code_signs_in_where_the_phone_is_gone_and_counts_as_a_second_factor(
    world: World, erika: Person
) -> None:
    codes = await with_codes(erika)

    result = await give(await turn_to_codes(erika), codes[4])

    assert result.signed_in
    assert (await world.live_sessions(erika.account_id))[0].factor is Factor.RECOVERY_CODE


async def test_the_phone_is_still_asked_for_first(erika: Person) -> None:
    codes = await with_codes(erika)
    await give(await turn_to_codes(erika), codes[0])

    assert (await erika.browser.give_password(erika.email)).method is Factor.PHONE


async def test_a_code_works_once(erika: Person) -> None:
    codes = await with_codes(erika)
    assert (await give(await turn_to_codes(erika), codes[0])).signed_in

    again = await give(await turn_to_codes(erika), codes[0])

    assert again.refusal is Refusal.WRONG_CODE
    assert (await give(erika.browser, codes[1])).signed_in


async def test_of_many_at_once_one_gets_in_with_the_same_code(world: World, erika: Person) -> None:
    codes = await with_codes(erika)
    browsers = [await turn_to_codes(erika, Browser(world)) for _ in range(6)]

    steps = await asyncio.gather(*(give(browser, codes[0]) for browser in browsers))

    assert sorted(result.signed_in for result in steps) == [False] * 5 + [True]


async def test_ten_wrong_codes_suspend_the_method_and_another_one_opens_it_again(world: World, erika: Person) -> None:
    codes = await with_codes(erika)
    await turn_to_codes(erika)

    refusals = [(await give(erika.browser, NO_CODE)).refusal for _ in range(10)]

    assert refusals == [Refusal.WRONG_CODE] * 7 + [Refusal.WRONG_CODE_WARNED] * 2 + [Refusal.FACTOR_SUSPENDED]
    assert (await give(erika.browser, codes[0])).refusal is Refusal.FACTOR_SUSPENDED
    assert (await world.account(erika.account_id)).suspended == {Factor.RECOVERY_CODE}
    world.clock.move(minutes=1)
    await erika.sign_in_to_manage()
    assert (await world.account(erika.account_id)).suspended == frozenset()
    assert (await give(await turn_to_codes(erika), codes[0])).signed_in


async def test_a_new_set_replaces_the_old_one_whole(erika: Person) -> None:
    codes = await with_codes(erika)
    first = (await make_again(erika)).codes
    erika.world.clock.move(seconds=31)
    await turn_to_codes(erika)

    assert not set(codes) & set(first)
    assert (await give(erika.browser, codes[0])).refusal is Refusal.WRONG_CODE
    assert (await give(erika.browser, first[0])).signed_in


async def test_a_page_that_is_sent_twice_shows_no_second_set(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    codes = (await make(erika)).codes

    services, browser = world.services, erika.browser
    again = await make_set(services, browser.client, browser.ticket, replacing="")

    assert (again.state, again.refusal) == (None, Refusal.CODES_SHOWN)
    world.clock.move(seconds=31)
    assert (await give(await turn_to_codes(erika), codes[0])).signed_in


async def test_each_use_is_told_everywhere_with_how_many_are_left_and_that_they_are_few(erika: Person) -> None:
    codes = await with_codes(erika)
    for turn, code in enumerate(codes[:7], start=1):
        assert (await give(await turn_to_codes(erika), code)).signed_in
        erika.world.clock.move(days=1)  # so that each has its text
        assert len(await erika.texts(Notice.RECOVERY_CODE_USED)) == turn

    mails, texts = await erika.mails(Notice.RECOVERY_CODE_USED), await erika.texts(Notice.RECOVERY_CODE_USED)
    assert [received.message.params["left"] for received in mails] == [str(COUNT - turn) for turn in range(1, 8)]
    assert [received.message.params["few"] for received in mails] == [""] * 6 + ["yes"]
    assert all(received.stop for received in (*mails, *texts))


async def test_with_the_last_code_the_method_goes(world: World, erika: Person) -> None:
    codes = await with_codes(erika)
    for code in codes:
        assert (await give(await turn_to_codes(erika), code)).signed_in

    assert (await world.account(erika.account_id)).factors == frozenset()
    await erika.browser.give_password(erika.email)
    chosen = await erika.browser.choose(Factor.RECOVERY_CODE)
    assert chosen.refusal is Refusal.FACTOR_UNKNOWN


async def test_removed_codes_open_nothing_and_leave_no_digest(world: World, erika: Person) -> None:
    codes = await with_codes(erika)
    assert (await remove_set(world.services, erika.browser.client, erika.browser.ticket)).refusal is None

    async with world.services.store.work(erika.account_id) as work:
        kept = await work.load(RecoveryCodes, "in_use")
    assert kept
    assert (kept.digests, kept.salt) == ((), b"")
    assert (await world.account(erika.account_id)).factors == frozenset()
    assert len(await erika.texts(Notice.FACTOR_REMOVED)) == 1
    assert codes


async def test_a_stale_session_makes_and_removes_none(world: World, erika: Person) -> None:
    await with_codes(erika)
    world.clock.move(minutes=20)
    services, browser = world.services, erika.browser

    made = await make_set(services, browser.client, browser.ticket, replacing="")
    removed = await remove_set(services, browser.client, browser.ticket)

    assert made.refusal is removed.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION


async def test_neither_a_code_nor_its_digest_stands_in_the_database(world: World, erika: Person) -> None:
    codes = await with_codes(erika)

    (row,) = await world.database.fetch(_ROWS, {"account_id": erika.account_id})
    sealed = bytes(row["digests"])

    assert not [code for code in codes if code.encode() in sealed or code.replace("-", "").encode() in sealed]
    assert b"digests" not in sealed


async def test_after_the_reset_no_code_is_asked_for_but_one_may_be_given(world: World, erika: Person) -> None:
    codes = await with_codes(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())

    assert (await erika.browser.give_password(erika.email)).state is SignInState.AWAITING_NEW_NUMBER
    assert erika.browser.sign_in
    await erika.browser.choose(Factor.RECOVERY_CODE)
    assert (await give(erika.browser, codes[0])).signed_in


async def test_a_password_renewed_by_mail_is_let_on_by_a_code_where_the_number_alone_would_not_do(
    world: World, erika: Person
) -> None:
    codes = await with_codes(erika)
    await erika.ask_for_change()
    await Browser(world).press(await erika.link())
    world.clock.move(minutes=1)
    await erika.forget_password()
    await erika.choose_password("vurmix gapolde 17")

    other = Browser(world)
    result = await other.give_password(erika.email, erika.password)

    assert result.method is Factor.RECOVERY_CODE
    assert (await give(other, codes[0])).signed_in


@pytest.mark.parametrize(
    "written", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
async def test_a_code_may_be_typed_in_any_way(erika: Person, written: object) -> None:
    codes = await with_codes(erika)
    assert callable(written)

    assert (await give(await turn_to_codes(erika), written(codes[0]))).signed_in


async def test_other_sessions_end_when_codes_are_made(world: World, erika: Person) -> None:
    elsewhere = await erika.sign_in(Browser(world))
    world.clock.move(seconds=31)

    await with_codes(erika)

    assert not await elsewhere.is_signed_in()
