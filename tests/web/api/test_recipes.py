"""Every recipe of docs/api.md is run, and answers what stands below it."""

import json
import re
import shlex
from typing import Any
from urllib.parse import urlsplit

from tests.shape.source import ROOT
from tests.web.api.operator_program import Program, shown

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
RECIPE = re.compile(r"```sh\n(.+?)```(?:\n\n```json\n(.+?)```)?", re.DOTALL)


async def test_every_recipe_answers_what_stands_below_it(sqlite_program: Program) -> None:
    known = {"$RENUMBER": "https://account.example.com", "$KEY": shown("billing")}
    recipes = RECIPE.findall(PAGE)

    for turn, (command, expected) in enumerate(recipes):
        for name, value in (*known.items(), ("$(uuidgen)", f"turn-{turn}")):
            command = command.replace(name, value)  # noqa: PLW2901 - word by word
        answer = (await curl(sqlite_program, command)).json()
        known.setdefault("$ACCOUNT", answer.get("account_id", ""))

        assert not expected or fits(answer, json.loads(expected)), (command, answer)

    assert len(recipes) >= 7


async def curl(program: Program, command: str) -> Any:
    """Do what curl does with the few options that the recipes use."""
    _, url, *options = shlex.split(command.replace("\\\n", ""))
    pairs = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in pairs if option == "-H")
    bodies = [value.encode() for option, value in pairs if option == "-d"]
    more: dict[str, Any] = {"content": bodies[0]} if bodies else {}
    return await program.visitor.ask("POST" if bodies else "GET", urlsplit(url).path, headers=headers, **more)


def fits(answer: Any, expected: Any) -> bool:
    """Compare what is written down; an ellipsis stands for anything, and lists of members may be shortened."""
    if isinstance(expected, dict):
        return all(name in answer and fits(answer[name], value) for name, value in expected.items())
    if isinstance(expected, list):
        return len(answer) == len(expected) and all(map(fits, answer, expected))
    return expected == "…" or bool(answer == expected)
