"""Showing an account to the operator: whoever looks at a person leaves a row."""

from renumber.domain.account import Account
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Step
from renumber.flows.act import Act, by_operator


@by_operator
async def show_to_operator(act: Act) -> Step[Account]:
    """Write down who looks before anything is shown."""
    return act.done(act.account, Fact.ACCOUNT_SHOWN)
