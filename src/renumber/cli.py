"""The command line."""

import asyncio
import os
import sys

import typer
from granian import Granian

from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.accounts import Newcomer, enter_accounts
from renumber.settings import Settings
from renumber.wiring import assemble, prepare

main = typer.Typer(no_args_is_help=True)
account = typer.Typer()
main.add_typer(account, name="account")


@main.command()
def serve(host: str = "127.0.0.1", port: int = 8000) -> None:
    settings = Settings.from_environment(os.environ)
    prepare(settings)
    Granian("renumber.wiring:asgi", address=host, port=port, interface="asgi", factory=True, workers=settings.workers).serve()


@account.command()
def create(email: str = typer.Option(), name: str = typer.Option(), locale: str = "de", phone: str = "", password_stdin: bool = False) -> None:
    settings = Settings.from_environment(os.environ)
    prepare(settings)
    parts = assemble(settings)

    async def go():
        await parts.database.start()
        h = await parts.passwords.hash(sys.stdin.read().rstrip("\n"))
        print(await enter_accounts(parts.register, parts.clock, parts.keys, newcomers=[Newcomer(EmailAddress(email), name, locale, PhoneNumber(phone) if phone else None, h)]))
        await parts.database.close()
        parts.passwords.close()
    asyncio.run(go())
