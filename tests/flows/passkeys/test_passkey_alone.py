"""A passkey in place of the password: at the sign-in and before a sensitive act."""

import json
from dataclasses import replace

import pytest

from harness.soft_authenticator import PRESENT, SoftAuthenticator
from renumber.crypto import KeyRing
from renumber.domain.account import NOBODY
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import CeremonyPurpose
from renumber.flows.account.freeze import freeze_by_link
from renumber.flows.passkeys.challenge import Ceremony, issue
from renumber.flows.passkeys.prove import reauthenticate_with_passkey
from renumber.flows.passkeys.register import begin_passkey, remove_passkey
from tests.builders import NEW
from tests.flows.passkeys.ceremonies import (
    add_passkey,
    asked_alone,
    asked_in_session,
    sign_in_alone,
    with_passkey,
)
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World, with_rules

UNVERIFIED = PRESENT


async def reauthenticated(browser: Browser, text: str) -> Refusal | None:
    world = browser.world
    step = await reauthenticate_with_passkey(world.services, browser.client, browser.ticket, text=text)
    browser.session = step.state or browser.session
    return step.refusal


async def test_a_passkey_alone_signs_in(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    options = asked_alone(erika.browser)
    world.clock.move(seconds=1)

    result = await sign_in_alone(erika.browser, authenticator.sign(options))

    assert result.signed_in
    assert await erika.browser.is_signed_in()
    assert (await world.live_sessions(erika.account_id))[0].factor is Factor.PASSKEY
    asked = json.loads(options)
    assert (asked["allowCredentials"], asked["userVerification"]) == ([], "required")


async def test_alone_it_takes_a_verified_person(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika, SoftAuthenticator(flags=UNVERIFIED))

    result = await sign_in_alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))

    assert result.refusal is Refusal.PASSKEY_NOT_VERIFIED
    assert await world.wrong_in_a_row(erika.account_id, Factor.PASSKEY) == 0


async def test_every_passkey_that_is_not_ours_gets_the_same_answer(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    await add_passkey(erika, removed := SoftAuthenticator(), "Gone")
    gone = next(each for each in await world.reads.passkeys(erika.account_id) if each.name == "Gone")
    services, browser = world.services, erika.browser
    await remove_passkey(services, browser.client, browser.ticket, passkey_id=gone.passkey_id)
    forged = SoftAuthenticator(credential_id=authenticator.credential_id, user_handle=authenticator.user_handle)
    nameless = authenticator.clone()
    nameless.user_handle = b""
    unknown = SoftAuthenticator(user_handle=bytes.fromhex(erika.account_id))

    steps = [
        await sign_in_alone(browser, each.sign(asked_alone(browser))) for each in (removed, forged, nameless, unknown)
    ]

    assert steps == [steps[0]] * 4
    assert steps[0].refusal is Refusal.WRONG_PASSKEY
    assert (await world.account(erika.account_id)).suspended == frozenset()


async def test_wrong_ones_slow_the_address_down_and_suspend_nobody(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    forged = SoftAuthenticator(credential_id=authenticator.credential_id, user_handle=authenticator.user_handle)
    stranger = Browser(world)

    refusals = [(await sign_in_alone(stranger, forged.sign(asked_alone(stranger)))).refusal for _ in range(21)]

    assert refusals == [Refusal.WRONG_PASSKEY] * 20 + [Refusal.TOO_MANY_SIGN_INS]
    assert (await sign_in_alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))).signed_in


async def test_a_frozen_account_is_not_opened_by_a_passkey(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    stop = (await erika.mails(Notice.FACTOR_ADDED))[-1].stop
    await freeze_by_link(world.services, erika.browser.client, stop)

    result = await sign_in_alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))

    assert (result.refusal, result.ticket) == (Refusal.ACCOUNT_FROZEN, None)


async def test_an_operator_may_do_without_passkeys(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    world.services = with_rules(world.services, methods=(Factor.PHONE,))

    result = await sign_in_alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))

    assert result.refusal is Refusal.METHOD_NOT_OFFERED


