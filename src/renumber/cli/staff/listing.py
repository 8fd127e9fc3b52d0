"""`renumber staff list`."""

from collections.abc import Sequence

from renumber.cli.console import told
from renumber.cli.reading import Json, Times, Utc, say_columns, say_json
from renumber.cli.run import look
from renumber.domain.support.staff import StaffMember
from renumber.store.support.reads import StoredSupportReads
from renumber.wiring.core import Core

AT_ONCE = 500


def list_(utc: Utc = False, as_json: Json = False) -> None:
    """List who has, had or is proposed for a role."""
    found = look(_read)
    if as_json:
        say_json([_in_json(member, address) for member, address in found])
        return
    times = Times(utc)
    rows = [_row(member, address, times) for member, address in found]
    say_columns(rows, wide="by")
    if not rows:
        told("Nobody has a role yet. `renumber staff add EMAIL --role agent --name NAME` gives one.")


async def _read(core: Core) -> Sequence[tuple[StaffMember, str]]:
    reads, found = StoredSupportReads(core.database, core.keys), []
    after = ""
    while page := await reads.staff(after, AT_ONCE):
        found += [(member, await _address(core, member.account_id)) for member in page]
        after = page[-1].account_id
    return found


async def _address(core: Core, account_id: str) -> str:
    account = await core.services.store.find_account(account_id)
    return account.email.text if account else account_id


def _row(member: StaffMember, address: str, times: Times) -> dict[str, str]:
    return {
        "address": address,
        "role": member.role or ("blocked" if member.blocked_at else "none"),
        "since": times.shown(member.given_at) if member.given_at else "",
        "proposed": member.proposed or "",
        "by": member.by,
    }


def _in_json(member: StaffMember, address: str) -> dict[str, object]:
    return {
        "account_id": member.account_id,
        "email": address,
        "role": member.role,
        "given_at": member.given_at,
        "is_from_provider": member.is_from_provider,
        "blocked_at": member.blocked_at,
        "proposed": member.proposed,
        "by": member.by,
    }
