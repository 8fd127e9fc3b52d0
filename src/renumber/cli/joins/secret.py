"""`renumber joins secret`."""

import os
import secrets
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, stop, told
from renumber.settings.joins.secret_files import WEBHOOK_PREFIX

API_KEY_PREFIX = "rnk_"


def secret(
    file: Annotated[Path | None, typer.Argument(help="A new file for it; without one, it is printed.")] = None,
    webhook: Annotated[bool, typer.Option("--webhook", help="Make the secret of a webhook.")] = False,
    api_key: Annotated[
        bool, typer.Option("--api-key", help="Make an API key, and the hash that the file takes.")
    ] = False,
) -> None:
    """Make a secret: for an application, unless an option says otherwise.

    Nothing is changed but the new file, which its owner alone can read.
    """
    if webhook and api_key:
        stop("Choose one of --webhook and --api-key.")
    made = _webhook_secret() if webhook else f"{API_KEY_PREFIX if api_key else ''}{secrets.token_urlsafe(32)}"
    if file:
        _write(file, made)
        say(f"Written to {file}.")
    else:
        say(made)
    if api_key:
        told("The program shows it as `Authorization: Bearer …`; it can't be shown again. In the joins file stands:")
        say(f'hash = "{sha256(made.encode()).hexdigest()}"')


def _webhook_secret() -> str:
    return f"{WEBHOOK_PREFIX}{b64encode(secrets.token_bytes(32)).decode()}"


def _write(path: Path, text: str) -> None:
    """Make the file; one that is there stays as it is, since somebody may use what it holds."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{text}\n")
    except FileExistsError:
        stop(f"There is a file {path} already; name another, or remove it.", FAILED)
    except OSError as error:
        stop(f"{path} can't be written: {error.strerror}.", FAILED)
