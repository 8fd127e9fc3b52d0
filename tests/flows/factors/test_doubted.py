"""After a release the number alone is trusted: a thief who had added a factor is out, and the owner opens their own."""

import pytest

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.totp import TotpKey
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator
from renumber.flows.factors.lost import report_at_sign_in, restore_lost
from tests.flows.account.release import by_operator, prove_both
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person
from tests.flows.world import World


async def frozen_with_app(erika: Person) -> TotpKey:
    """Have an app added, by whomever, and freeze the account by the notice of it."""
    key = await add_app(erika)
    [notice] = await erika.texts(Notice.FACTOR_ADDED)
    services = erika.world.services
    assert (await freeze_by_link(services, erika.browser.client, notice.stop)).refusal is None
    erika.world.clock.move(minutes=11)
    return key


async def release(erika: Person, by: str) -> None:
    """Open the account again."""
    if by == "owner":
        await prove_both(erika)
    else:
        assert await by_operator(erika, keeps_number=True) is None
    erika.world.clock.move(minutes=11)


@pytest.mark.parametrize("by", ["owner", "operator"])
async def test_a_factor_that_a_thief_may_have_added_lets_nobody_in_after_the_release(
    world: World, erika: Person, by: str
) -> None:
    key = await frozen_with_app(erika)
    await release(erika, by)

    result = await erika.browser.give_password(erika.email)

    assert result.method is Factor.PHONE
    assert (await erika.browser.choose(Factor.TOTP)).refusal is Refusal.REPORTED_LOST
    assert (await give_code(erika.browser, shown(world, key))).refusal is Refusal.NOT_NOW
    assert "factor_doubted" in await world.history(erika.account_id)


async def test_the_mail_of_the_release_says_so_only_where_there_is_one(erika: Person) -> None:
    await frozen_with_app(erika)
    await release(erika, "owner")

    [mail] = await erika.mails(Notice.ACCOUNT_RELEASED)
    assert mail.message.params["doubted"] == "yes"
    assert await erika.mails(Notice.FACTOR_LOST) == []


async def test_who_signs_in_with_the_number_opens_again_what_is_theirs(world: World, erika: Person) -> None:
    key = await frozen_with_app(erika)
    await release(erika, "owner")
    await erika.sign_in_to_manage()
    services, browser = world.services, erika.browser

    assert (await restore_lost(services, browser.client, browser.ticket, factor=Factor.TOTP)).refusal is None

    world.clock.move(minutes=1)
    await browser.give_password(erika.email)
    await browser.choose(Factor.TOTP)
    assert (await give_code(browser, shown(world, key))).signed_in


async def test_a_phone_that_a_thief_reported_lost_is_open_again_after_the_operator_s_release(
    world: World, erika: Person
) -> None:
    await add_app(erika)
    world.clock.move(hours=72)
    thief = Browser(world)
    await thief.give_password(erika.email)
    assert thief.sign_in
    reported = await report_at_sign_in(world.services, thief.client, thief.sign_in, factor=Factor.PHONE)
    assert reported.refusal is None
    await freeze_by_operator(world.services, thief.client, erika.account_id, "a call")
    await release(erika, "operator")

    await erika.sign_in_to_manage()

    assert (await world.account(erika.account_id)).lost == {Factor.TOTP}


async def test_an_account_that_has_no_number_keeps_its_factors(world: World) -> None:
    erika = Person(
        world, await world.enter("nobody@example.com", "correct horse battery", None), "nobody@example.com", None
    )
    async with world.services.store.work(erika.account_id) as work:
        work.keep(work.account.add_factor(Factor.TOTP, world.clock.time).state)
    await freeze_by_operator(world.services, erika.browser.client, erika.account_id, "a call")

    assert await by_operator(erika, keeps_number=True) is None

    assert (await world.account(erika.account_id)).suspended == frozenset()
