"""Refusals of passkeys: added, named and removed, given after the password and alone."""

from dataclasses import replace

from harness.soft_authenticator import PRESENT, SoftAuthenticator
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import CeremonyPurpose
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.factors.lost import report_in_session
from renumber.flows.passkeys.challenge import Ceremony, issue
from renumber.flows.passkeys.prove import prove_passkey, reauthenticate_with_passkey, sign_in_with_passkey
from renumber.flows.passkeys.register import MOST, begin_passkey, confirm_passkey, remove_passkey, rename_passkey
from renumber.flows.ports.passkeys import Owner
from tests.builders import NEW, OTHER
from tests.flows.passkeys.ceremonies import (
    add_passkey,
    asked_after_password,
    asked_alone,
    asked_in_session,
    with_passkey,
)
from tests.flows.person import Browser, Person, a_person
from tests.flows.refusals.case import Cases, Refused, give_password, in_session, in_sign_in
from tests.flows.refusals.factors import tell_twenty_times
from tests.flows.world import with_rules

CASES = Cases()
ANY_ID = "0" * 32
NO_ANSWER = "no answer"


def alone(browser: Browser, text: str) -> Refused:
    """Sign in with nothing but this answer."""
    return sign_in_with_passkey(browser.world.services, browser.client, text)


async def begun(browser: Browser) -> str:
    """The options for a new passkey."""
    options = (await begin_passkey(browser.world.services, browser.client, browser.ticket)).state
    assert options
    return options


@CASES.refused(Refusal.TOO_MANY_PASSKEYS)
async def begin_one_passkey_too_many(erika: Person) -> Refused:
    await with_passkey(erika)
    for _ in range(MOST - 1):
        await add_passkey(erika, SoftAuthenticator())
    return in_session(erika.browser, begin_passkey)


@CASES.refused(Refusal.WRONG_PASSKEY)
async def confirm_no_passkey(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), confirm_passkey, text=NO_ANSWER, name="")


@CASES.refused(Refusal.PASSKEY_KNOWN)
async def confirm_a_known_passkey(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    return in_session(erika.browser, confirm_passkey, text=authenticator.make(await begun(erika.browser)), name="")


class NobodyYet:
    """The owners of passkeys as they were just before somebody else bound one."""

    async def owner_of(self, credential_id: bytes, browser_id: str) -> Owner | None:  # noqa: ARG002 - the port's
        return None


@CASES.refused(Refusal.PASSKEY_KNOWN)
async def confirm_a_passkey_that_another_has_bound_just_now(erika: Person) -> Refused:
    authenticator = await with_passkey(await a_person(erika.world, "otto@example.com", OTHER))
    erika.world.services = replace(erika.world.services, passkey_owners=NobodyYet())
    answer = authenticator.make(await begun(await erika.sign_in_to_manage()))
    return in_session(erika.browser, confirm_passkey, text=answer, name="")


@CASES.refused(Refusal.SEND_LIMIT_REACHED)
async def confirm_passkeys_too_often(erika: Person) -> Refused:
    browser = await tell_twenty_times(erika)
    return in_session(browser, confirm_passkey, text=SoftAuthenticator().make(await begun(browser)), name="")


@CASES.refused(Refusal.PASSKEY_UNKNOWN)
async def rename_no_passkey(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), rename_passkey, ANY_ID, "Key")


@CASES.refused(Refusal.PASSKEY_UNKNOWN)
async def remove_no_passkey(erika: Person) -> Refused:
    return in_session(await erika.sign_in_to_manage(), remove_passkey, ANY_ID)


@CASES.refused(Refusal.FACTOR_HELD)
async def remove_one_of_two_passkeys_after_a_change(erika: Person) -> Refused:
    await erika.change_number(NEW)
    erika.world.clock.move(seconds=31)
    await with_passkey(erika)
    [passkey] = await erika.world.reads.passkeys(erika.account_id)
    erika.world.clock.move(seconds=1)
    await add_passkey(erika, SoftAuthenticator())
    return in_session(erika.browser, remove_passkey, passkey.passkey_id)


