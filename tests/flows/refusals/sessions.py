"""Refusals of sessions: the password given again, and sessions that have ended."""

from dataclasses import replace

from renumber.domain.outcomes import Refusal
from renumber.domain.session import Session
from renumber.flows.sessions import end_session, reauthenticate
from tests.flows.person import Browser, Person
from tests.flows.refusals.case import Cases, Refused, in_session

CASES = Cases()
WRONG_PASSWORD = "not the password"


@CASES.refused(Refusal.WRONG_CREDENTIALS)
async def wrong_password_in_session(erika: Person) -> Refused:
    await erika.sign_in()
    return in_session(erika.browser, reauthenticate, password=WRONG_PASSWORD)


@CASES.refused(Refusal.TOO_MANY_SIGN_INS)
async def too_many_wrong_passwords_in_session(erika: Person) -> Refused:
    await erika.sign_in()
    for _ in range(erika.world.limits.free_sign_in_failures):
        await in_session(erika.browser, reauthenticate, password=WRONG_PASSWORD)
    return in_session(erika.browser, reauthenticate, password=erika.password)


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def end_a_session_that_never_was(erika: Person) -> Refused:
    await erika.sign_in()
    return in_session(erika.browser, end_session, "0" * 32)


@CASES.refused(Refusal.SESSION_UNKNOWN)
async def end_a_session_that_has_ended(erika: Person) -> Refused:
    elsewhere = await erika.sign_in(Browser(erika.world))
    erika.world.clock.move(seconds=31)
    await erika.sign_in()
    async with erika.world.services.store.work(erika.account_id) as work:
        session = await work.load(Session, elsewhere.ticket.id)
        assert session
        work.keep(replace(session, ended_at=erika.world.clock.time))
    return in_session(erika.browser, end_session, elsewhere.ticket.id)
