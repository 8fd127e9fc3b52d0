"""Many at once, on SQLite and on PostgreSQL: one transition, one mail, and not one guess more than allowed."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from renumber.domain.account import NOBODY
from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.account.password_reset import choose_password
from renumber.flows.phone_change.request import request_change
from renumber.policies.numbers import NumberRules
from tests.builders import NEW, OTHER, WRONG
from tests.flows.person import Browser, a_person
from tests.flows.world import World, with_rules

CROWD = 50


async def at_once(*acts: Coroutine[Any, Any, Any]) -> Counter[Refusal | None]:
    return Counter(outcome.refusal for outcome in await asyncio.gather(*acts))


async def test_fifty_requests_make_one_change_and_one_mail(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.sign_in()
    ticket, client = erika.browser.ticket, erika.browser.client

    answers = await at_once(*(request_change(either_world.services, client, ticket) for _ in range(CROWD)))

    assert answers == {None: 1, Refusal.CHANGE_ALREADY_OPEN: CROWD - 1}
    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 1


async def test_one_form_pressed_many_times_begins_one_sign_in_and_sends_one_code(either_world: World) -> None:
    erika = await a_person(either_world)

    answers = await asyncio.gather(*(erika.browser.give_password(erika.email, form_id="a page") for _ in range(4)))

    assert len({answer.ticket for answer in answers}) == 1
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 1
    assert (await either_world.history(erika.account_id)).count("sign_in_started") == 1
    assert (await erika.browser.type_code(await erika.code(CodePurpose.SIGN_IN))).signed_in


async def test_fifty_presses_make_one_reset_and_one_notice(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.sign_in()
    await erika.ask_for_change()
    link = await erika.link()

    answers = await at_once(*(Browser(either_world).press(link) for _ in range(CROWD)))

    assert answers == {None: 1, Refusal.LINK_USED: CROWD - 1}
    assert len(await erika.mails(Notice.NUMBER_RESET)) == 1
    assert len(await erika.texts(Notice.NUMBER_RESET)) == 1
    assert (await either_world.history(erika.account_id)).count("number_reset") == 1


async def test_fifty_right_codes_make_one_session_and_one_number(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.reset_number()
    await erika.reach_new_number()
    await erika.browser.enter_number(NEW)
    code, at = await erika.code(CodePurpose.NEW_NUMBER), SignInState.AWAITING_NEW_NUMBER
    browsers = [Browser(either_world, sign_in=erika.browser.sign_in) for _ in range(CROWD)]

    answers = await at_once(*(browser.type_code(code, at=at) for browser in browsers))

    assert answers[None] == 1
    assert len(await either_world.live_sessions(erika.account_id)) == 1
    assert (await either_world.account(erika.account_id)).number == NEW
    assert len(await erika.mails(Notice.NUMBER_CHANGED)) == 1


async def test_a_hundred_guesses_are_compared_no_more_often_than_a_code_allows(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.browser.give_password(erika.email)
    code = await erika.code(CodePurpose.SIGN_IN)
    browsers = [Browser(either_world, sign_in=erika.browser.sign_in) for _ in range(100)]

    answers = await at_once(*(browser.type_code(WRONG, at=SignInState.AWAITING_FACTOR) for browser in browsers))

    assert answers == {Refusal.WRONG_CODE: 4, Refusal.TOO_MANY_WRONG_CODES: 96}
    assert await either_world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 5
    assert (await erika.browser.type_code(code)).refusal is Refusal.TOO_MANY_WRONG_CODES


async def test_a_hundred_wrong_passwords_are_compared_no_more_often_than_is_free(either_world: World) -> None:
    erika = await a_person(either_world)

    answers = await at_once(*(Browser(either_world).give_password(erika.email, "wrong") for _ in range(100)))

    assert answers == {Refusal.WRONG_CREDENTIALS: 5, Refusal.TOO_MANY_SIGN_INS: 95}


async def test_unknown_addresses_at_once_are_all_answered(either_world: World) -> None:
    answers = await at_once(
        *(Browser(either_world).give_password(f"nobody{one}@example.com", "wrong") for one in range(CROWD))
    )

    assert answers == {Refusal.WRONG_CREDENTIALS: CROWD}
    assert len(await either_world.history(NOBODY)) == CROWD


async def test_thirty_sends_at_once_are_one(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.browser.give_password(erika.email)
    either_world.clock.move(seconds=30)

    answers = await at_once(*(erika.browser.send_again() for _ in range(30)))

    assert answers == {None: 1, Refusal.SEND_TOO_SOON: 29}
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == 2


async def test_pressing_and_freezing_at_once_leave_a_frozen_account(either_world: World) -> None:
    for turn in range(5):
        erika = await a_person(either_world, f"erika{turn}@example.com", OTHER)
        either_world.clock.move(minutes=11)
        await erika.sign_in()
        await erika.ask_for_change()
        [mail] = await erika.mails(Notice.CHANGE_REQUESTED)

        await at_once(
            *(Browser(either_world).press(mail.action) for _ in range(5)),
            freeze_by_link(either_world.services, erika.browser.client, mail.stop),
            *(Browser(either_world).press(mail.action) for _ in range(5)),
        )

        account = await either_world.account(erika.account_id)
        assert account.is_frozen
        assert await either_world.open_change(erika.account_id) is None
        assert account.number_for_release(either_world.clock.time) == OTHER


async def test_a_new_password_and_a_press_at_once_never_leave_the_request_open(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.sign_in()
    change = await erika.ask_for_change()
    link, token = await erika.link(), await erika.forget_password()
    client = erika.browser.client

    await at_once(
        Browser(either_world).press(link),
        choose_password(either_world.services, client, token, password="vurmix gapolde 27"),
    )

    found = await either_world.services.store.find_change(erika.account_id, change.change_id)
    assert found
    assert found.state in {ChangeState.CANCELLED, ChangeState.AWAITING_NEW_NUMBER}
    assert await either_world.live_sessions(erika.account_id) == []


async def test_accounts_do_not_wait_for_each_other_in_a_ring(either_world: World) -> None:
    people = [await a_person(either_world, f"person{one}@example.com", NEW) for one in range(10)]

    answers = await at_once(*(one.browser.give_password(one.email) for one in people for _ in range(3)))

    assert answers == {None: 30}


async def test_parallel_enrolments_of_one_number_do_not_outrun_the_cap(either_world: World) -> None:
    either_world.services = with_rules(either_world.services, numbers=NumberRules(accounts_per_number=2))
    people = [await a_person(either_world, f"person{serial}@example.com", None) for serial in range(5)]
    codes = []
    for person in people:
        await person.reach_new_number()
        assert (await person.browser.enter_number(NEW)).refusal is None
        sent = await either_world.challenge(person.account_id, CodePurpose.NEW_NUMBER)
        assert sent
        codes.append(either_world.keys.code(sent.derived))

    answers = await at_once(*(person.browser.type_code(code) for person, code in zip(people, codes, strict=True)))

    assert answers == {None: 2, Refusal.NUMBER_AT_CAPACITY: 3}
