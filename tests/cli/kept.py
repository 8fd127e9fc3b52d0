"""What an installation keeps that no command makes."""

import asyncio
from datetime import timedelta

from renumber.domain.email_address import EmailAddress
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.settings import Settings
from renumber.wiring.core import Core, assemble_core
from tests.builders import a_session
from tests.cli.operator import Operator, only_these


def keeps_a_session(operator: Operator, email: str, session_id: str = "5" * 32) -> None:
    """Let the owner of an account be signed in."""

    async def sign_in(core: Core) -> None:
        found = await core.services.store.credentials(EmailAddress(email).key, "")
        assert found
        now = core.clock.now()
        times = {"created_at": now, "seen_at": now, "expires_at": now + timedelta(days=1)}
        async with core.services.store.work(found.account_id) as work:
            work.keep(a_session(account_id=found.account_id, session_id=session_id, **times))

    with_core(operator, sign_in)


def keeps_a_name(operator: Operator, email: str, name: str) -> None:
    """Let an account be there under a name that no command takes."""

    async def enter(core: Core) -> None:
        newcomer = Newcomer(
            email=EmailAddress(email), name=name, locale="de", number=None, password_hash="$argon2id$hash"
        )
        await enter_accounts(core.new_accounts, core.clock, core.keys, newcomers=[newcomer], joins=core.services.joins)

    with_core(operator, enter)


def with_core(operator: Operator, act):
    async def started() -> None:
        core = assemble_core(Settings.from_environment(operator.environment))
        await core.database.start()
        try:
            await act(core)
        finally:
            core.passwords.close()
            await core.database.close()

    with only_these(operator.environment):
        asyncio.run(started())
