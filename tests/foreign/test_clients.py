"""Clients that are generated from the document that is served, as docs/api.md says, work with a running service."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.server import Server
from tests.foreign.conftest import require
from tests.foreign.parties import CLIENTS, KEY, ROOT

PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
RECIPES = re.findall(r"```console\n(.+?)```", (ROOT / "docs/api.md").read_text(encoding="utf-8"), re.DOTALL)

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(params=["python", "typescript"])
def program(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Command:
    """Generate a client beside the program of the guide, and give the command that runs it."""
    language: str = request.param
    require(language)
    shutil.copytree(CLIENTS / language, tmp_path, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
    if language == "typescript":
        (tmp_path / "node_modules").symlink_to(CLIENTS / "typescript/node_modules")
    environment = {"PATH": PATH, "RENUMBER": server.origin, "KEY": KEY}

    def ran(*command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    recipe = next(recipe for recipe in RECIPES if ("npx" in recipe) is (language == "typescript"))
    generated = ran("sh", "-euc", recipe)
    assert generated.returncode == 0, generated.stdout + generated.stderr
    start = [sys.executable, "payments.py"] if language == "python" else ["node", "payments.js"]
    return lambda *words: ran(*start, *words)


def test_a_generated_client_creates_finds_asks_sends_on_freezes_and_hears_of_it(
    program: Command, server: Server, request: pytest.FixtureRequest
) -> None:
    email = f"{request.node.callspec.id}@example.com"

    ended = program(email)
    account_id = server.run("account", "show", email, "--json").split('"account_id": "')[1][:32]
    server.await_published(account_id)
    heard = program("events")

    assert re.sub(r"/journeys/\S+", "/journeys/…", ended.stdout).splitlines() == [
        *("may pay: yes", f"send them to: {server.origin}/journeys/…"),
        *("state: frozen", "may pay: no"),
    ]
    assert (ended.returncode, ended.stderr) == (1, "account_frozen: The account is frozen\n")
    ours = [line.split()[1] for line in heard.stdout.splitlines() if line.startswith(account_id)]
    assert (heard.stderr, ours[0], "account.frozen" in ours) == ("", "account.created", True)
