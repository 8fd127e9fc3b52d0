"""Devices: enrolled by a fresh session with a key they hold, told to everybody, and gone when their owner says so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import PromptState
from renumber.flows.factors.lost import report_in_session
from renumber.flows.push.answer import finish_push
from renumber.flows.push.answered import Answered
from renumber.flows.push.devices import Addressees, Call, remove_device, rename_device, unsubscribe_device
from renumber.policies.push_hosts import PushHost
from tests.builders import NEW
from tests.flows.person import Browser, Person
from tests.flows.push.phone import AT_HOME, Phone, add_phone
from tests.flows.world import World


async def known(world: World, phone: Phone) -> Device:
    found = await world.reads.device(phone.known.account_id, phone.known.device_id)
    assert found
    return found


async def remove(erika: Person, phone: Phone) -> Refusal | None:
    browser = erika.browser
    removed = await remove_device(erika.world.services, browser.client, browser.ticket, phone.known.device_id)
    return removed.refusal


@pytest.mark.parametrize("late", [-120, -1, 0, 120])
async def test_a_call_signed_within_two_minutes_is_let_in(world: World, erika: Person, late: int) -> None:
    phone = await add_phone(erika)

    step = await phone.authenticate(phone.call(late=late))

    assert (step.refusal, step.state) == (None, await known(world, phone))


@pytest.mark.parametrize("late", [-121, 121, 10**9])
async def test_a_call_signed_at_another_time_is_not(erika: Person, late: int) -> None:
    phone = await add_phone(erika)

    assert (await phone.authenticate(phone.call(late=late))).refusal is Refusal.DEVICE_CLOCK_OFF


def to_another_path(call: Call) -> Call:
    return replace(call, path="/device/api/subscription")


def by_another_method(call: Call) -> Call:
    return replace(call, method="DELETE")


def with_another_body(call: Call) -> Call:
    return replace(call, body=b"{}")


def at_another_time(call: Call) -> Call:
    return replace(call, at=str(int(call.at) + 1))


@pytest.mark.parametrize("forge", [to_another_path, by_another_method, with_another_body, at_another_time])
async def test_a_signed_call_can_be_turned_into_no_other(erika: Person, forge: Callable[[Call], Call]) -> None:
    phone = await add_phone(erika)

    step = await phone.authenticate(forge(phone.call()))

    assert (step.state, step.refusal) == (None, Refusal.DEVICE_SIGNATURE_WRONG)


async def test_a_device_is_renamed_by_its_owner(world: World, erika: Person) -> None:
    phone = await add_phone(erika)
    browser = erika.browser

    renamed = await rename_device(world.services, browser.client, browser.ticket, phone.known.device_id, " Mine\n")

    assert renamed.refusal is None
    assert (await known(world, phone)).name == "Mine"
    assert await erika.mails(Notice.FACTOR_REMOVED) == []


async def test_with_the_last_device_the_method_goes(world: World, erika: Person) -> None:
    first, second = await add_phone(erika), await add_phone(erika)

    assert await remove(erika, first) is None
    assert (await world.account(erika.account_id)).factors == {Factor.PUSH}
    assert await remove(erika, first) is Refusal.DEVICE_UNKNOWN
    assert await remove(erika, second) is None

    assert (await world.account(erika.account_id)).factors == set()
    assert len(await erika.mails(Notice.FACTOR_REMOVED)) == 2
    assert (await known(world, second)).public_key == b""


async def lose(erika: Person) -> None:
    services, browser = erika.world.services, erika.browser
    assert (await report_in_session(services, browser.client, browser.ticket, Factor.PUSH)).refusal is None


async def test_a_lost_device_is_told_nothing_of_a_sign_in_and_a_new_one_is(world: World, erika: Person) -> None:
    stolen = await add_phone(erika)
    await lose(erika)
    world.clock.move(minutes=1)
    new = await add_phone(erika)
    await Browser(world).give_password(erika.email)

    assert (await stolen.authenticate()).refusal is None, "it is known, so that its owner can take it back"
    assert await stolen.prompts() == []
    assert len(await new.prompts()) == 1


async def test_with_the_last_trusted_device_the_method_goes_and_so_do_the_lost(world: World, erika: Person) -> None:
    stolen = await add_phone(erika)
    await lose(erika)
    world.clock.move(minutes=1)
    new = await add_phone(erika)
    assert await remove(erika, new) is Refusal.FACTOR_HELD, "what was only reported lost stood before"
    world.clock.move(hours=72)
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.PHONE)
    await erika.sign_in_with_phone()
    await erika.prove_again()

    assert await remove(erika, new) is None

    assert (await world.account(erika.account_id)).factors == set()
    assert not (await known(world, stolen)).is_live


async def test_a_lost_device_goes_alone(world: World, erika: Person) -> None:
    stolen, kept = await add_phone(erika), await add_phone(erika)
    await lose(erika)

    assert await remove(erika, stolen) is None

    assert (await known(world, kept)).is_live
    assert (await world.account(erika.account_id)).lost == {Factor.PUSH}


async def test_nobody_else_s_device_can_be_touched(world: World, erika: Person) -> None:
    phone = await add_phone(erika)
    otto_id = await world.enter("otto@example.com", erika.password, NEW)
    otto = Person(world, otto_id, "otto@example.com", NEW)
    await otto.sign_in_to_manage()

    assert await remove(otto, phone) is Refusal.DEVICE_UNKNOWN
    assert (await known(world, phone)).is_live


async def test_a_device_is_subscribed_at_an_allowed_service_alone(world: World, erika: Person) -> None:
    phone = await add_phone(erika)

    assert await phone.subscribe("https://evil.example/push") is Refusal.ENDPOINT_NOT_ALLOWED
    assert await phone.subscribe("http://fcm.googleapis.com/fcm/send/abc") is Refusal.ENDPOINT_NOT_ALLOWED
    assert (await known(world, phone)).subscription is None
    assert await phone.subscribe() is None
    assert (await known(world, phone)).subscription == phone.subscription()

    assert (await unsubscribe_device(world.services, AT_HOME, phone.known)).refusal is None
    assert (await known(world, phone)).subscription is None


async def test_a_service_taken_off_the_list_is_posted_to_no_more(world: World, erika: Person) -> None:
    phone = await add_phone(erika)
    await phone.subscribe()
    place = (phone.known.account_id, phone.known.device_id)
    fewer = replace(world.services, rules=replace(world.services.rules, push_hosts=(PushHost("web.push.apple.com"),)))

    assert await Addressees(world.services).find(*place) == phone.subscription()
    assert await Addressees(fewer).find(*place) is None


async def test_a_subscription_that_its_service_ended_goes_and_the_device_stays(world: World, erika: Person) -> None:
    phone = await add_phone(erika)
    await phone.subscribe()
    addressees, place = Addressees(world.services), (phone.known.account_id, phone.known.device_id)

    await addressees.forget(*place, "https://fcm.googleapis.com/an-older-one")
    kept = await known(world, phone)
    await addressees.forget(*place, phone.subscription().endpoint)

    assert kept.subscription == phone.subscription()
    assert (await known(world, phone)).subscription is None
    await erika.browser.give_password(erika.email)
    assert (await phone.answer()).state == Answered(PromptState.APPROVED)
    result = erika.browser.arrive(await finish_push(world.services, erika.browser.client, erika.browser.begun))
    assert result.signed_in
