"""Enrolling a device: a code on the page, a key that the device proves to hold, and everybody is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device
from renumber.flows.push.enrol import MOST_DEVICES, Candidate, begin_device, enrol_device, look_at_invitation
from tests.flows.person import Browser, Person
from tests.flows.push.phone import AT_HOME, Phone, add_phone, b64u, confirm, invite
from tests.flows.world import World


async def known(world: World, phone: Phone) -> Device:
    found = await world.reads.device(phone.known.account_id, phone.known.device_id)
    assert found
    return found


async def test_an_enrolled_device_is_told_everywhere_and_ends_other_sessions(world: World, erika: Person) -> None:
    elsewhere = await erika.sign_in(Browser(world))
    world.clock.move(minutes=11)
    await erika.sign_in_to_manage()

    phone = await add_phone(erika)

    assert (await world.account(erika.account_id)).factors == {Factor.PUSH}
    assert (await known(world, phone)).name == "Pixel 9"
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == len(await erika.texts(Notice.FACTOR_ADDED)) == 1
    assert not await elsewhere.is_signed_in()
    assert await erika.browser.is_signed_in()


async def test_a_code_adds_one_device(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    token, phone = await invite(erika), Phone(world)

    assert (await phone.enrol(token)).refusal is None
    assert (await confirm(erika, phone)).refusal is None
    assert (await confirm(erika, phone)).refusal is Refusal.DEVICE_UNKNOWN
    assert (await Phone(world).enrol(token)).refusal is Refusal.LINK_USED
    assert len(await world.reads.devices(erika.account_id)) == 1


@pytest.mark.parametrize(("minutes", "refusal"), [(9.9, None), (10, Refusal.LINK_EXPIRED)])
async def test_a_code_is_good_for_ten_minutes(
    world: World, erika: Person, minutes: float, refusal: Refusal | None
) -> None:
    await erika.sign_in_to_manage()
    token = await invite(erika)

    world.clock.move(minutes=minutes)

    assert (await Phone(world).enrol(token)).refusal is refusal


async def test_a_code_ends_with_the_session_that_made_it(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    token = await invite(erika)

    await erika.choose_password("vurmix gapolde 27")

    assert (await Phone(world).enrol(token)).refusal is Refusal.LINK_EXPIRED
    assert (await world.account(erika.account_id)).factors == set()


async def test_a_code_that_nobody_made_adds_nothing(world: World) -> None:
    assert (await Phone(world).enrol("A" * 22)).refusal is Refusal.LINK_UNKNOWN


def signed_for_elsewhere(phone: Phone, token: str) -> Candidate:
    text = "\n".join(("renumber-device-enrol-v1", "https://evil.example", token, b64u(phone.point)))
    return replace(phone.candidate(token), proof=phone.sign(text))


def signed_by_another(phone: Phone, token: str) -> Candidate:
    return replace(phone.candidate(token), proof=Phone(phone.world).candidate(token).proof)


def signed_for_another_code(phone: Phone, token: str) -> Candidate:
    return replace(phone.candidate(token), proof=phone.candidate(token[::-1]).proof)


def off_the_curve(phone: Phone, token: str) -> Candidate:
    return replace(phone.candidate(token), point=b"\x04" + bytes(64))


@pytest.mark.parametrize("forge", [signed_for_elsewhere, signed_by_another, signed_for_another_code, off_the_curve])
async def test_a_device_that_does_not_hold_its_key_is_not_bound(
    world: World, erika: Person, forge: Callable[[Phone, str], Candidate]
) -> None:
    await erika.sign_in_to_manage()
    token = await invite(erika)

    step = await enrol_device(world.services, AT_HOME, token, forge(Phone(world), token))

    assert step.refusal is Refusal.DEVICE_KEY_NOT_VALID
    assert (await world.account(erika.account_id)).factors == set()
    assert (await Phone(world).enrol(token)).refusal is None


async def test_adding_a_device_takes_a_fresh_authentication(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    world.clock.move(minutes=15)

    begun = await begin_device(world.services, erika.browser.client, erika.browser.ticket)

    assert begun.refusal is Refusal.NEEDS_FRESH_AUTHENTICATION


async def test_an_account_has_so_many_devices_and_no_more(world: World, erika: Person) -> None:
    for _ in range(MOST_DEVICES):
        await add_phone(erika)

    assert (await Phone(world).enrol(await invite(erika))).refusal is Refusal.TOO_MANY_DEVICES


async def test_the_code_is_shown_again_to_the_session_that_made_it_alone(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    browser, services = erika.browser, world.services
    begun = await begin_device(services, browser.client, browser.ticket)
    assert begun.state
    world.clock.move(minutes=1)
    other = await erika.sign_in(Browser(world))
    await other.reauthenticate()

    here = await look_at_invitation(services, browser.client, browser.ticket, link_id=begun.state.link_id)
    there = await look_at_invitation(services, other.client, other.ticket, link_id=begun.state.link_id)

    assert here.state == begun.state
    assert there.refusal is Refusal.LINK_UNKNOWN


async def test_a_name_is_one_line_of_modest_length(world: World, erika: Person) -> None:
    phone = await add_phone(erika, "Erika's\r\nBcc: \x00 phone " + "x" * 100)

    name = (await known(world, phone)).name

    assert name.startswith("Erika's Bcc: phone xxx")
    assert len(name) == 60
