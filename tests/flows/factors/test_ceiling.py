"""Guesses have a ceiling that neither resend, lift, time, key rotation nor a new sign-in moves (row 45, NIST 3.2.2)."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import AUTHENTICATORS, Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.factors.suspended import restore_by_code, send_restore_code
from renumber.policies.limits import Limits
from tests.builders import NOON, WRONG, an_authenticator
from tests.flows.account.release import prove_both
from tests.flows.factors.suspension import guess, restore
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World, a_world

CEILING = 24
LIMITS = Limits(guess_ceiling=CEILING, sends_per_window=100, sends_per_day=1000, sends_to_strangers=1000)
ACTS = ("guess", "guess", "guess", "resend", "lift", "wait", "sign in anew")


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An installation with a low ceiling, on SQLite and on PostgreSQL."""
    async with a_world(database_url, limits=LIMITS) as opened:
        yield opened


@pytest.fixture
async def erika(world: World) -> Person:
    return await a_person(world)


async def status(world: World, erika: Person, factor: Factor = Factor.PHONE) -> FactorStatus:
    async with world.services.store.work(erika.account_id) as work:
        return await work.load(FactorStatus, factor) or an_authenticator()


async def close(erika: Person, browser: Browser) -> None:
    """Guess, lift and guess again until nothing is taken any more."""
    await browser.give_password(erika.email)
    await browser.choose(Factor.PHONE)
    for _ in range(CEILING):
        steps = await guess(erika, browser, until=Refusal.FACTOR_SUSPENDED, or_else=Refusal.FACTOR_DISABLED)
        if steps[-1].refusal is Refusal.FACTOR_DISABLED:
            return
        erika.world.clock.move(minutes=12)
        await browser.give_password(erika.email)
        await browser.choose(Factor.PHONE)
        await restore(erika, browser)
        await browser.send_again()
    raise AssertionError("the ceiling was never reached")


async def test_a_lift_by_the_mailbox_does_not_forget_the_guesses_and_at_the_ceiling_it_opens_nothing(
    world: World, erika: Person
) -> None:
    thief = Browser(world)

    await close(erika, thief)

    assert (await status(world, erika)).guesses == CEILING
    world.clock.move(days=30)
    await thief.give_password(erika.email)
    await restore(erika, thief)
    assert (await thief.type_code(WRONG)).refusal is Refusal.FACTOR_DISABLED
    assert (await thief.send_again()).refusal is Refusal.FACTOR_DISABLED
    assert (await status(world, erika)).guesses == CEILING
    assert (await world.account(erika.account_id)).disabled == {Factor.PHONE}


async def test_everybody_is_told_and_the_mail_says_how_it_opens(world: World, erika: Person) -> None:
    await close(erika, Browser(world))

    [mail] = await erika.mails(Notice.FACTOR_DISABLED)
    assert mail.stop
    assert mail.message.params["factor"] == "phone"
    assert (await erika.texts(Notice.FACTOR_SUSPENDED))[-1].stop


async def test_another_factor_opens_it_and_forgets_the_guesses(world: World, erika: Person) -> None:
    key = await add_app(erika)
    await close(erika, Browser(world))
    world.clock.move(minutes=12)

    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.TOTP)
    assert (await give_code(erika.browser, shown(world, key))).signed_in

    found = await status(world, erika)
    assert (found.bar, found.guesses, found.wrong_in_a_row) == (None, 0, 0)
    world.clock.move(minutes=12)
    await erika.browser.give_password(erika.email)
    await erika.browser.choose(Factor.PHONE)
    assert await erika.sign_in_with_phone()


async def test_who_has_no_other_freezes_and_releases_it_without_an_operator(world: World, erika: Person) -> None:
    await close(erika, Browser(world))
    [mail] = await erika.mails(Notice.FACTOR_DISABLED)
    assert (await freeze_by_link(world.services, Browser(world).client, mail.stop)).refusal is None
    world.clock.move(minutes=12)

    await prove_both(erika)

    world.clock.move(minutes=12)
    await erika.sign_in()
    assert (await status(world, erika)).guesses == 0


async def test_a_right_code_below_the_ceiling_forgets_the_guesses(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    await erika.browser.type_code(WRONG)
    assert (await status(world, erika)).guesses == 1

    assert await erika.sign_in_with_phone()

    assert (await status(world, erika)).guesses == 0


async def act(world: World, erika: Person, browser: Browser, what: str) -> None:
    """Do one thing that a holder of the password and the mailbox can do."""
    if what == "wait":
        world.clock.move(hours=25)
    if what == "sign in anew" or browser.sign_in is None or await browser.state() is None:
        world.clock.move(seconds=31)
        await browser.give_password(erika.email)
        await browser.choose(Factor.PHONE)
    if what == "guess":
        await browser.type_code(WRONG)
    if what == "resend":
        world.clock.move(minutes=3)
        await browser.send_again()
    if what == "lift":
        world.clock.move(minutes=3)
        place = (world.services, browser.client, browser.begun)
        await send_restore_code(*place)
        await restore_by_code(*place, code=await erika.code(CodePurpose.RESTORE))


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_done_between_guesses_they_add_up(world: World, erika: Person, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a draw that can be repeated, and no secret
    browser, before = Browser(world), FactorStatus(account_id="", factor=Factor.PHONE)
    for _ in range(120):
        await act(world, erika, browser, random.choice(ACTS))
        after = await status(world, erika)

        assert before.guesses <= after.guesses <= CEILING, "only a success forgets a guess"
        assert (after.guesses == CEILING) == (after.bar is Refusal.FACTOR_DISABLED)
        before = after
    assert before.guesses == CEILING, "and in the end they are used up"


VERBS: dict[str, Callable[[FactorStatus], FactorStatus]] = {
    "wrong": lambda one: one if one.bar else failed(one).state,
    "lift": lambda one: one.restore().state,
    "time": lambda one: one.resume(NOON + timedelta(days=365), paused_for=timedelta(hours=24)),
}
FORGIVES: dict[str, Callable[[FactorStatus], FactorStatus]] = {
    "right": lambda one: one.record_success(NOON).state,
    "another": lambda one: one.restore_by_another().state,
}


def failed(one: FactorStatus) -> Step[FactorStatus]:
    return one.record_failure(NOON, warn_after=8, suspend_after=10, ceiling=100)


@given(
    factor=st.sampled_from(sorted(AUTHENTICATORS)), verbs=st.lists(st.sampled_from([*VERBS, *FORGIVES]), max_size=400)
)
def test_at_most_a_hundred_are_compared_without_a_success(factor: Factor, verbs: list[str]) -> None:
    status, compared = FactorStatus(account_id="a" * 32, factor=factor), 0
    for verb in verbs:
        was_open = status.bar is None
        status = {**VERBS, **FORGIVES}[verb](status)
        compared += verb == "wrong" and was_open
        compared = 0 if verb == "another" or (verb == "right" and was_open) else compared
        assert status.guesses == compared <= 100
    if compared == 100:
        assert status.restore().state.bar is Refusal.FACTOR_DISABLED


@pytest.mark.parametrize("factor", Factor)
def test_the_hundredth_wrong_one_closes_what_confirms_sign_ins_and_nothing_else(factor: Factor) -> None:
    step = failed(FactorStatus(account_id="a" * 32, factor=factor, guesses=99))

    assert (step.refusal is Refusal.FACTOR_DISABLED) is (factor in AUTHENTICATORS)
    assert (step.facts == (Fact.FACTOR_DISABLED,)) is (factor in AUTHENTICATORS)
