"""Codes on their way: late, expired, repeated, guessed; what is counted, and that it is committed."""

from datetime import timedelta

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from tests.builders import WRONG
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World

START = CodePurpose.SIGN_IN


async def test_a_code_is_right_for_599_seconds(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    world.clock.move(seconds=599)

    assert (await erika.browser.type_code(await erika.code(START))).signed_in


async def test_a_code_that_ran_out_is_followed_by_a_new_one(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    old = await erika.code(START)
    world.clock.move(seconds=601)

    result = await erika.browser.type_code(old)

    assert result.refusal is Refusal.CODE_EXPIRED_NEW_ONE_SENT
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 2
    assert (await erika.browser.type_code(old)).refusal is Refusal.WRONG_CODE
    assert (await erika.browser.type_code(await erika.code(START))).signed_in


async def test_spaces_and_dashes_that_were_pasted_along_do_not_matter(erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    code = await erika.code(START)

    assert (await erika.browser.type_code(f" {code[:3]} - {code[3:]}\u00a0\n")).signed_in


@pytest.mark.parametrize("typed", ["", "\ud800", "x" * 10_000, "\x00", "½"])
async def test_anything_else_is_a_wrong_code(erika: Person, typed: str) -> None:
    await erika.browser.give_password(erika.email)

    assert (await erika.browser.type_code(typed)).refusal is Refusal.WRONG_CODE


async def test_a_resend_repeats_the_code_so_that_a_late_text_is_still_right(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    world.clock.move(seconds=30)

    assert (await erika.browser.send_again()).refusal is None

    first, second = await erika.texts(Notice.SIGN_IN_CODE)
    assert first.code == second.code
    assert (await erika.browser.type_code(first.code)).signed_in


@pytest.mark.parametrize(("later", "refusal"), [(119, None), (121, Refusal.WRONG_CODE)])
async def test_a_code_in_a_late_text_is_right_for_its_ten_minutes_though_another_was_sent(
    world: World, erika: Person, *, later: int, refusal: Refusal | None
) -> None:
    await erika.browser.give_password(erika.email)
    world.clock.move(seconds=481)
    await erika.browser.send_again()
    first, second = await erika.texts(Notice.SIGN_IN_CODE)
    assert first.code != second.code

    world.clock.move(seconds=later - 1)

    assert (await erika.browser.type_code(first.code)).refusal is refusal


async def test_two_codes_that_are_right_have_five_tries_together(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    for _ in range(3):
        await erika.browser.type_code(WRONG)
    world.clock.move(seconds=481)
    await erika.browser.send_again()
    first, second = await erika.texts(Notice.SIGN_IN_CODE)

    refusals = [(await erika.browser.type_code(code)).refusal for code in (WRONG, WRONG, first.code, second.code)]

    assert refusals == [Refusal.WRONG_CODE, *[Refusal.TOO_MANY_WRONG_CODES] * 3]


async def test_resends_wait_for_30_then_60_then_120_seconds(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    for pause in (30, 60, 120):
        world.clock.move(seconds=pause - 1)
        early = await erika.browser.send_again()
        assert early.refusal is Refusal.SEND_TOO_SOON
        assert early.open_at == world.clock.time + timedelta(seconds=1)
        world.clock.move(seconds=1)
        assert (await erika.browser.send_again()).refusal is None


async def test_a_resend_resets_neither_the_tries_of_the_code_nor_the_row(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    for _ in range(4):
        await erika.browser.type_code(WRONG)
    world.clock.move(seconds=30)
    await erika.browser.send_again()

    result = await erika.browser.type_code(WRONG)

    assert result.refusal is Refusal.TOO_MANY_WRONG_CODES
    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 5
    assert (await erika.browser.type_code(await erika.code(START))).refusal is Refusal.TOO_MANY_WRONG_CODES


async def test_a_new_sign_in_has_a_code_of_its_own_and_resets_nothing(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    for _ in range(4):
        await erika.browser.type_code(WRONG)
    other = Browser(world)

    await other.give_password(erika.email)

    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 2
    assert (await other.type_code(WRONG)).tries_left == 4
    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 5
    assert (await erika.browser.type_code(WRONG)).refusal is Refusal.TOO_MANY_WRONG_CODES


async def test_a_code_belongs_to_the_sign_in_that_asked_for_it(world: World, erika: Person) -> None:
    """Or whoever has the password waits at the door for the code that its owner types, and reads it to a caller."""
    thief = Browser(world)
    await erika.browser.give_password(erika.email)
    await thief.give_password(erika.email)
    owners, thiefs = await erika.texts(Notice.SIGN_IN_CODE)

    refused = await thief.type_code(owners.code)

    assert owners.code != thiefs.code
    assert refused.refusal is Refusal.WRONG_CODE
    assert (await erika.browser.type_code(thiefs.code)).refusal is Refusal.WRONG_CODE
    assert (await erika.browser.type_code(owners.code)).signed_in
    assert not await thief.is_signed_in()


async def test_no_other_sign_in_takes_a_code_away(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    own = await erika.code(START)
    for _ in range(3):
        await Browser(world).give_password(erika.email)

    assert (await erika.browser.type_code(own)).signed_in


async def test_a_late_text_of_the_same_sign_in_is_right_after_every_resend(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    first = await erika.code(START)
    for pause in (30, 60, 120):
        world.clock.move(seconds=pause)
        await Browser(world).give_password(erika.email)
        assert (await erika.browser.send_again()).refusal in (None, Refusal.SEND_LIMIT_REACHED)

    assert (await erika.browser.type_code(first)).signed_in


async def test_ten_wrong_codes_suspend_the_phone_over_all_sign_ins(world: World, erika: Person) -> None:
    """The cap of comparisons holds across new flows: each has its code, and all of them have one count (row 12)."""
    browsers = [Browser(world) for _ in range(3)]
    for browser in browsers:
        await browser.give_password(erika.email)

    refusals = [(await browser.type_code(WRONG)).refusal for browser in browsers for _ in range(4)]

    assert refusals[9:] == [Refusal.FACTOR_SUSPENDED] * 3
    codes = [text.code for text in await erika.texts(Notice.SIGN_IN_CODE)]
    assert [(await browser.type_code(code)).refusal for browser, code in zip(browsers, codes, strict=True)] == [
        Refusal.FACTOR_SUSPENDED
    ] * 3


async def test_each_wrong_code_is_counted_in_the_same_commit_as_its_refusal(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    for count in range(1, 5):
        result = await erika.browser.type_code(WRONG)

        assert (result.refusal, result.tries_left) == (Refusal.WRONG_CODE, 5 - count)
        assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == count
        challenge = await world.challenge(erika.account_id, START)
        assert challenge and challenge.wrong_guesses == count  # noqa: PT018 - one thought
        assert (await world.history(erika.account_id)).count("refused:wrong_code") == count


async def test_a_right_code_ends_the_row(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    for _ in range(4):
        await erika.browser.type_code(WRONG)

    assert (await erika.browser.type_code(await erika.code(START))).signed_in

    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 0


async def test_a_code_works_once(erika: Person) -> None:
    await erika.sign_in()
    code = await erika.code(START)
    await erika.browser.give_password(erika.email)

    fresh = await erika.code(START)
    assert fresh != code
    assert (await erika.browser.type_code(code)).refusal is Refusal.WRONG_CODE


async def test_a_stolen_password_never_uses_up_the_codes_of_its_owner(world: World, erika: Person) -> None:
    await erika.sign_in()
    for _ in range(12):
        world.clock.move(minutes=11)
        await Browser(world).give_password(erika.email)
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 1 + 7

    world.clock.move(minutes=11)

    await erika.browser.give_password(erika.email)
    assert (await world.history(erika.account_id))[-1] == "code_sent"
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 1 + 7 + 1


async def test_an_ipv6_subscriber_with_ever_new_addresses_sends_twenty_an_hour(world: World) -> None:
    for count in range(22):
        person = await a_person(world, f"person{count}@example.com", PhoneNumber(f"+49171392{count:04d}"))
        await Browser(world, ip=f"2001:db8:1:2::{count + 1:x}").give_password(person.email)

    assert len(await world.deliver()) == 20


async def test_five_sends_in_ten_minutes_and_ten_a_day(world: World, erika: Person) -> None:
    browsers = [Browser(world) for _ in range(30)]
    for browser in browsers:
        world.clock.move(minutes=11)
        await browser.give_password(erika.email)

    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 10
    refused = await browsers[-1].send_again()
    assert refused.refusal is Refusal.SEND_LIMIT_REACHED
    assert refused.open_at
    world.clock.time = refused.open_at
    await Browser(world).give_password(erika.email)
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 11


async def test_one_number_of_many_accounts_gets_five_codes_in_ten_minutes(world: World, erika: Person) -> None:
    for count in range(7):
        person = await a_person(world, f"person{count}@example.com", erika.number)
        await person.browser.give_password(person.email)

    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 5


async def test_one_account_that_names_ever_new_numbers_sends_five_codes_in_ten_minutes(
    world: World, erika: Person
) -> None:
    await erika.reset_number()
    world.clock.move(minutes=11)
    await erika.reach_new_number()

    numbers = [PhoneNumber(f"+49171392{count:04d}") for count in range(7)]
    refusals = [(await erika.browser.insist_on_number(number)).refusal for number in numbers]

    assert refusals == [None] * 5 + [Refusal.SEND_LIMIT_REACHED] * 2
    await world.deliver()
    assert [one.to for one in world.received if one.notice is Notice.NEW_NUMBER_CODE] == [
        one.e164 for one in numbers[:5]
    ]


async def test_one_address_sends_twenty_an_hour(world: World) -> None:
    attacker = Browser(world)
    for count in range(22):
        person = await a_person(world, f"person{count}@example.com", PhoneNumber(f"+49171392{count:04d}"))
        await attacker.give_password(person.email)

    assert len(await world.deliver()) == 20


async def test_a_strangers_claims_to_a_number_never_use_up_its_owners_codes(world: World, erika: Person) -> None:
    """Or anybody with an account could bar others from signing in, and learn which numbers are in use (row 9)."""
    stranger = await a_person(world, "stranger@example.com", None)
    assert erika.number
    await stranger.reach_new_number()
    for pause in (0, 30, 60, 120, 120):
        world.clock.move(seconds=pause)
        assert (await stranger.browser.enter_number(erika.number)).refusal is None
    assert len(await erika.texts(Notice.NEW_NUMBER_CODE)) == 5

    await erika.browser.give_password(erika.email)

    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 1
