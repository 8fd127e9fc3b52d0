"""Refusals of push: prompts, the devices that answer them, and new devices."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Decision
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.push.answer import answer_prompt, ask_again, digits_for, finish_push
from renumber.flows.push.devices import remove_device, rename_device, subscribe_device, unsubscribe_device
from renumber.flows.push.enrol import MOST_DEVICES, begin_device, enrol_device, look_at_invitation
from renumber.flows.sessions import sign_out
from tests.builders import NEW, OTHER
from tests.flows.person import Browser, Person, a_person
from tests.flows.push.phone import AT_HOME, Phone, add_phone, invite
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in
from tests.flows.refusals.factors import tell_twenty_times

CASES = Cases()
ANY_ID = "0" * 32


async def asked(erika: Person) -> Phone:
    """A phone that is asked about a sign-in."""
    phone = await add_phone(erika)
    await give_password(erika)
    return phone


def answer(phone: Phone, given: object) -> Refused:
    """Send the answer of the phone."""
    return answer_prompt(phone.world.services, AT_HOME, phone.known, given)  # type: ignore[arg-type]


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


async def newest(erika: Person) -> object:
    """The prompt that was asked last, though no device is told of it any more."""
    prompts = await erika.world.reads.pending_prompts(
        erika.account_id, erika.world.clock.time + timedelta(days=1), erika.world.clock.time
    )
    return prompts[-1]


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def answer_while_push_is_suspended(erika: Person) -> Refused:
    phone = await suspend_push(erika)
    return answer(phone, phone.answer_to(await newest(erika)))  # type: ignore[arg-type]


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


@CASES.refused(Refusal.ENDPOINT_NOT_ALLOWED)
async def subscribe_at_an_unknown_service(erika: Person) -> Refused:
    phone = await add_phone(erika)
    elsewhere = phone.subscription("https://push.example/abc")
    return subscribe_device(erika.world.services, AT_HOME, phone.known, elsewhere)


async def removed(erika: Person) -> Phone:
    """A phone that was removed."""
    phone = await add_phone(erika)
    await in_session(erika.browser, remove_device, phone.known.device_id)
    return phone


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def subscribe_a_removed_device(erika: Person) -> Refused:
    phone = await removed(erika)
    return subscribe_device(erika.world.services, AT_HOME, phone.known, phone.subscription())


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def unsubscribe_a_removed_device(erika: Person) -> Refused:
    return unsubscribe_device(erika.world.services, AT_HOME, (await removed(erika)).known)


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def rename_no_device(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), rename_device, ANY_ID, "Phone")


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def remove_no_device(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), remove_device, ANY_ID)


@CASES.refused(Refusal.FACTOR_HELD)
async def remove_one_of_two_devices_after_a_change(erika: Person) -> Refused:
    await erika.change_number(NEW)
    erika.world.clock.move(seconds=31)
    phone = await add_phone(erika)
    await add_phone(erika)
    return in_session(erika.browser, remove_device, phone.known.device_id)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def begin_devices_too_often(erika: Person) -> Refused:
    return in_session(await tell_twenty_times(erika), begin_device)


@CASES.refused(Refusal.LINK_UNKNOWN)
async def look_at_no_invitation(erika: Person) -> Refused:
    return in_session(await erika.sign_in(), look_at_invitation, ANY_ID)


@CASES.refused(Refusal.LINK_EXPIRED)
async def look_at_an_invitation_too_late(erika: Person) -> Refused:
    browser = await erika.sign_in()
    begun = (await begin_device(browser.world.services, browser.client, browser.ticket)).state
    assert begun
    erika.world.clock.move(minutes=10)
    return in_session(browser, look_at_invitation, begun.link_id)


def enrol(erika: Person, token: str, phone: Phone | None = None) -> Refused:
    """Let a phone come with the QR code."""
    candidate = (phone or Phone(erika.world)).candidate(token)
    return enrol_device(erika.world.services, AT_HOME, token, candidate)


async def invited(erika: Person) -> str:
    """The token of a QR code."""
    await erika.sign_in()
    return await invite(erika)


@CASES.refused(Refusal.LINK_USED)
async def enrol_twice(erika: Person) -> Refused:
    token = await invited(erika)
    await enrol(erika, token)
    return enrol(erika, token)


@CASES.refused(Refusal.LINK_EXPIRED)
async def enrol_after_signing_out(erika: Person) -> Refused:
    token = await invited(erika)
    await in_session(erika.browser, sign_out)
    return enrol(erika, token)


@CASES.refused(Refusal.LINK_EXPIRED)
async def enrol_where_the_session_was_purged(erika: Person) -> Refused:
    token = await invited(erika)
    link = await erika.world.services.store.find_link(LinkPurpose.DEVICE, token)
    assert link
    async with erika.world.services.store.work(erika.account_id) as work:
        kept = await work.load(Link, link.link_id)
        assert kept
        work.keep(replace(kept, subject=ANY_ID))
    return enrol(erika, token)


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def enrol_for_a_frozen_account(erika: Person) -> Refused:
    token = await invited(erika)
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    return enrol(erika, token)


@CASES.refused(Refusal.DEVICE_KEY_NOT_VALID)
async def enrol_without_the_key(erika: Person) -> Refused:
    token = await invited(erika)
    of_another = Phone(erika.world).candidate("A" * 22)
    return enrol_device(erika.world.services, AT_HOME, token, of_another)


@CASES.refused(Refusal.TOO_MANY_DEVICES)
async def enrol_one_device_too_many(erika: Person) -> Refused:
    await erika.sign_in()
    for _ in range(MOST_DEVICES):
        await add_phone(erika)
    return enrol(erika, await invite(erika))
