"""An operator's program with a generated Python client: docs/api.md says how it is generated.

RENUMBER=https://account.example.com KEY=rnk_… python payments.py max@example.com
RENUMBER=https://account.example.com KEY=rnk_… python payments.py events
"""

import os
import sys
from uuid import uuid4

from renumber_client import AuthenticatedClient
from renumber_client.api.accounts import create_account, freeze_account, read_standing, search_accounts
from renumber_client.api.events import list_events
from renumber_client.api.journeys import create_journey
from renumber_client.models import (
    AccountSearch,
    ChangeStanding,
    Freeze,
    JourneyKind,
    NewAccount,
    NewJourney,
    ProblemDetails,
)

client = AuthenticatedClient(os.environ["RENUMBER"], os.environ["KEY"], raise_on_unexpected_status=True)


def answered(answer):
    """Give the answer, or end with the problem; `code` never changes, so that a program can go by it."""
    if isinstance(answer, ProblemDetails):
        sys.exit(f"{answer.code}: {answer.title}")
    return answer


def account_of(email):
    """Find the account of an address, or create it. Asked again with the same key, the API creates nothing twice."""
    found = answered(search_accounts.sync(client=client, body=AccountSearch(email=email))).accounts
    if found:
        return found[0].account_id
    newcomer, key = NewAccount(email=email, name="Max Muster"), str(uuid4())
    created = [answered(create_account.sync(client=client, body=newcomer, idempotency_key=key)) for _ in range(2)]
    assert created[0] == created[1]
    return created[0].account_id


def may_pay(account_id):
    """Ask before a payment; a program that keeps the ETag hears 304 as long as nothing has changed."""
    answer = read_standing.sync_detailed(account_id, client=client)
    standing = answered(answer.parsed)
    again = read_standing.sync_detailed(account_id, client=client, if_none_match=answer.headers["etag"])
    assert again.status_code == 304
    return not standing.frozen and standing.change is ChangeStanding.NONE and standing.hold_until is None


def events():
    """Read all events so far. Keep the last cursor, and go on from there tomorrow."""
    cursor, is_last = "", False
    while not is_last:
        page = answered(list_events.sync(client=client, cursor=cursor, limit=2))
        cursor, is_last = page.next_, page.is_last
        yield from page.events


def stop_payments(email):
    """Find somebody, give them a way to change their number, and freeze the account; the second time is a problem."""
    account_id = account_of(email)
    wanted = NewJourney(account_id=account_id, kind=JourneyKind.CHANGE_PHONE, return_to="https://shop.example/number")
    print("may pay:", "yes" if may_pay(account_id) else "no")
    print("send them to:", answered(create_journey.sync(client=client, body=wanted, idempotency_key=str(uuid4()))).url)
    for _ in range(2):
        reason, key = Freeze(reason="reported stolen by telephone"), str(uuid4())
        frozen = answered(freeze_account.sync(account_id, client=client, body=reason, idempotency_key=key))
        print("state:", frozen.state.value)
        print("may pay:", "yes" if may_pay(account_id) else "no")


if __name__ == "__main__":
    if sys.argv[1] == "events":
        print(*(f"{event.data['account_id']} {event.type_.value}" for event in events()), sep="\n")
    else:
        stop_payments(sys.argv[1])
