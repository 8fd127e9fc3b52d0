"""Journeys: a one-time address that leads a person to one thing to do, and back."""

from renumber.domain.account import Account
from renumber.domain.applications.journey import Journey
from renumber.domain.outcomes import Refusal
from renumber.flows.journey.offer import offer_journey
from renumber.policies.joins import Scope
from renumber.policies.operator.journeys import asking_application
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.reading import UNKNOWN, account_of, somebody
from renumber.web.api.operator.shapes import NewJourney, OfferedJourney

operations = Operations()


@operations.declare(
    "POST",
    "/journeys",
    scope=Scope.JOURNEYS,
    takes=NewJourney,
    gives=OfferedJourney,
    status=201,
    is_act=True,
    refuses=(Code.ACCOUNT_UNKNOWN, Code.ACCOUNT_FROZEN, Code.RETURN_TO_NOT_ALLOWED),
)
async def create_journey(call: OperatorCall, sent: NewJourney) -> OfferedJourney | Problem:
    """Make an address, good once and for five minutes, that leads a person to what they are to do, and back."""
    if (sent.account_id is None) == (sent.email is None):
        return Problem(code=Code.NOT_VALID, detail="Give one of `account_id` and `email`")
    application = asking_application(call.services.joins.current(), sent.application, sent.return_to)
    if application is None:
        return Problem(code=Code.RETURN_TO_NOT_ALLOWED)
    account = await _named(call, sent)
    if account is None:
        return UNKNOWN
    journey = Journey(sent.kind, application.client_id, sent.return_to)
    step = await offer_journey(call.services, call.client, account.account_id, journey)
    if step.state is None:
        return call.refused(step.refusal or Refusal.ACCOUNT_FROZEN, Code.ACCOUNT_FROZEN)
    url = f"{call.api.site.base_url}/journeys/{step.state.token}"
    return OfferedJourney(url=url, expires_at=step.state.expires_at)


async def _named(call: OperatorCall, sent: NewJourney) -> Account | None:
    return await somebody(call, sent.account_id) if sent.account_id else await account_of(call, sent.email or "")