async def test_what_was_spent_before_the_keys_were_rotated_is_spent_afterwards(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika, SoftAuthenticator(counts=False))
    answer = authenticator.sign(asked_alone(erika.browser))
    rotated = TwoKeys(world.keys)
    assert (await sign_in_alone(erika.browser, answer)).signed_in

    world.services = replace(world.services, secrets=rotated)

    assert (await sign_in_alone(erika.browser, answer)).refusal is Refusal.PASSKEY_TOO_LATE
    other = authenticator.sign(asked_alone(erika.browser))
    assert (await sign_in_alone(erika.browser, other)).signed_in


class TwoKeys(KeyRing):
    """A ring with a new key before the old one."""

    def __init__(self, old: KeyRing) -> None:
        self._old = old
        self._new = KeyRing.from_secret("another secret of the tests, of more than 32 bytes")

    def new_id(self) -> str:
        return self._new.new_id()

    def fingerprints(self, purpose: str, value: str) -> tuple[bytes, bytes]:
        return self._new.fingerprint(purpose, value), self._old.fingerprint(purpose, value)


async def test_a_passkey_alone_works_between_the_reset_and_the_new_number(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())

    result = await sign_in_alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))

    assert result.signed_in
    change = await world.open_change(erika.account_id)
    assert change
    assert change.awaits_number


async def test_a_browser_not_seen_before_is_told_while_a_change_waits_too(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    await erika.ask_for_change()
    await erika.browser.press(await erika.link())
    stranger = Browser(world)

    assert (await sign_in_alone(stranger, authenticator.sign(asked_alone(stranger)))).signed_in

    assert len(await erika.mails(Notice.NEW_BROWSER)) == 2, "and of the first sign-in"


@pytest.mark.parametrize("known", [True, False])
async def test_a_browser_not_seen_before_is_told(world: World, erika: Person, known: bool) -> None:  # noqa: FBT001
    authenticator = await with_passkey(erika)
    browser = erika.browser if known else Browser(world)

    assert (await sign_in_alone(browser, authenticator.sign(asked_alone(browser)))).signed_in

    assert len(await erika.mails(Notice.NEW_BROWSER)) == (1 if known else 2)


async def test_the_history_says_on_which_evidence(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    await sign_in_alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))
    await sign_in_alone(erika.browser, "nothing")

    assert (await world.history(erika.account_id))[-2:] == [Fact.SIGN_IN_STARTED, Fact.SIGNED_IN]
    assert (await world.history(NOBODY))[-1] == "refused:wrong_passkey"


async def test_a_passkey_makes_a_session_fresh_again_and_the_old_token_dies(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    world.clock.move(hours=72)
    browser = erika.browser
    await sign_in_alone(browser, authenticator.sign(asked_alone(browser)))
    world.clock.move(minutes=20)
    before = browser.ticket

    assert await reauthenticated(browser, authenticator.sign(await asked_in_session(browser))) is None

    assert (await begin_passkey(world.services, browser.client, browser.ticket)).refusal is None
    browser.session = before
    assert not await browser.is_signed_in()


@pytest.mark.parametrize(("hours", "refusal"), [(71.9, Refusal.FACTOR_TOO_NEW), (72, None)])
async def test_one_that_was_added_a_moment_ago_renews_no_session(
    world: World, erika: Person, hours: float, refusal: Refusal | None
) -> None:
    """Or a thief who has added their own would go on with it for ever."""
    authenticator, browser = await with_passkey(erika), erika.browser
    world.clock.move(hours=hours)
    await sign_in_alone(browser, authenticator.sign(asked_alone(browser)))

    ceremony = Ceremony(CeremonyPurpose.REAUTHENTICATE, browser.ticket.id)
    asked = world.services.ceremonies.request_options(
        (), ceremony.purpose, issue(world.services, browser.client, ceremony)
    )

    assert await reauthenticated(browser, authenticator.sign(asked)) is refusal


async def test_before_a_sensitive_act_the_person_is_verified(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika, SoftAuthenticator(flags=UNVERIFIED))
    options = await asked_in_session(erika.browser)

    assert await reauthenticated(erika.browser, authenticator.sign(options)) is Refusal.PASSKEY_NOT_VERIFIED
    assert json.loads(options)["userVerification"] == "required"


async def test_another_account_s_passkey_refreshes_nothing(world: World, erika: Person) -> None:
    await with_passkey(erika)
    strange = await with_passkey(await a_person(world, "max@example.com", NEW))

    refusal = await reauthenticated(erika.browser, strange.sign(await asked_in_session(erika.browser)))

    assert refusal is Refusal.WRONG_PASSKEY
