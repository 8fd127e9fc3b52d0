"""Refusals of push: the prompts, and the devices that answer them."""

from datetime import timedelta

from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Decision, Prompt
from renumber.flows.push.answer import Answer, answer_prompt, ask_again, digits_for, finish_push
from renumber.flows.push.devices import remove_device
from tests.builders import OTHER
from tests.flows.person import Browser, Person, a_person
from tests.flows.push.phone import AT_HOME, Phone, add_phone
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in

CASES = Cases()
ANY_ID = "0" * 32


async def asked(erika: Person) -> Phone:
    """A phone that is asked about a sign-in."""
    phone = await add_phone(erika)
    await give_password(erika)
    return phone


def answer(phone: Phone, given: Answer) -> Refused:
    """Send the answer of the phone."""
    return answer_prompt(phone.world.services, AT_HOME, phone.known, given)


async def wrong(phone: Phone) -> str:
    """Digits that the page does not show."""
    digits = digits_for(phone.world.services, await phone.prompt())
    return f"{(int(digits) + 1) % 10**6:06}"


@CASES.refused(Refusal.PROMPT_UNKNOWN)
async def answer_a_prompt_of_somebody_else(erika: Person) -> Refused:
    otto = await a_person(erika.world, "otto@example.com", OTHER)
    of_otto = await (await asked(otto)).prompt()
    phone = await asked(erika)
    return answer(phone, phone.answer_to(of_otto))


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def answer_on_a_removed_device(erika: Person) -> Refused:
    phone, second = await add_phone(erika), await add_phone(erika)
    elsewhere = await give_password(erika, Browser(erika.world))
    assert elsewhere.sign_in
    prompt = await second.prompt()
    await in_session(erika.browser, remove_device, phone.known.device_id)
    return answer(phone, phone.answer_to(prompt))


@CASES.refused(Refusal.DEVICE_SIGNATURE_WRONG)
async def answer_with_another_signature(erika: Person) -> Refused:
    phone = await asked(erika)
    return answer(phone, Phone(erika.world).answer_to(await phone.prompt()))


@CASES.refused(Refusal.PROMPT_EXPIRED)
async def answer_too_late(erika: Person) -> Refused:
    phone = await asked(erika)
    prompt = await phone.prompt()
    erika.world.clock.time += erika.world.limits.push_for
    return answer(phone, phone.answer_to(prompt))


@CASES.refused(Refusal.PROMPT_ANSWERED)
async def answer_twice(erika: Person) -> Refused:
    phone = await asked(erika)
    given = phone.answer_to(await phone.prompt())
    await answer(phone, given)
    return answer(phone, given)


@CASES.refused(Refusal.PROMPT_REPLACED)
async def answer_an_older_prompt(erika: Person) -> Refused:
    phone = await asked(erika)
    given = phone.answer_to(await phone.prompt())
    await in_sign_in(erika.browser, ask_again)
    return answer(phone, given)


@CASES.refused(Refusal.WRONG_DIGITS)
async def answer_with_wrong_digits(erika: Person) -> Refused:
    phone = await asked(erika)
    return answer(phone, phone.answer_to(await phone.prompt(), digits=await wrong(phone)))


async def suspend_push(erika: Person) -> Phone:
    """Give wrong digits until push is suspended, so that the last prompt still waits."""
    phone = await asked(erika)
    for turn in range(erika.world.limits.suspend_after):
        if turn and turn % erika.world.limits.push_checks == 0:
            erika.world.clock.move(minutes=2)
            await in_sign_in(erika.browser, ask_again)
        await phone.answer(digits=await wrong(phone))
    return phone


async def newest(erika: Person) -> Prompt:
    """The prompt that was asked last, though no device is told of it any more."""
    prompts = await erika.world.reads.pending_prompts(
        erika.account_id, erika.world.clock.time + timedelta(days=1), erika.world.clock.time
    )
    return prompts[-1]


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def answer_while_push_is_suspended(erika: Person) -> Refused:
    phone = await suspend_push(erika)
    return answer(phone, phone.answer_to(await newest(erika)))


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def ask_while_push_is_suspended(erika: Person) -> Refused:
    await suspend_push(erika)
    return in_sign_in(erika.browser, ask_again)


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def finish_while_push_is_suspended(erika: Person) -> Refused:
    await suspend_push(erika)
    return in_sign_in(erika.browser, finish_push)


@CASES.refused(Refusal.FACTOR_UNKNOWN)
async def ask_without_a_device(erika: Person) -> Refused:
    phone = await asked(erika)
    async with erika.world.services.store.work(erika.account_id) as work:
        device = await work.load(Device, phone.known.device_id)
        assert device
        work.keep(device.remove(erika.world.clock.time))
    return in_sign_in(erika.browser, ask_again)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def ask_too_often(erika: Person) -> Refused:
    await asked(erika)
    for _ in range(2):
        await in_sign_in(erika.browser, ask_again)
    return in_sign_in(erika.browser, ask_again)


@CASES.refused(Refusal.PROMPT_NOT_APPROVED)
async def finish_what_was_only_sent(erika: Person) -> Refused:
    await asked(erika)
    return in_sign_in(erika.browser, finish_push)


@CASES.refused(Refusal.PROMPT_EXPIRED)
async def finish_too_late(erika: Person) -> Refused:
    phone = await asked(erika)
    await phone.answer(Decision.APPROVE)
    erika.world.clock.move(minutes=10)
    return in_sign_in(erika.browser, finish_push)
