"""`renumber organisation list` and `show`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from renumber.cli.console import say, told
from renumber.cli.organisation.manage import Name, organisation_named
from renumber.cli.reading import Json, Limit, Times, Utc, next_page, say_columns, say_json
from renumber.cli.run import look
from renumber.domain.account import Account
from renumber.domain.organisations.organisation import Organisation
from renumber.wiring.core import Core

AT_ONCE = 50
After = Annotated[str, typer.Option(help="Go on after this id.")]


def list_(limit: Limit = AT_ONCE, after: After = "", as_json: Json = False) -> None:
    """List the companies, in the order of their ids."""
    found = look(lambda core: core.services.organisations.organisations(after, limit + 1))
    page, more = found[:limit], next_page(found[limit - 1].account_id if len(found) > limit else None)
    if as_json:
        say_json([_in_json(each) for each in page])
    else:
        say_columns([_row(each) for each in page], wide="name")
    if not page:
        told("There is no company yet. `renumber organisation add NAME` adds one.")
    told(more)


def show(name: Name, limit: Limit = AT_ONCE, after: After = "", utc: Utc = False, as_json: Json = False) -> None:
    """Show a company: its setting, and who belongs to it, with addresses masked."""
    organisation, found = look(lambda core: _read(core, name, after=after, limit=limit))
    page, more = found[:limit], next_page(found[limit - 1].account_id if len(found) > limit else None)
    if as_json:
        say_json({**_in_json(organisation), "people": [_person_in_json(each) for each in page]})
        told(more)
        return
    times = Times(utc)
    say(f"{organisation.name} ({organisation.account_id})")
    say(f"Changes wait for an administrator: {_word(waits=organisation.changes_wait)}")
    say_columns([_person(each, times) for each in page], wide="name")
    if not page:
        told("Nobody belongs to it yet. `renumber organisation join EMAIL --organisation NAME` changes that.")
    told(more)


async def _read(core: Core, name: str, *, after: str, limit: int) -> tuple[Organisation, Sequence[Account]]:
    organisation = await organisation_named(core, name)
    people = await core.services.organisations.people(organisation.account_id, after, limit + 1)
    return organisation, people


def _row(organisation: Organisation) -> dict[str, str]:
    waits = _word(waits=organisation.changes_wait)
    return {"id": organisation.account_id, "name": organisation.name, "changes wait": waits}


def _in_json(organisation: Organisation) -> dict[str, object]:
    return {
        "organisation_id": organisation.account_id,
        "name": organisation.name,
        "changes_wait": organisation.changes_wait,
        "created_at": organisation.created_at,
    }


def _person(account: Account, times: Times) -> dict[str, str]:
    membership = account.membership
    return {
        "id": account.account_id,
        "name": account.name,
        "address": account.email.masked,
        "since": times.shown(membership.since) if membership else "",
        "administrator": "yes" if membership and membership.is_administrator else "",
    }


def _person_in_json(account: Account) -> dict[str, object]:
    membership = account.membership
    return {
        "account_id": account.account_id,
        "name": account.name,
        "email": account.email.masked,
        "since": membership.since if membership else None,
        "is_administrator": membership is not None and membership.is_administrator,
    }


def _word(*, waits: bool) -> str:
    return "yes" if waits else "no"
