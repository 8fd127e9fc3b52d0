"""Somebody of customer relations who has come in with the company's account, as the console would have entered them."""

from datetime import timedelta

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.evidence import Evidence
from renumber.domain.facts import Fact
from renumber.domain.support.staff import Role, newcomer_of_provider
from renumber.domain.support.staff_identity import StaffIdentity, identity_key
from renumber.flows.consequences import entry_of_provider
from renumber.flows.ports.services import KeyedHash
from renumber.store.support.staff_identities import StoredStaffIdentities
from renumber.wiring.core import Core
from tests.builders import a_session
from tests.cli.kept import with_core
from tests.cli.operator import Operator

ISSUER = "https://login.company.example"


def keeps_a_colleague(operator: Operator, email: str) -> None:
    """Let somebody work here as an agent by the company's account, and be signed in."""

    async def enter(core: Core) -> None:
        services, now = core.services, core.clock.now()
        account_id, address = services.secrets.new_id(), EmailAddress(email)
        account = Account(
            account_id=account_id, email=address, name="Anna Agent", locale="en", password_hash="", created_at=now
        )
        identity = StaffIdentity(
            account_id=account_id,
            identity_key=identity_key(ISSUER, email),
            email_key=services.secrets.fingerprints(KeyedHash.EMAIL, address.key)[0],
            issuer=ISSUER,
            signed_in_at=now,
        )
        entry = entry_of_provider(Fact.STAFF_ENTERED, now, Evidence.provider(shown_by="otp"))
        assert await StoredStaffIdentities(core.database, core.keys).enter(account, identity, entry)
        times = {"created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=8)}
        async with services.store.work(account_id) as work:
            work.keep(newcomer_of_provider(account_id).follow(Role.AGENT, now).state)
            work.keep(a_session(account_id=account_id, session_id="7" * 32, **times))

    with_core(operator, enter)
