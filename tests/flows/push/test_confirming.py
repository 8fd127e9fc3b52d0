"""Confirming a device: whoever scans the code gets nothing until the session that shows it says yes."""

from collections.abc import Awaitable, Callable

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.factors.lost import report_in_session
from renumber.flows.push.confirm import confirm_device, reject_device
from renumber.flows.push.devices import Addressees, subscribe_device
from renumber.flows.push.enrol import Invitation, begin_device, look_at_invitation
from renumber.flows.sessions import sign_out
from tests.flows.person import Browser, Person
from tests.flows.push.phone import AT_HOME, Phone, add_phone, confirm, invite
from tests.flows.refusals.case import in_session
from tests.flows.world import World


async def shown(person: Person) -> Invitation:
    """The code as the page shows it, or the device that came with it."""
    begun = await begin_device(person.world.services, person.browser.client, person.browser.ticket)
    assert begun.state, begun.refusal
    return begun.state


async def scanned(person: Person, name: str = "Pixel 9") -> Phone:
    """A phone that has come with a code, and waits."""
    phone = Phone(person.world, name)
    step = await phone.enrol((await shown(person)).token)
    assert step.refusal is None, step.refusal
    return phone


async def test_a_device_that_waits_counts_for_nothing(world: World, erika: Person) -> None:
    elsewhere = await erika.sign_in(Browser(world))
    world.clock.move(minutes=1)
    await erika.sign_in_to_manage()

    phone = await scanned(erika)

    assert (await phone.authenticate()).refusal is Refusal.DEVICE_NOT_CONFIRMED
    subscribed = await subscribe_device(world.services, AT_HOME, phone.known, phone.subscription())
    assert subscribed.refusal is Refusal.DEVICE_UNKNOWN
    assert await Addressees(world.services).find(erika.account_id, phone.known.device_id) is None
    assert (await world.account(erika.account_id)).factors == set()
    assert (await world.reads.factor_list(erika.account_id)).items == []
    assert await world.reads.devices(erika.account_id) == []
    assert await erika.mails(Notice.FACTOR_ADDED) == await erika.texts(Notice.FACTOR_ADDED) == []
    assert await elsewhere.is_signed_in()
    result = await Browser(world).give_password(erika.email)
    assert result.method is Factor.PHONE, "nobody asks it"


async def test_beside_a_device_that_counts_one_that_waits_is_asked_nothing(world: World, erika: Person) -> None:
    own = await add_phone(erika)
    stranger = await scanned(erika)

    await Browser(world).give_password(erika.email)
    prompt = await own.prompt()

    assert (await stranger.answer(prompt=prompt)).refusal is Refusal.DEVICE_UNKNOWN
    assert (await own.answer(prompt=prompt)).refusal is None


async def test_the_page_shows_the_name_and_a_press_there_adds_the_device_and_tells_everybody_once(
    world: World, erika: Person
) -> None:
    await erika.sign_in_to_manage()
    phone = await scanned(erika, "Erika's Pixel")
    world.clock.move(minutes=2)

    waiting = (await shown(erika)).device
    added = await confirm(erika, phone)

    assert waiting
    assert waiting.name == "Erika's Pixel"
    assert added.state
    assert added.state.made_at == world.clock.time
    assert (await phone.authenticate()).refusal is None
    assert (await world.account(erika.account_id)).factors == {Factor.PUSH}
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == len(await erika.texts(Notice.FACTOR_ADDED)) == 1


