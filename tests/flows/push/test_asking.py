"""Asking the devices: how often, with what, and when no more."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Decision, PromptState
from renumber.domain.sign_in import SignInState
from renumber.flows.push.answer import digits_for
from renumber.flows.push.answered import Answered
from tests.flows.person import Browser, Person
from tests.flows.push.phone import Phone
from tests.flows.push.prompts import ask_anew, finish, sent_pushes
from tests.flows.world import World


async def test_three_pushes_in_five_minutes_and_the_fourth_asks_nobody(
    world: World, erika: Person, phone: Phone
) -> None:
    await phone.subscribe()
    for _ in range(2):
        await phone.answer(Decision.DENY)
        assert (await ask_anew(erika.browser)).refusal is None
    await phone.answer(Decision.DENY)

    fourth = await ask_anew(erika.browser)
    elsewhere = await Browser(world).give_password(erika.email)

    assert fourth.refusal is Refusal.SEND_LIMIT_REACHED
    assert fourth.open_at
    assert elsewhere.state is SignInState.AWAITING_FACTOR
    assert await phone.prompts() == []
    assert await sent_pushes(world) == 2  # the first went out before the phone was subscribed

    world.clock.time = fourth.open_at
    assert (await ask_anew(erika.browser)).refusal is None
    assert await phone.prompts() != []


async def test_ten_denials_in_a_row_suspend_push_until_another_proof(world: World, erika: Person, phone: Phone) -> None:
    for _ in range(9):
        await phone.answer(Decision.DENY)
        world.clock.move(minutes=2)
        await ask_anew(erika.browser)
    await phone.answer(Decision.DENY)

    world.clock.move(minutes=6)
    await erika.browser.give_password(erika.email)

    assert await phone.prompts() == []
    assert len(await erika.texts(Notice.FACTOR_SUSPENDED)) == 1
    assert (await ask_anew(erika.browser)).refusal in {Refusal.FACTOR_SUSPENDED, Refusal.NOT_NOW}


async def test_turning_to_push_again_asks_nothing_twice(world: World, erika: Person, phone: Phone) -> None:
    first = await phone.prompt()

    await erika.browser.choose(Factor.PHONE)
    await erika.browser.choose(Factor.PUSH)
    await phone.answer()
    await erika.browser.choose(Factor.PHONE)
    await erika.browser.choose(Factor.PUSH)

    assert first.prompt_id
    assert (await world.history(erika.account_id)).count("push_asked") == 1
    assert (await finish(erika.browser)).signed_in


async def test_every_subscribed_device_is_woken_with_nothing_but_an_id(
    world: World, erika: Person, phone: Phone
) -> None:
    await phone.subscribe()

    await ask_anew(erika.browser)
    await world.deliver()

    [received] = [one for one in world.received if one.channel is Channel.PUSH]
    prompt = await phone.prompt()
    assert received.to == phone.known.device_id
    assert received.message.params == {"prompt": prompt.prompt_id}
    assert (received.code, received.action, received.stop) == ("", "", "")
    assert received.message.expires_at == prompt.expires_at


async def test_two_digits_can_be_set(world: World, erika: Person, phone: Phone) -> None:
    limits = replace(world.limits, push_digits=2)
    world.services = replace(world.services, rules=replace(world.services.rules, limits=limits))

    digits = digits_for(world.services, await phone.prompt())

    assert len(digits) == 2
    assert (await phone.answer()).state == Answered(PromptState.APPROVED)
