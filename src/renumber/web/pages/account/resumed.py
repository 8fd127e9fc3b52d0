"""Acts that need nothing typed, and so go on by themselves once the password that they asked for was given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from litestar.response.base import ASGIResponse

from renumber.domain.session import Ticket
from renumber.policies.methods import STRONGEST_FIRST
from renumber.web.exchange import SessionExchange
from renumber.web.formats.verbs import Verb
from renumber.web.pages import devices, lost, phone_change, recovery_codes, totp


@dataclass(frozen=True, slots=True)
class Resumed:
    """An act, and its verb on the button that confirms it."""

    verb: Verb
    do: Callable[[SessionExchange], Awaitable[ASGIResponse]]


# By the address at which each is pressed. None takes anything away: what does is asked about after the password.
ACTS: Mapping[str, Resumed] = {
    devices.NEW: Resumed(Verb.ADD, devices.begin_device),
    totp.HERE: Resumed(Verb.ADD, totp.begin_totp),
    recovery_codes.HERE: Resumed(Verb.ADD, recovery_codes.make_first_set),
    phone_change.NUMBER: Resumed(Verb.ADD, phone_change.begin_in_session),
    **{f"/profile/found/{each}": Resumed(Verb.OPEN, partial(lost.restore, factor=each)) for each in STRONGEST_FIRST},
}


def verb_of_act(act: str, asked: Verb) -> Verb:
    """Give the verb of an act that goes on; whoever wrote the address can't call it something else."""
    return ACTS[act].verb if act in ACTS else asked


async def go_on(exchange: SessionExchange, ticket: Ticket, onward: str) -> ASGIResponse:
    """Take the renewed session, and do what the person was about to do, or lead back to where they were."""
    exchange.open_session(ticket)
    resumed = ACTS.get(exchange.form.get("act", ""))
    if resumed is None:
        return exchange.redirect(onward)
    exchange.ticket = ticket
    return await resumed.do(exchange)
