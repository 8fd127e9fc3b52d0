"""Every recipe of docs/api.md is run, and answers what stands below it."""

import json
import re
import shlex
import textwrap
from typing import Any
from urllib.parse import urlsplit

import jwt

from tests.flows.world import ORIGIN
from tests.observability.service import BASE, Visitor
from tests.shape.source import ROOT
from tests.web.api.operator_program import Program, shown
from tests.web.api.person_program import caller_at, person_serving

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
OF_OPERATOR, _, OF_PERSON = PAGE.partition("\n# The person's API\n")
SIGNALS = (ROOT / "docs" / "events.md").read_text(encoding="utf-8").partition("## Shared Signals")[2]
RECIPE = re.compile(r"```sh\n(.+?)```(?:\n\n```json\n(.+?)```)?", re.DOTALL)
STEP = re.compile(r"```sh\n(.+?)```\s*```json\n(.+?)```", re.DOTALL)


async def test_every_recipe_of_an_operator_answers_what_stands_below_it(sqlite_program: Program) -> None:
    known = {"$RENUMBER": "https://account.example.com", "$KEY": shown("billing")}

    assert await tried(OF_OPERATOR, sqlite_program.visitor, known) >= 7


async def test_every_recipe_of_a_person_answers_what_stands_below_it(sqlite_url: str) -> None:
    async with person_serving(sqlite_url) as installation:
        caller = await caller_at(installation)
        known = {"$RENUMBER": ORIGIN, "$TOKEN": await caller.sign_in()}
        caller.provider.visitor.cookies.clear()

        assert await tried(OF_PERSON, caller.provider.visitor, known) == 4


async def tried(page: str, visitor: Visitor, known: dict[str, str]) -> int:
    """Run the recipes of a page in their order, and say how many there are."""
    recipes = RECIPE.findall(page)
    for turn, (command, expected) in enumerate(recipes):
        for name, value in (*known.items(), ("$(uuidgen)", f"turn-{turn}")):
            command = command.replace(name, value)  # noqa: PLW2901 - word by word
        answer = (await curl(visitor, command)).json()
        known.setdefault("$ACCOUNT", answer.get("account_id", ""))

        assert not expected or fits(answer, json.loads(expected)), (command, answer)
    return len(recipes)


async def test_a_product_makes_a_stream_polls_it_and_verifies_as_the_guide_says(sqlite_program: Program) -> None:
    answers: list[Any] = []
    for command, expected in STEP.findall(SIGNALS):
        known = {"$RENUMBER": BASE, "$KEY": shown("signals"), "$STREAM": answers[0]["stream_id"] if answers else ""}
        for name, value in known.items():
            command = command.replace(name, value)  # noqa: PLW2901 - word by word
        answers.append((await curl(sqlite_program.visitor, command)).json())
        assert fits(answers[-1], json.loads(expected)), (command, answers[-1])
        account_id = (
            (await sqlite_program.post("/accounts", {"email": "a@example.com", "name": "A"})).json().get("account_id")
        )
        if account_id:
            await sqlite_program.post(f"/accounts/{account_id}/freeze", {"reason": "stolen"})
            await sqlite_program.parts.webhooks.drain()

    guide: dict[str, Any] = {}
    exec(textwrap.dedent(re.findall(r"```python\n(.+?)```", SIGNALS, re.DOTALL)[0]), guide)  # noqa: S102 - the guide
    keys = jwt.PyJWKSet.from_dict((await sqlite_program.visitor.get("/oauth/jwks")).json())
    tokens = list(answers[1]["sets"].values())
    assert tokens
    assert all(guide["read"](token, keys, BASE, "signals")["sub_id"]["sub"] for token in tokens)


async def curl(visitor: Visitor, command: str) -> Any:
    """Do what curl does with the few options that the recipes use."""
    _, url, *options = shlex.split(command.replace("\\\n", ""))
    pairs = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in pairs if option == "-H")
    bodies = [value.encode() for option, value in pairs if option == "-d"]
    methods = [value for option, value in pairs if option == "-X"]
    more: dict[str, Any] = {"content": bodies[0]} if bodies else {}
    method = methods[0] if methods else "POST" if bodies else "GET"
    return await visitor.ask(method, urlsplit(url).path, headers=headers, **more)


def fits(answer: Any, expected: Any) -> bool:
    """Compare what is written down; an ellipsis stands for anything, and lists of members may be shortened."""
    if isinstance(expected, dict):
        return all(name in answer and fits(answer[name], value) for name, value in expected.items())
    if isinstance(expected, list):
        return len(answer) == len(expected) and all(map(fits, answer, expected))
    return expected == "…" or bool(answer == expected)
