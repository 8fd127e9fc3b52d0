"""Stepping up: a session is joined by the second factor that an application asks for, without another sign-in."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.sign_in import SignInState
from renumber.flows.act import SessionAct, in_session
from renumber.flows.oidc.authorize import Asked
from renumber.flows.services import Services
from renumber.flows.sign_in.begin import in_the_middle, new_sign_in, new_ticket
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.sign_in.method import ask
from renumber.flows.views import Visit
from renumber.policies.oidc.assurance import step_up_methods


def methods_for(services: Services, asked: Asked, visit: Visit) -> tuple[Factor, ...]:
    """List the methods of the person that are worth what the application asks for."""
    return step_up_methods(visit.account, asked.request.acr_values, services.rules.methods)


@in_session
async def begin_step_up(act: SessionAct, asked: Asked, factor: Factor) -> Step[SignInResult | None]:
    """Ask for one of the methods that are worth enough; the session stays as it is until that is proven.

    It is a sign-in without a password, begun in the session and worth nothing without it: it can only add the factor.
    """
    if factor not in step_up_methods(act.account, asked.request.acr_values, act.services.rules.methods):
        return act.refuse(Refusal.FACTOR_UNKNOWN)
    ticket = new_ticket(act)
    begun = new_sign_in(act, ticket, SignInState.AWAITING_FACTOR, change=None, known=True)
    sign_in = replace(begun, method=factor, session_id=act.session.session_id)
    act.keep(sign_in)
    stepping_up = in_the_middle(act, sign_in, None)
    named = act.evidence.with_choice(factor).with_client(asked.application.client_id)
    replace(stepping_up, evidence=named).record(Fact.METHOD_CHOSEN)
    await ask(stepping_up)
    return stepping_up.done(stepping_up.result(ticket))
