"""A push: asked for first, answered by the key of a device with the digits of the page, finished where it was asked."""

from dataclasses import replace

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Decision, PromptState
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator
from renumber.flows.push.answer import digits_for
from renumber.flows.push.answered import Answered
from renumber.flows.push.devices import remove_device
from tests.builders import NEW
from tests.flows.person import Browser, Person, a_person
from tests.flows.push.phone import Phone, add_phone
from tests.flows.push.prompts import ask_anew, finish, sent_pushes
from tests.flows.world import World


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}}"


async def wrong_digits(phone: Phone) -> str:
    return other_than(digits_for(phone.world.services, await phone.prompt()))


async def test_an_approved_push_signs_in_without_a_text(erika: Person, phone: Phone) -> None:
    texts = len(await erika.texts(Notice.SIGN_IN_CODE))

    answered = await phone.answer()

    assert (answered.refusal, answered.state) == (None, Answered(PromptState.APPROVED))
    assert (await finish(erika.browser)).signed_in
    assert await erika.browser.is_signed_in()
    assert Factor.PUSH in {session.factor for session in await erika.world.live_sessions(erika.account_id)}
    assert len(await erika.texts(Notice.SIGN_IN_CODE)) == texts


async def test_sent_is_not_approved(world: World, erika: Person, phone: Phone) -> None:
    await phone.subscribe()
    await ask_anew(erika.browser)
    assert await sent_pushes(world) == 1

    result = await finish(erika.browser)

    assert result.refusal is Refusal.PROMPT_NOT_APPROVED
    assert not await erika.browser.is_signed_in()


async def test_an_approval_lets_in_the_browser_that_asked_and_no_other(
    world: World, erika: Person, phone: Phone
) -> None:
    other = Browser(world)
    await other.give_password(erika.email)  # its prompt takes the place of the first
    await phone.answer()

    assert (await finish(erika.browser)).refusal is Refusal.PROMPT_NOT_APPROVED
    assert (await finish(other)).signed_in


async def test_an_approval_makes_asking_again_needless(world: World, erika: Person, phone: Phone) -> None:
    answer = phone.answer_to(await phone.prompt())
    await phone.give(answer)

    assert (await ask_anew(erika.browser)).refusal is None

    assert await phone.prompts() == []
    assert (await phone.give(answer)).refusal is Refusal.PROMPT_ANSWERED
    assert (await finish(erika.browser)).signed_in


async def test_an_approval_opens_one_session(erika: Person, phone: Phone) -> None:
    await phone.answer()
    ticket = erika.browser.sign_in

    assert (await finish(erika.browser)).signed_in
    assert (await finish(Browser(erika.world, sign_in=ticket))).refusal is Refusal.SIGN_IN_EXPIRED


async def test_an_approval_that_nobody_fetched_is_over_after_ten_minutes(
    world: World, erika: Person, phone: Phone
) -> None:
    await phone.answer()

    world.clock.move(minutes=10)

    assert (await finish(erika.browser)).refusal is Refusal.PROMPT_EXPIRED


async def test_wrong_digits_are_counted_told_and_three_of_them_end_the_prompt(
    world: World, erika: Person, phone: Phone
) -> None:
    prompt, wrong = await phone.prompt(), await wrong_digits(phone)

    answers = [await phone.answer(digits=wrong, prompt=prompt) for _ in range(3)]
    right = await phone.answer(prompt=prompt)

    assert [(one.refusal, one.tries_left) for one in answers] == [(Refusal.WRONG_DIGITS, left) for left in (2, 1, 0)]
    assert right.refusal is Refusal.PROMPT_ANSWERED
    assert await world.wrong_in_a_row(erika.account_id, Factor.PUSH) == 3
    assert len(await erika.mails(Notice.WRONG_FACTOR)) == 1
    assert (await finish(erika.browser)).refusal is Refusal.PROMPT_NOT_APPROVED


async def test_a_denial_counts_as_a_miss_and_is_told_with_the_browser_that_was_denied(
    world: World, erika: Person, phone: Phone
) -> None:
    answered = await phone.answer(Decision.DENY)

    assert (answered.refusal, answered.state) == (None, Answered(PromptState.DENIED, ""))
    assert await world.wrong_in_a_row(erika.account_id, Factor.PUSH) == 1
    [mail] = await erika.mails(Notice.WRONG_FACTOR)
    assert mail.message.params["ip"] == erika.browser.client.ip
    assert mail.message.params["browser"] == erika.browser.name
    assert (await finish(erika.browser)).refusal is Refusal.PROMPT_NOT_APPROVED


