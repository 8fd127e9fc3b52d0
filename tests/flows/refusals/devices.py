"""Refusals of devices: new ones, and what is done with those that are enrolled."""

from dataclasses import replace

from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.push.confirm import confirm_device, reject_device
from renumber.flows.push.devices import remove_device, rename_device, subscribe_device, unsubscribe_device
from renumber.flows.push.enrol import MOST_DEVICES, begin_device, enrol_device, look_at_invitation
from renumber.flows.sessions import sign_out
from tests.builders import NEW
from tests.flows.person import Person
from tests.flows.push.phone import AT_HOME, Phone, add_phone, confirm, invite
from tests.flows.refusals.case import Cases, Refused, in_session
from tests.flows.refusals.factors import tell_twenty_times

CASES = Cases()
ANY_ID = "0" * 32


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
    return in_session(await erika.sign_in_to_manage(), rename_device, ANY_ID, "Phone")


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def remove_no_device(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), remove_device, ANY_ID)


@CASES.refused(Refusal.FACTOR_HELD)
async def remove_one_of_two_devices_after_a_change(erika: Person) -> Refused:
    await erika.change_number(NEW)
    erika.world.clock.move(seconds=31)
    phone = await add_phone(erika)
    erika.world.clock.move(seconds=1)
    await add_phone(erika)
    return in_session(erika.browser, remove_device, phone.known.device_id)


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def begin_devices_too_often(erika: Person) -> Refused:
    return in_session(await tell_twenty_times(erika), begin_device)


@CASES.refused(Refusal.LINK_UNKNOWN)
async def look_at_no_invitation(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), look_at_invitation, ANY_ID)


@CASES.refused(Refusal.LINK_EXPIRED)
async def look_at_an_invitation_too_late(erika: Person) -> Refused:
    browser = await erika.sign_in_to_manage()
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
    await erika.sign_in_to_manage()
    return await invite(erika)


@CASES.refused(Refusal.LINK_USED)
async def enrol_after_another_was_added(erika: Person) -> Refused:
    token, phone = await invited(erika), Phone(erika.world)
    await phone.enrol(token)
    await confirm(erika, phone)
    return enrol(erika, token)


@CASES.refused(Refusal.ANOTHER_DEVICE_WAITS)
async def enrol_while_another_waits(erika: Person) -> Refused:
    token = await invited(erika)
    await enrol(erika, token)
    return enrol(erika, token)


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def confirm_no_device(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), confirm_device, ANY_ID)


@CASES.refused(Refusal.DEVICE_UNKNOWN)
async def reject_no_device(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), reject_device, ANY_ID)


@CASES.refused(Refusal.TOO_MANY_DEVICES)
async def confirm_one_device_too_many(erika: Person) -> Refused:
    for _ in range(MOST_DEVICES - 1):
        await add_phone(erika)
    last, late = Phone(erika.world), Phone(erika.world)
    codes = [await invite(erika), await invite(erika)]
    for phone, token in zip((last, late), codes, strict=True):
        await phone.enrol(token)
    await confirm(erika, last)
    return in_session(erika.browser, confirm_device, late.known.device_id)


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
    await erika.sign_in_to_manage()
    for _ in range(MOST_DEVICES):
        await add_phone(erika)
    return enrol(erika, await invite(erika))