async def test_no_other_session_of_the_account_confirms_or_rejects_it(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    phone = await scanned(erika)
    world.clock.move(minutes=1)
    other = await erika.sign_in(Browser(world))
    await other.reauthenticate()
    device_id = phone.known.device_id

    assert (await in_session(other, confirm_device, device_id)).refusal is Refusal.DEVICE_UNKNOWN  # type: ignore[union-attr]  # a step
    assert (await in_session(other, reject_device, device_id)).refusal is Refusal.DEVICE_UNKNOWN  # type: ignore[union-attr]  # a step
    assert (await confirm(erika, phone)).refusal is None


async def test_confirming_takes_a_fresh_authentication(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    world.clock.move(minutes=8)
    phone = await scanned(erika)
    world.clock.move(minutes=7)

    assert (await confirm(erika, phone)).refusal is Refusal.NEEDS_FRESH_AUTHENTICATION
    await erika.prove_again()
    assert (await confirm(erika, phone)).refusal is None


async def let_time_pass(erika: Person) -> None:
    erika.world.clock.move(minutes=10)


async def leave(erika: Person) -> None:
    await in_session(erika.browser, sign_out)


async def be_frozen(erika: Person) -> None:
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")


async def choose_a_password(erika: Person) -> None:
    await erika.choose_password("vurmix gapolde 27")


async def reset(erika: Person) -> None:
    await erika.ask_for_change()
    assert (await erika.browser.press(await erika.link())).refusal is None


@pytest.mark.parametrize("end", [let_time_pass, leave, be_frozen, choose_a_password, reset])
async def test_whatever_ends_the_code_ends_the_wait(
    world: World, erika: Person, end: Callable[[Person], Awaitable[None]]
) -> None:
    await erika.sign_in_to_manage()
    phone = await scanned(erika)
    page = erika.browser.ticket

    await end(erika)

    assert (await phone.authenticate()).refusal is Refusal.DEVICE_UNKNOWN
    pressed = await confirm_device(world.services, erika.browser.client, page, phone.known.device_id)
    assert pressed.refusal in {Refusal.DEVICE_UNKNOWN, Refusal.SESSION_UNKNOWN}
    assert (await world.account(erika.account_id)).factors == set()


async def test_a_second_device_with_the_code_is_refused_and_the_page_says_so(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    code = await shown(erika)
    stranger, own = Phone(world, "iPhone"), Phone(world, "Pixel 9")
    await stranger.enrol(code.token)
    before = (await shown(erika)).device

    assert (await own.enrol(code.token)).refusal is Refusal.ANOTHER_DEVICE_WAITS

    waiting = (await shown(erika)).device
    assert before
    assert before.scan
    assert before.scan.contested_at is None
    assert waiting
    assert waiting.scan
    assert waiting.scan.contested_at == world.clock.time
    assert waiting.name == "iPhone"


async def test_a_phone_whose_answer_was_lost_asks_again_and_is_the_same_device(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    token, phone = await invite(erika), Phone(world)

    first, again = (await phone.enrol(token)).state, (await phone.enrol(token)).state

    assert first
    assert again
    assert (again.device_id, again.scan) == (first.device_id, first.scan)
    assert (await world.history(erika.account_id)).count("device_scanned") == 1


async def test_a_device_that_is_sent_away_has_lost_its_code_and_a_fresh_one_is_there(
    world: World, erika: Person
) -> None:
    await erika.sign_in_to_manage()
    code = await shown(erika)
    stranger, own = Phone(world, "iPhone"), Phone(world, "Pixel 9")
    await stranger.enrol(code.token)

    fresh = await reject_device(world.services, erika.browser.client, erika.browser.ticket, stranger.known.device_id)

    assert fresh.state
    assert fresh.state.link_id != code.link_id
    assert (await stranger.authenticate()).refusal is Refusal.DEVICE_UNKNOWN
    assert (await confirm(erika, stranger)).refusal is Refusal.DEVICE_UNKNOWN
    assert (await stranger.enrol(code.token)).refusal is Refusal.LINK_EXPIRED
    assert (await own.enrol(fresh.state.token)).refusal is None
    assert (await confirm(erika, own)).refusal is None


async def test_asked_for_again_the_code_of_a_device_that_waits_stays(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    code = await shown(erika)
    await Phone(world).enrol(code.token)

    again = await shown(erika)
    looked = await look_at_invitation(world.services, erika.browser.client, erika.browser.ticket, link_id=code.link_id)

    assert again.link_id == code.link_id
    assert again == looked.state


async def test_a_device_that_waited_while_one_was_lost_was_not_there_then(world: World, erika: Person) -> None:
    lost = await add_phone(erika)
    phone = await scanned(erika)
    world.clock.move(minutes=1)
    await report_in_session(world.services, erika.browser.client, erika.browser.ticket, Factor.PUSH)
    world.clock.move(minutes=1)

    assert (await confirm(erika, phone)).refusal is None

    await Browser(world).give_password(erika.email)
    assert await lost.prompts() == []
    assert len(await phone.prompts()) == 1