async def test_not_me_leads_to_freezing(world: World, erika: Person, phone: Phone) -> None:
    answered = await phone.answer(Decision.NOT_ME)

    assert answered.state
    assert answered.state.state is PromptState.DENIED
    step = await freeze_by_link(world.services, erika.browser.client, answered.state.freeze_token)
    assert step.refusal is None
    assert (await world.account(erika.account_id)).is_frozen
    assert await erika.browser.state() is None


async def test_after_its_time_a_prompt_takes_no_answer(world: World, erika: Person, phone: Phone) -> None:
    prompt = await phone.prompt()

    world.clock.move(seconds=90)

    assert await phone.prompts() == []
    for decision in Decision:
        assert (await phone.answer(decision, prompt=prompt)).refusal is Refusal.PROMPT_EXPIRED
    assert await world.wrong_in_a_row(erika.account_id, Factor.PUSH) == 0


async def test_an_answer_fits_no_other_prompt(erika: Person, phone: Phone) -> None:
    first = phone.answer_to(await phone.prompt())

    await ask_anew(erika.browser)
    second = await phone.prompt()

    assert (await phone.give(first)).refusal is Refusal.PROMPT_REPLACED
    replayed = replace(first, prompt_id=second.prompt_id)
    assert (await phone.give(replayed)).refusal is Refusal.DEVICE_SIGNATURE_WRONG
    assert (await finish(erika.browser)).refusal is Refusal.PROMPT_NOT_APPROVED


@pytest.mark.parametrize(
    "forged", [{"decision": Decision.APPROVE}, {"digits": "000000"}, {"signature": b""}, {"signature": bytes(64)}]
)
async def test_what_was_signed_is_what_counts(phone: Phone, forged: dict[str, object]) -> None:
    answer = phone.answer_to(await phone.prompt(), Decision.DENY)

    answered = await phone.give(replace(answer, **forged))  # type: ignore[arg-type]  # fields of Answer

    assert answered.refusal is Refusal.DEVICE_SIGNATURE_WRONG
    assert (await phone.prompt()).state is PromptState.PENDING


async def test_another_account_s_device_finds_no_such_prompt(world: World, phone: Phone) -> None:
    otto = await a_person(world, "otto@example.com", NEW)
    his = await add_phone(otto)
    prompt = await phone.prompt()

    answered = await his.answer(prompt=prompt)

    assert await his.prompts() == []
    assert answered.refusal is Refusal.PROMPT_UNKNOWN
    assert (await phone.prompt()).state is PromptState.PENDING


async def test_a_removed_device_answers_nothing(world: World, erika: Person, phone: Phone) -> None:
    await phone.answer()
    await finish(erika.browser)
    second = await add_phone(erika, "iPad")
    known = phone.known
    ticket, client = erika.browser.ticket, erika.browser.client
    assert (await remove_device(world.services, client, ticket, device_id=known.device_id)).refusal is None

    await erika.browser.give_password(erika.email)
    prompt = await second.prompt()

    assert (await phone.authenticate()).refusal is Refusal.DEVICE_UNKNOWN
    assert (await phone.answer(prompt=prompt)).refusal is Refusal.DEVICE_UNKNOWN
    assert (await second.answer(prompt=prompt)).refusal is None


async def test_while_another_method_is_asked_for_an_approval_finishes_nothing(erika: Person, phone: Phone) -> None:
    await phone.answer()

    await erika.browser.choose(Factor.PHONE)

    assert (await finish(erika.browser)).refusal is Refusal.NOT_NOW


async def test_after_the_reset_push_comes_first_and_leads_in(world: World, erika: Person) -> None:
    phone = await add_phone(erika)
    await erika.ask_for_change()
    assert (await erika.browser.press(await erika.link())).refusal is None

    result = await erika.browser.give_password(erika.email)
    await phone.answer()

    assert result.method is Factor.PUSH
    assert (await finish(erika.browser)).signed_in
    assert (await world.account(erika.account_id)).number is None


async def test_after_the_reset_the_phone_leads_on_to_the_new_number(erika: Person) -> None:
    await add_phone(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    await erika.browser.give_password(erika.email)

    result = await erika.browser.choose(Factor.PHONE)

    assert result.state is SignInState.AWAITING_NEW_NUMBER
    await erika.bind(NEW)
    assert await erika.browser.is_signed_in()


async def test_a_frozen_account_s_prompt_is_over(world: World, erika: Person, phone: Phone) -> None:
    prompt = await phone.prompt()

    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")

    assert (await phone.answer(prompt=prompt)).refusal is Refusal.PROMPT_EXPIRED
