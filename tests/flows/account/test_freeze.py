"""“This wasn't me”: who may freeze, what it stops, and that it gives nobody access."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_link, look_at_stop
from renumber.flows.account.release import release_by_operator
from renumber.flows.phone_change.link import look_at_link
from renumber.flows.phone_change.request import cancel_change
from renumber.flows.ports.store import Store
from tests.builders import NEW, OLD
from tests.flows.person import Browser, Person
from tests.flows.world import Received, World


async def press(world: World, token: str) -> Refusal | None:
    return (await freeze_by_link(world.services, Browser(world).client, token)).refusal


async def look(world: World, token: str) -> Refusal | None:
    return (await look_at_stop(world.services, token)).refusal


async def a_notice(erika: Person, which: str) -> Received:
    """Live through what leads to this notice."""
    if which == "mail 1":
        await erika.sign_in()
        await erika.ask_for_change()
        return (await erika.mails(Notice.CHANGE_REQUESTED))[-1]
    if which.startswith("reset"):
        await erika.reset_number()
        messages = erika.mails if "mail" in which else erika.texts
        return (await messages(Notice.NUMBER_RESET))[-1]
    if which.startswith("changed"):
        await erika.change_number(NEW)
        if "mail" in which:
            return (await erika.mails(Notice.NUMBER_CHANGED))[-1]
        return (await erika.texts(Notice.NUMBER_CHANGED, number=OLD))[-1]
    return await _another_notice(erika, which)


async def _another_notice(erika: Person, which: str) -> Received:
    if which == "new browser":
        await erika.sign_in()
        erika.world.clock.move(minutes=1)
        await erika.sign_in(Browser(erika.world))
        return (await erika.mails(Notice.NEW_BROWSER))[-1]
    if which == "wrong code":
        await erika.browser.give_password(erika.email)
        await erika.browser.type_code("999999")
        return (await erika.mails(Notice.WRONG_FACTOR))[-1]
    await erika.choose_password("vurmix gapolde 27")
    messages = await (erika.mails if "mail" in which else erika.texts)(Notice.PASSWORD_CHANGED)
    return messages[-1]


NOTICES = [
    "mail 1",
    "reset, by mail",
    "reset, by text to the old number",
    "changed, by mail",
    "changed, by text to the old number",
    "new browser",
    "wrong code",
    "new password, by mail",
    "new password, by text",
]


@pytest.mark.parametrize("which", NOTICES)
async def test_the_link_of_each_notice_freezes_the_account(world: World, erika: Person, which: str) -> None:
    notice = await a_notice(erika, which)
    assert await look(world, notice.stop) is None

    assert await press(world, notice.stop) is None

    account = await world.account(erika.account_id)
    assert account.is_frozen
    assert await world.open_change(erika.account_id) is None
    assert await world.live_sessions(erika.account_id) == []
    assert not await erika.browser.is_signed_in()


@pytest.mark.parametrize("which", NOTICES)
async def test_the_page_behind_a_link_knows_the_notice_that_it_came_with(
    world: World, erika: Person, which: str
) -> None:
    notice = await a_notice(erika, which)

    links = [token for token in (notice.stop, notice.action) if token]

    assert {(await look_at_stop(world.services, token)).told for token in links} == {notice.notice}


async def test_the_link_of_mail_1_stops_as_well_as_it_goes_on(world: World, erika: Person) -> None:
    mail = await a_notice(erika, "mail 1")

    assert await press(world, mail.action) is None

    assert (await world.account(erika.account_id)).is_frozen
    assert (await Browser(world).press(mail.action)).refusal is Refusal.LINK_STOPPED
    assert (await world.account(erika.account_id)).number == OLD


@pytest.mark.parametrize("which", ["mail 1", "reset, by mail"])
async def test_an_open_change_is_stopped(world: World, erika: Person, which: str) -> None:
    notice = await a_notice(erika, which)
    change = await world.open_change(erika.account_id)

    await press(world, notice.stop)

    assert change
    stopped = await world.services.store.find_change(erika.account_id, change.change_id)
    assert stopped
    assert stopped.state is ChangeState.STOPPED
    assert (await look_at_link(world.services, await erika.link())).refusal is Refusal.LINK_STOPPED
    assert (await world.history(erika.account_id))[-2:] == ["account_frozen", "change_stopped"]


async def test_a_change_whose_number_was_on_its_way_binds_nothing_after_a_freeze(world: World, erika: Person) -> None:
    await erika.reset_number()
    await erika.reach_new_number()
    await erika.browser.enter_number(NEW)
    code = await erika.code(CodePurpose.NEW_NUMBER)

    await press(world, (await erika.texts(Notice.NUMBER_RESET))[-1].stop)

    result = await erika.browser.type_code(code, at=SignInState.AWAITING_NEW_NUMBER)
    assert result.refusal is Refusal.SIGN_IN_EXPIRED
    assert (await world.account(erika.account_id)).number is None


async def test_freezing_is_told_to_the_mailbox_and_to_every_number_on_file(world: World, erika: Person) -> None:
    await press(world, (await a_notice(erika, "changed, by mail")).stop)

    assert len(await erika.mails(Notice.ACCOUNT_FROZEN)) == 1
    assert len(await erika.texts(Notice.ACCOUNT_FROZEN, number=OLD)) == 1
    assert len(await erika.texts(Notice.ACCOUNT_FROZEN, number=NEW)) == 1


async def test_looking_fifty_times_freezes_nothing(world: World, erika: Person) -> None:
    notice = await a_notice(erika, "mail 1")

    for _ in range(50):
        assert await look(world, notice.stop) is None

    assert not (await world.account(erika.account_id)).is_frozen


async def test_a_stop_link_works_for_seven_days(world: World, erika: Person) -> None:
    notice = await a_notice(erika, "changed, by text to the old number")
    world.clock.move(days=6, hours=23, minutes=59, seconds=59)
    assert await look(world, notice.stop) is None
    world.clock.move(seconds=1)

    assert await look(world, notice.stop) is Refusal.LINK_EXPIRED
    assert await press(world, notice.stop) is Refusal.LINK_EXPIRED
    assert not (await world.account(erika.account_id)).is_frozen


async def test_there_is_nothing_to_stop_once_the_change_is_over_without_effect(world: World, erika: Person) -> None:
    notice = await a_notice(erika, "mail 1")
    await cancel_change(world.services, erika.browser.client, erika.browser.ticket)

    assert await look(world, notice.stop) is Refusal.NOTHING_TO_STOP
    assert await press(world, notice.stop) is Refusal.NOTHING_TO_STOP
    assert not (await world.account(erika.account_id)).is_frozen


async def test_a_frozen_account_is_frozen_once(world: World, erika: Person) -> None:
    first = await a_notice(erika, "reset, by mail")
    second = (await erika.texts(Notice.NUMBER_RESET))[-1]
    await press(world, first.stop)

    assert await press(world, second.stop) is Refusal.ACCOUNT_FROZEN
    assert await look(world, second.stop) is Refusal.ACCOUNT_FROZEN
    assert len(await erika.mails(Notice.ACCOUNT_FROZEN)) == 1


async def test_a_stop_link_works_once(world: World, erika: Person) -> None:
    """Or whoever reads an old mail could freeze the account whenever its owner has it back."""
    notice = await a_notice(erika, "changed, by mail")
    await press(world, notice.stop)
    await release_by_operator(world.services, Browser(world).client, erika.account_id, "a call")

    assert await look(world, notice.stop) is Refusal.NOTHING_TO_STOP
    assert await press(world, notice.stop) is Refusal.NOTHING_TO_STOP
    assert not (await world.account(erika.account_id)).is_frozen


async def test_an_unknown_link_freezes_nobody(world: World, erika: Person) -> None:
    assert await look(world, "A" * 22) is Refusal.LINK_UNKNOWN
    assert await press(world, "A" * 22) is Refusal.LINK_UNKNOWN


async def test_the_link_of_a_forgotten_password_freezes_nobody(world: World, erika: Person) -> None:
    assert await press(world, await erika.forget_password()) is Refusal.LINK_UNKNOWN


async def test_nobody_signs_in_to_a_frozen_account(world: World, erika: Person) -> None:
    await press(world, (await a_notice(erika, "mail 1")).stop)
    texts = len(await erika.texts())

    result = await erika.browser.give_password(erika.email)

    assert (result.state, result.signed_in) == (SignInState.AWAITING_RELEASE_MAILBOX, False)
    assert await erika.mails(Notice.RELEASE_CODE) == [], "its page explains first"
    assert len(await erika.texts()) == texts


class Slow:
    """A store whose look at a link takes so long that others act meanwhile."""

    def __init__(self, store: Store, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._store, self._meanwhile = store, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def find_link(self, purpose: LinkPurpose, token: str) -> Link | None:
        found = await self._store.find_link(purpose, token)
        await self._meanwhile()
        return found


async def test_a_link_that_was_used_while_somebody_looked_at_it_stops_nothing(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    [notice] = await erika.mails(Notice.NUMBER_CHANGED)

    async def freeze_and_release() -> None:
        assert await press(world, notice.stop) is None
        at = Browser(world).client
        assert (await release_by_operator(world.services, at, erika.account_id, "a call")).refusal is None

    slow = replace(world.services, store=Slow(world.services.store, freeze_and_release))
    step = await freeze_by_link(slow, Browser(world).client, notice.stop)

    assert step.refusal is Refusal.NOTHING_TO_STOP
    assert not (await world.account(erika.account_id)).is_frozen
