"""Threat: a stolen token, a forged call or somebody else's id gets further at the API than at the pages."""

from dataclasses import replace
from typing import Any

import pytest

from renumber.domain.messages.message import Notice
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.flows.services import Client
from renumber.flows.sessions import sign_out
from renumber.policies.joins import Joins
from renumber.store.schema import tables
from renumber.web.api.person import OPERATIONS
from renumber.web.api.person.operation import PersonOperation
from tests.flows.factors.totp import add_app
from tests.web.api.person_program import ALL, WIDE, Caller, caller_at
from tests.web.oidc.key_holder import KeyHolder
from tests.web.oidc.party import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODIES = {"enter_number": {"number": "+4915123456780"}, "prove_number": {"code": "123456"}}
BY_TOKEN = [one for one in OPERATIONS if one.scope]
ACTS = [one for one in OPERATIONS if one.is_act]
TAKING = [one for one in OPERATIONS if one.takes]
EVIL = "https://evil.example"


def path_of(one: PersonOperation, named: str = "f" * 32) -> str:
    return one.path.replace("{session_id}", named).replace("{factor_id}", named)


async def call_all(caller: Caller, several: list[PersonOperation], **headers: str) -> set[tuple[int, str]]:
    """Call each with the token; what it answers."""
    answers = [await caller.call(one.method, path_of(one), BODIES.get(one.name), **headers) for one in several]
    return {(answer.status_code, answer.json().get("code", "")) for answer in answers}


async def test_without_a_token_that_lives_every_operation_asks_for_one(somebody: Caller) -> None:
    token = await somebody.sign_in()
    wrong = ["Bearer", "Bearer x", f"Bearer {token[:-1]}x", f"Basic {token}", token, f"Bearer {'a' * 32}.{token[33:]}"]

    assert {said for each in wrong for said in await call_all(somebody, [*OPERATIONS], authorization=each)} == {
        (401, "not_signed_in")
    }
    assert await call_all(somebody, [*OPERATIONS], authorization="") == {(401, "not_signed_in")}


async def test_a_token_that_is_none_is_not_made_good_by_a_cookie(somebody: Caller) -> None:
    answer = await somebody.here("GET", "/me", authorization="Bearer none")

    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate")[0] == 'Bearer realm="Renumber", error="invalid_token"'


@pytest.mark.parametrize("one", BY_TOKEN, ids=lambda one: one.name)
async def test_a_token_opens_what_its_scopes_name_and_nothing_else(somebody: Caller, one: PersonOperation) -> None:
    assert one.scope
    await somebody.sign_in(" ".join(set(ALL.split()) - {one.scope.value}))

    answer = await somebody.call(one.method, path_of(one))

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert f'error="insufficient_scope", scope="{one.scope}"' in answer.headers["www-authenticate"]


async def test_no_token_does_what_only_our_own_session_may(somebody: Caller) -> None:
    await somebody.sign_in()

    assert await call_all(somebody, [one for one in OPERATIONS if one.scope is None]) == {(403, "browser_only")}


async def test_a_scope_that_the_application_lost_is_lost_to_its_tokens_at_once(somebody: Caller) -> None:
    await somebody.sign_in()
    standing: Any = somebody.provider.world.services.joins
    kept = standing.joins
    standing.joins = Joins((replace(WIDE, scopes=frozenset({"openid"})),))

    try:
        assert await call_all(somebody, BY_TOKEN) == {(403, "insufficient_scope")}
    finally:
        standing.joins = kept


async def test_tokens_of_a_frozen_account_and_of_an_ended_session_and_expired_ones_open_nothing(
    somebody: Caller,
) -> None:
    erika, services, client = somebody.provider.erika, somebody.provider.world.services, Client(operator="Tester")
    token = await somebody.sign_in()
    await freeze_by_operator(services, client, erika.account_id, "stolen")
    frozen = await call_all(somebody, BY_TOKEN)
    await release_by_operator(services, client, erika.account_id, "found")
    released = await call_all(somebody, BY_TOKEN)
    await somebody.provider.sign_in()
    await somebody.sign_in(f"{ALL} offline_access")
    await sign_out(services, erika.browser.client, erika.browser.ticket)
    signed_out = await call_all(somebody, BY_TOKEN)
    await somebody.provider.sign_in()
    await somebody.sign_in()
    somebody.provider.world.clock.move(minutes=11)

    assert token
    assert frozen == released == await call_all(somebody, BY_TOKEN) == {(401, "not_signed_in")}
    assert signed_out == {(401, "authentication_insufficient")}  # it may still say who they are, and that is all


async def test_a_token_proves_what_was_shown_when_it_was_given_and_nothing_later(somebody: Caller) -> None:
    """A thief waits with a stolen token until its owner authenticates for something else."""
    erika, clock = somebody.provider.erika, somebody.provider.world.clock
    clock.move(minutes=8)
    token = await somebody.sign_in()
    clock.move(minutes=8)
    await erika.prove_again()

    answer = await somebody.call("POST", "/me/phone-change")

    assert token
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_insufficient")
    assert "max_age=900" in answer.headers["www-authenticate"]
    assert not await erika.mails(Notice.CHANGE_REQUESTED)


