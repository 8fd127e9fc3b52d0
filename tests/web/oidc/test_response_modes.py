"""Answers go to the application by its address, or by a form that leads nowhere else."""

import re
from html import unescape
from urllib.parse import parse_qsl

import httpx2
import pytest

from tests.flows.world import ORIGIN
from tests.web.oidc.party import APP, Party, Provider

pytestmark = pytest.mark.asyncio(loop_scope="module")
FORM = re.compile(r'<form method="post" action="([^"]*)" id="answer"')
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


def posted(page: httpx2.Response) -> dict[str, str]:
    """What the page posts, and where."""
    [to] = FORM.findall(page.text)
    return {"to": to, **{name: unescape(value) for name, value in FIELD.findall(page.text)}}


def policy(page: httpx2.Response) -> dict[str, str]:
    parts = page.headers["content-security-policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


async def test_a_code_is_posted_by_a_page_whose_form_leads_to_that_origin_alone(shop: Party) -> None:
    page = await shop.ask(response_mode="form_post")
    answer = posted(page)

    assert page.status_code == 200
    assert policy(page)["form-action"] == "https://shop.example"
    assert policy(page)["script-src"] == "'self'"
    assert answer.keys() == {"to", "code", "state", "iss"}
    assert (answer["to"], answer["state"], answer["iss"]) == ("https://shop.example/callback", "the-state", ORIGIN)
    assert page.text.count("<form") == 1  # no other form of the page would work
    assert (await shop.exchange(answer["code"])).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"prompt": "none login"}, "invalid_request"),
        ({"scope": "email"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"state": '"><script>alert(1)</script>', "prompt": "none login"}, "invalid_request"),
    ],
)
async def test_an_error_is_posted_as_well(shop: Party, wrong: dict[str, str], error: str) -> None:
    page = await shop.ask(response_mode="form_post", **wrong)

    assert posted(page)["error"] == error
    assert posted(page)["state"] == wrong.get("state", "the-state")
    assert "<script>" not in page.text


async def test_a_person_who_signs_in_first_comes_back_by_the_form(provider: Provider) -> None:
    shop, visitor = Party(provider), provider.visitor
    asked = await visitor.ask("POST", "/oauth/authorize", data=dict(parse_qsl(shop.query(response_mode="form_post"))))
    await provider.sign_in()

    page = await visitor.get(asked.headers["location"])

    assert policy(page)["form-action"] == "https://shop.example"
    assert (await shop.exchange(posted(page)["code"])).status_code == 200
    assert (await visitor.get(asked.headers["location"])).status_code == 410


@pytest.mark.parametrize("mode", ["fragment", "query.jwt", "form_post form_post", "QUERY"])
async def test_another_way_is_told_in_the_usual_one(shop: Party, mode: str) -> None:
    assert (await shop.answer(response_mode=mode))["error"] == "invalid_request"


async def test_nothing_is_posted_to_what_is_no_page_on_the_web(provider: Provider) -> None:
    app = Party(provider, APP, secret=None)

    assert (await app.answer(response_mode="form_post"))["error"] == "invalid_request"


async def test_the_query_may_be_named(shop: Party) -> None:
    said = (await shop.provider.visitor.get("/.well-known/openid-configuration")).json()

    assert said["response_modes_supported"] == ["query", "form_post"]
    assert "code" in await shop.answer(response_mode="query")