@CASES.refused(Refusal.FACTOR_TOO_NEW)
async def renew_with_a_passkey_that_was_just_added(erika: Person) -> Refused:
    authenticator, browser = await with_passkey(erika), erika.browser
    ceremony = Ceremony(CeremonyPurpose.REAUTHENTICATE, browser.ticket.id)
    challenge = issue(erika.world.services, browser.client, ceremony)
    asked = erika.world.services.ceremonies.request_options((), ceremony.purpose, challenge)
    return in_session(browser, reauthenticate_with_passkey, authenticator.sign(asked))


@CASES.refused(Refusal.WRONG_PASSKEY)
async def wrong_passkey_after_the_password(erika: Person) -> Refused:
    await with_passkey(erika)
    return in_sign_in(await give_password(erika), prove_passkey, NO_ANSWER)


@CASES.refused(Refusal.PASSKEY_TOO_LATE)
async def passkey_too_late(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    options = await asked_after_password(await give_password(erika))
    erika.world.clock.move(minutes=5)
    return in_sign_in(erika.browser, prove_passkey, authenticator.sign(options))


@CASES.refused(Refusal.PASSKEY_CLONED)
async def cloned_passkey(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    copy = authenticator.clone()
    browser = await give_password(erika)
    await in_sign_in(browser, prove_passkey, authenticator.sign(await asked_after_password(browser)))
    await give_password(erika)
    return in_sign_in(browser, prove_passkey, copy.sign(await asked_after_password(browser)))


async def suspend_passkey(erika: Person) -> Browser:
    """Give wrong answers until the passkey is suspended."""
    browser = await give_password(erika)
    for _ in range(erika.world.limits.suspend_after):
        await in_sign_in(browser, prove_passkey, NO_ANSWER)
    return browser


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def suspended_passkey_after_the_password(erika: Person) -> Refused:
    await with_passkey(erika)
    return in_sign_in(await suspend_passkey(erika), prove_passkey, NO_ANSWER)


@CASES.refused(Refusal.FACTOR_SUSPENDED)
async def suspended_passkey_alone(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    browser = await suspend_passkey(erika)
    return alone(browser, authenticator.sign(asked_alone(browser)))


@CASES.refused(Refusal.WRONG_PASSKEY, of_nobody=True)
async def no_passkey_alone(erika: Person) -> Refused:
    return alone(erika.browser, NO_ANSWER)


@CASES.refused(Refusal.TOO_MANY_SIGN_INS, of_nobody=True)
async def too_many_passkeys_alone(erika: Person) -> Refused:
    for _ in range(erika.world.limits.free_ip_failures):
        await alone(erika.browser, NO_ANSWER)
    return alone(erika.browser, NO_ANSWER)


@CASES.refused(Refusal.PASSKEY_NOT_VERIFIED)
async def passkey_alone_of_an_unverified_person(erika: Person) -> Refused:
    authenticator = await with_passkey(erika, SoftAuthenticator(flags=PRESENT))
    return alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))


@CASES.refused(Refusal.REPORTED_LOST)
async def lost_passkey_alone(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    await in_session(erika.browser, report_in_session, Factor.PASSKEY)
    return alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))


@CASES.refused(Refusal.ACCOUNT_FROZEN)
async def passkey_alone_of_a_frozen_account(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    await freeze_by_operator(erika.world.services, erika.browser.client, erika.account_id, "a call")
    return alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))


@CASES.refused(Refusal.METHOD_NOT_OFFERED)
async def passkey_alone_where_it_is_left_out(erika: Person) -> Refused:
    authenticator = await with_passkey(erika)
    erika.world.services = with_rules(erika.world.services, methods=(Factor.PHONE,))
    return alone(erika.browser, authenticator.sign(asked_alone(erika.browser)))


@CASES.refused(Refusal.PASSKEY_NOT_VERIFIED)
async def passkey_in_session_of_an_unverified_person(erika: Person) -> Refused:
    authenticator = await with_passkey(erika, SoftAuthenticator(flags=PRESENT))
    text = authenticator.sign(await asked_in_session(erika.browser))
    return in_session(erika.browser, reauthenticate_with_passkey, text)
