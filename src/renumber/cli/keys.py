"""`renumber keys …`: a new key, and everything sealed anew with it."""

import asyncio
from datetime import timedelta

import typer

from renumber.cli.accounts import run
from renumber.cli.progress import progress
from renumber.cli.words import FAILED, say, settings_of_environment, stop, worded_faults
from renumber.crypto import add_key, retire_previous
from renumber.crypto.key_file import read_ring
from renumber.settings import Settings
from renumber.store.rotation import Rotation
from renumber.store.shelf import moment
from renumber.wiring import Parts, open_keys

app = typer.Typer(help="Rotate the key that everything is sealed with.", no_args_is_help=True)
SERVERS_KNOW_AFTER = 2.5  # seconds: a running server looks at its key file once a second


@app.command()
def rotate() -> None:
    """Make a new key and seal everything anew, while the service runs; goes on where it was broken off."""
    settings = _with_file()
    with worded_faults():
        open_keys(settings)
        if read_ring(settings.secret_key_file).previous is None:
            say(f"Made the key {add_key(settings.secret_key_file)}.")
    accounts = run(_rotate)
    say(f"Everything of {accounts} account(s) is sealed with the new key.")
    say("Keep a copy of the key file. `renumber keys retire` drops the old key when nothing needs it.")


def _with_file() -> Settings:
    settings = settings_of_environment()
    if settings.secret_key:
        stop(
            "RENUMBER_SECRET_KEY is a single key, which can't be rotated. Move it into RENUMBER_SECRET_KEY_FILE first."
        )
    return settings


async def _rotate(parts: Parts) -> int:
    await asyncio.sleep(SERVERS_KNOW_AFTER)
    rotation = Rotation(parts.database, parts.keys)
    size = await rotation.size()
    with progress("Sealing anew", size) as advance:
        await rotation.run(advance, parts.clock.now())
    return size


@app.command()
def retire() -> None:
    """Drop the previous key, once no link, session or message needs it any more."""
    settings = _with_file()
    refusal = run(_not_yet)
    if refusal:
        stop(refusal, FAILED)
    with worded_faults():
        dropped = retire_previous(settings.secret_key_file)
    say(f"Dropped the key {dropped}." if dropped else "There is no previous key.")


async def _not_yet(parts: Parts) -> str:
    """Links outlive everything else that was made with the old key."""
    finished = await Rotation(parts.database, parts.keys).finished_at()
    if read_ring(parts.settings.secret_key_file).previous is None:
        return ""
    if finished is None:
        return "Not everything is sealed with the new key yet: run `renumber keys rotate` first."
    limits = parts.settings.limits
    possible = moment(finished) + max(limits.stop_link_for, limits.session_for, timedelta(days=1))
    if parts.clock.now() < possible:
        return f"Links made with the old key may still be used. It can be dropped after {possible:%Y-%m-%d %H:%M} UTC."
    return ""
