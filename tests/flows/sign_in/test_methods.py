"""The operator's list of methods: its order is asked for, what it leaves out isn't added, and nobody is locked out."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.flows.factors.recovery_codes import make_set
from renumber.flows.factors.totp import begin_totp, remove_totp
from tests.flows.factors.recovery_codes import make
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.passkeys.ceremonies import asked_alone, sign_in_alone, with_passkey
from tests.flows.person import Person
from tests.flows.world import World, with_rules

PHONE_ALONE = (Factor.PHONE,)


async def test_a_method_that_is_left_out_is_not_added(world: World, erika: Person) -> None:
    world.services = with_rules(world.services, methods=PHONE_ALONE)
    await erika.sign_in_to_manage()
    services, browser = world.services, erika.browser

    app = await begin_totp(services, browser.client, browser.ticket)
    codes = await make_set(services, browser.client, browser.ticket, replacing="")

    assert app.refusal is codes.refusal is Refusal.METHOD_NOT_OFFERED
    assert (await world.account(erika.account_id)).factors == frozenset()


async def test_who_has_it_already_is_asked_for_another_and_may_still_remove_it(world: World, erika: Person) -> None:
    key = await add_app(erika)
    world.services = with_rules(world.services, methods=PHONE_ALONE)
    services, browser = world.services, erika.browser

    assert (await browser.give_password(erika.email)).method is Factor.PHONE
    assert (await browser.choose(Factor.TOTP)).refusal is Refusal.FACTOR_UNKNOWN
    assert (await give_code(browser, shown(world, key))).refusal is Refusal.NOT_NOW
    await erika.sign_in_with_phone()
    await erika.prove_again()
    assert (await remove_totp(services, browser.client, browser.ticket)).refusal is None


async def test_who_has_no_other_way_in_is_still_let_in(world: World, erika: Person) -> None:
    key = await add_app(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    world.services = with_rules(world.services, methods=PHONE_ALONE)

    result = await erika.browser.give_password(erika.email)

    assert result.method is Factor.TOTP
    assert (await give_code(erika.browser, shown(world, key))).signed_in


async def test_the_order_is_the_preference_until_one_was_used(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    await make(erika)
    world.services = with_rules(world.services, methods=(Factor.PHONE, Factor.TOTP, Factor.RECOVERY_CODE))
    world.clock.move(seconds=31)
    await add_app(erika)
    async with world.services.store.work(erika.account_id) as work:
        work.keep(work.account.use_factor(Factor.PUSH))

    assert (await erika.browser.give_password(erika.email)).method is Factor.PHONE


async def test_a_passkey_that_is_left_out_signs_nobody_in_without_the_password_either(
    world: World, erika: Person
) -> None:
    authenticator = await with_passkey(erika)
    world.services = with_rules(world.services, methods=PHONE_ALONE)

    answer = authenticator.sign(asked_alone(erika.browser))

    assert (await sign_in_alone(erika.browser, answer)).refusal is Refusal.METHOD_NOT_OFFERED