async def test_an_idle_session_lets_its_tokens_read_and_do_nothing(somebody: Caller) -> None:
    refresh = (await somebody.shop.tokens(scope=f"{ALL} offline_access"))["refresh_token"]
    somebody.provider.world.clock.move(minutes=61)
    somebody.token = (await somebody.shop.refresh(refresh)).json()["access_token"]

    acts = await call_all(somebody, [one for one in ACTS if one.scope])

    assert acts == {(401, "authentication_insufficient")}
    assert (await somebody.call("GET", "/me")).status_code == 200


async def test_sessions_and_factors_of_somebody_else_are_unknown_and_stay(
    people: Installation, somebody: Caller
) -> None:
    other = (await caller_at(people)).provider.erika
    await add_app(other)
    session_id = other.browser.ticket.id
    await somebody.provider.erika.prove_again()
    somebody.provider.visitor.cookies["__Host-session"] = somebody.provider.erika.browser.ticket.text
    await somebody.sign_in()
    ids = [session_id, other.account_id, "app", "phone", "%00", "..", "%2e%2e", "A" * 32, "%F0%9F%98%80", "a" * 41]

    for one in (each for each in OPERATIONS if each.named):
        for named in ids:
            answers = [await call(one.method, path_of(one, named)) for call in (somebody.call, somebody.here)]

            assert {answer.status_code for answer in answers} <= {404, 405}, (one.name, named)
    assert await other.browser.is_signed_in()
    assert (await other.world.account(other.account_id)).factors


async def test_no_operation_takes_a_member_that_it_does_not_own(somebody: Caller) -> None:
    columns = {column.name for table in (tables.account, tables.phone_change, tables.session) for column in table.c}
    foreign = sorted(columns | {"verified", "phone", "state", "scopes", "change_id", "return_to", "__proto__"})
    erika = somebody.provider.erika
    await erika.reset_number()
    await erika.reach_new_number()
    somebody.provider.visitor.cookies["__Host-sign-in"] = erika.browser.begun.text
    enrolling = [one for one in TAKING if one.in_enrolment]

    for one in enrolling:
        assert one.takes
        for name in set(foreign) - set(one.takes.__struct_fields__):
            answer = await somebody.here(one.method, one.path, {**BODIES.get(one.name, {}), name: "x"})
            assert (answer.status_code, answer.json()["code"]) == (422, "not_valid"), (one.name, name)
    assert (await erika.world.account(erika.account_id)).number is None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site", "origin": EVIL},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"origin": EVIL},
        {"x_csrf_token": ""},
        {"x_csrf_token": "0" * 32},
        {"x_csrf_token": "'"},
    ],
    ids=str,
)
async def test_a_call_that_another_site_forges_with_our_cookie_does_nothing(
    somebody: Caller, headers: dict[str, str]
) -> None:
    answers = [await somebody.here(one.method, path_of(one), BODIES.get(one.name), **headers) for one in ACTS]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "forged")}
    assert not await somebody.provider.erika.mails(Notice.CHANGE_REQUESTED)


async def test_the_form_token_of_another_browser_is_none(people: Installation, somebody: Caller) -> None:
    thief = await caller_at(people)
    stolen = (await thief.here("GET", "/me/form-token")).json()["form_token"]

    answer = await somebody.here("POST", "/me/phone-change", x_csrf_token=stolen)

    assert (answer.status_code, answer.json()["code"]) == (403, "forged")


async def test_whoever_has_the_token_and_the_mailbox_enters_no_number(somebody: Caller) -> None:
    """The link works, as it does for its owner; what follows takes the password, and the browser that asked."""
    erika = somebody.provider.erika
    token = await somebody.sign_in()
    await somebody.call("POST", "/me/phone-change")
    thief = type(erika.browser)(erika.world, "a thief's")
    await thief.press(await erika.link())

    assert token
    assert await call_all(somebody, [*OPERATIONS]) == {(401, "not_signed_in")}
    assert await thief.progress() is None
    await erika.begin_to_wait(thief)  # with the password as well: told everywhere, for a day, and cancellable


async def test_a_token_of_a_key_opens_nothing_without_a_new_proof_of_it_for_this_very_call(somebody: Caller) -> None:
    holder = KeyHolder(somebody.shop)
    token = str((await holder.tokens(scope=ALL))["access_token"])
    good = holder.proof("GET", "/api/v1/me", token)
    others = {
        "none": "",
        "of another address": holder.proof("GET", "/api/v1/me/factors", token),
        "of another method": holder.proof("POST", "/api/v1/me", token),
        "of another token": holder.proof("GET", "/api/v1/me", token[:-1] + "x"),
        "of another key": KeyHolder(somebody.shop).proof("GET", "/api/v1/me", token),
    }

    refused = {
        why: await somebody.call("GET", "/me", authorization=f"DPoP {token}", **({"dpop": proof} if proof else {}))
        for why, proof in others.items()
    }
    as_bearer = await somebody.call("GET", "/me", authorization=f"Bearer {token}", dpop=good)
    taken = await somebody.call("GET", "/me", authorization=f"DPoP {token}", dpop=good)
    again = await somebody.call("GET", "/me", authorization=f"DPoP {token}", dpop=good)

    assert {why: answer.status_code for why, answer in refused.items()} == dict.fromkeys(others, 401)
    assert (as_bearer.status_code, taken.status_code, again.status_code) == (401, 200, 401)
    assert again.headers["www-authenticate"].startswith('DPoP realm="Renumber"')
    assert 'error="invalid_dpop_proof"' in again.headers["www-authenticate"]
