"""The page of applications: listing all that they hold of a person, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from renumber.domain.facts import Fact
from renumber.domain.oidc.grant import Consent, Grant
from renumber.domain.oidc.holding import Holding, holdings
from renumber.domain.outcomes import Step
from renumber.flows.act import SessionAct, in_session
from renumber.flows.services import Services
from renumber.flows.views import Visit


@dataclass(frozen=True, slots=True)
class HeldBy:
    """An application by its name, whether it is somebody else's, and what it holds."""

    name: str
    is_foreign: bool
    holding: Holding


async def held_by_applications(services: Services, visit: Visit) -> Sequence[HeldBy]:
    """List what each application holds now; one that has left keeps its id for a name."""
    now, account = services.clock.now(), visit.account
    given = await services.tokens.given(account.account_id)
    live = [grant for grant, session in given.grants if grant.is_live(now, session=session, account=account)]
    joins = services.joins.current()
    held = [(joins.application(one.client_id), one) for one in holdings(live, given.consents)]
    return [
        HeldBy(application.name if application else one.client_id, bool(application and application.is_foreign), one)
        for application, one in held
    ]


@in_session
async def withdraw(act: SessionAct, client_id: str) -> Step[None]:
    """End all that an application was given, and the word that it may ask for it; twice is no error."""
    grants = [each for each in await act.work.load_all(Grant) if each.client_id == client_id]
    ended = [step.state for step in (grant.end() for grant in grants) if step.facts]
    consent = await act.work.load(Consent, client_id)
    taken = [consent.withdraw()] if consent and consent.scopes else []
    act.keep(*ended, *taken)
    named = replace(act, subject=client_id, evidence=act.evidence.with_client(client_id))
    return named.done(None, *([Fact.ACCESS_WITHDRAWN] if ended or taken else []))
