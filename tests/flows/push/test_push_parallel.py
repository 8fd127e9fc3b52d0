"""Many at once, on SQLite and on PostgreSQL: one answer, one device per code, three pushes and no fourth."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Decision, PromptState
from renumber.flows.push.answer import digits_for, finish_push
from tests.flows.person import Browser, a_person
from tests.flows.push.phone import Phone, add_phone, confirm, invite
from tests.flows.world import World

CROWD = 30


async def at_once(*acts: Coroutine[Any, Any, Any]) -> Counter[Refusal | None]:
    return Counter(outcome.refusal for outcome in await asyncio.gather(*acts))


async def test_of_many_answers_at_once_one_counts(either_world: World) -> None:
    erika = await a_person(either_world)
    phones = [await add_phone(erika), await add_phone(erika)]
    await erika.browser.give_password(erika.email)
    prompt = await phones[0].prompt()
    answers = [phone.answer_to(prompt, decision) for phone in phones for decision in Decision] * 5

    outcomes = await at_once(*(phones[turn // 3 % 2].give(answer) for turn, answer in enumerate(answers)))

    assert outcomes == {None: 1, Refusal.PROMPT_ANSWERED: CROWD - 1}
    history = await either_world.history(erika.account_id)
    assert history.count("push_approved") + history.count("push_denied") == 1


async def test_of_many_wrong_digits_at_once_three_are_compared(either_world: World) -> None:
    erika = await a_person(either_world)
    phone = await add_phone(erika)
    await erika.browser.give_password(erika.email)
    prompt = await phone.prompt()
    digits = digits_for(either_world.services, prompt)
    wrong = f"{(int(digits) + 1) % 10**6:06}"

    outcomes = await at_once(*(phone.answer(digits=wrong, prompt=prompt) for _ in range(CROWD)))

    assert outcomes == {Refusal.WRONG_DIGITS: 3, Refusal.PROMPT_ANSWERED: CROWD - 3}
    assert await either_world.wrong_in_a_row(erika.account_id, Factor.PUSH) == 3


async def test_of_many_finishes_at_once_one_signs_in(either_world: World) -> None:
    erika = await a_person(either_world)
    phone = await add_phone(erika)
    await erika.browser.give_password(erika.email)
    await phone.answer()
    ticket, client = erika.browser.sign_in, erika.browser.client
    assert ticket
    before = len(await either_world.live_sessions(erika.account_id))

    outcomes = await at_once(*(finish_push(either_world.services, client, ticket) for _ in range(CROWD)))

    assert outcomes == {None: 1, Refusal.SIGN_IN_EXPIRED: CROWD - 1}
    assert len(await either_world.live_sessions(erika.account_id)) == before + 1


async def test_of_many_devices_at_one_code_one_is_bound(either_world: World) -> None:
    erika = await a_person(either_world)
    await erika.sign_in_to_manage()
    token = await invite(erika)

    phones = [Phone(either_world) for _ in range(CROWD)]

    outcomes = await at_once(*(phone.enrol(token) for phone in phones))
    [first] = [phone for phone in phones if phone.device]
    pressed = await at_once(*(confirm(erika, first) for _ in range(CROWD)))

    assert outcomes == {None: 1, Refusal.ANOTHER_DEVICE_WAITS: CROWD - 1}
    assert pressed == {None: 1, Refusal.DEVICE_UNKNOWN: CROWD - 1}
    assert len(await either_world.reads.devices(erika.account_id)) == 1
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == 1


async def test_of_many_sign_ins_at_once_three_ask_the_phone_and_one_prompt_is_left(either_world: World) -> None:
    erika = await a_person(either_world)
    phone = await add_phone(erika)
    await phone.subscribe()

    await asyncio.gather(*(Browser(either_world).give_password(erika.email) for _ in range(CROWD)))

    await either_world.deliver()
    assert sum(received.channel is Channel.PUSH for received in either_world.received) == 3
    assert (await phone.prompt()).state is PromptState.PENDING
    assert (await either_world.history(erika.account_id)).count("push_asked") == 3
