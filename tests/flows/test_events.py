"""Whatever happens to an account, its events fit their schemas, and hold nothing of the person."""

import json
from collections.abc import AsyncIterator

import pytest
from jsonschema import Draft202012Validator

from renumber.domain.factor import Factor
from renumber.flows.account.erase import erase_account
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.flows.factors.lost import report_in_session
from renumber.flows.factors.totp import remove_totp
from renumber.flows.housekeeping import keep_house
from renumber.flows.organisations.manage import leave_organisation
from renumber.flows.phone_change.request import cancel_change
from renumber.flows.services import NOWHERE
from renumber.flows.sessions import end_other_sessions, end_session, sign_out
from renumber.policies.events.hearing import is_heard, is_heard_with_numbers
from renumber.policies.events.schemas import MEANING, schema_of
from renumber.policies.events.types import EVENTS, Event, EventType, payload
from renumber.policies.joins import ApiKey, Joins, Scope, Webhook
from renumber.store.erasure import AccountErasure
from renumber.store.events.rows import event_from
from renumber.store.housekeeping import HELD_FOR
from scripts.write_event_schemas import wanted
from tests.builders import NEW, OLD
from tests.flows.factors.totp import add_app, give_code, shown
from tests.flows.organisations.company import OPERATOR, a_company
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World, a_world
from tests.store.hands_on import look

ALL = Joins(webhooks=(Webhook(webhook_id="shop", url="https://shop.example", secrets=(b"s",), include_number=True),))


@pytest.fixture
async def told(sqlite_url: str) -> AsyncIterator[World]:
    """An installation with a webhook that hears everything, numbers too."""
    async with a_world(sqlite_url, joins=ALL) as world:
        yield world


async def events(world: World) -> list[Event]:
    """Every event that was written, in the order of the acts."""
    rows = await look(world, "SELECT * FROM event ORDER BY place")
    return [event_from(row, world.keys) for row in rows]


async def a_whole_life(world: World) -> Person:
    """Let everything happen to an account that is told of to others."""
    erika, company = await a_person(world), await a_company(world)
    await erika.sign_in()
    await company.member(erika)
    await erika.ask_for_change()
    await leave_organisation(world.services, OPERATOR, erika.account_id)
    await erika.ask_for_change()
    await cancel_change(world.services, erika.browser.client, erika.browser.ticket)
    await erika.ask_for_change()
    world.clock.move(hours=25)
    await keep_house(world.services, world.chores)
    world.clock.move(seconds=HELD_FOR.total_seconds())
    await add_app(erika)
    await remove_totp(world.services, erika.browser.client, erika.browser.ticket)
    await erika.change_number(NEW)
    other = await erika.sign_in(Browser(world))
    await end_session(world.services, erika.browser.client, erika.browser.ticket, other.ticket.id)
    await erika.sign_in(Browser(world))
    await end_other_sessions(world.services, erika.browser.client, erika.browser.ticket)
    await sign_out(world.services, erika.browser.client, erika.browser.ticket)
    world.clock.move(hours=2)
    key = await add_app(erika)
    world.clock.move(days=10)
    await erika.browser.give_password(erika.email)
    await give_code(erika.browser, shown(world, key))
    await erika.prove_again()
    assert not (
        await report_in_session(world.services, erika.browser.client, erika.browser.ticket, Factor.PHONE)
    ).refusal
    await freeze_by_operator(world.services, NOWHERE, erika.account_id, "stolen")
    await release_by_operator(world.services, NOWHERE, erika.account_id, "found")
    return erika


async def test_each_event_of_a_whole_life_fits_its_schema_with_and_without_numbers(told: World) -> None:
    erika = await a_whole_life(told)
    made = await events(told)
    await erase_account(
        AccountErasure(told.database, told.keys), erika.account_id, told.clock.time, joins=told.services.joins
    )
    made += [one for one in await events(told) if one.type is EventType.ACCOUNT_ERASED]

    for event in made:
        for with_numbers in (True, False):
            said = payload(event, with_numbers=with_numbers)
            Draft202012Validator(schema_of(event.type)).validate(said)
            assert (OLD.e164 in json.dumps(said) or NEW.e164 in json.dumps(said)) is bool(
                with_numbers and event.numbers
            )
            assert erika.email not in json.dumps(said)
            assert "Erika" not in json.dumps(said)
    assert set(EventType) - {one.type for one in made} == set()


def test_for_every_fact_it_is_decided_what_others_hear_and_every_event_is_heard_of_some() -> None:
    assert {made.type for all_ in EVENTS.values() for made in all_} == set(EventType) == set(MEANING)


def test_the_schemas_in_the_documents_are_those_of_the_code() -> None:
    files = wanted()

    assert {path: path.read_text(encoding="utf-8") for path in next(iter(files)).parent.glob("*.json")} == files


@pytest.mark.parametrize("type_", EventType)
def test_a_schema_is_one_and_refuses_what_it_does_not_name(type_: EventType) -> None:
    schema = schema_of(type_)
    Draft202012Validator.check_schema(schema)

    assert not Draft202012Validator(schema).is_valid({"type": type_.value, "timestamp": "2026", "data": {}})


@pytest.mark.parametrize(
    ("joins", "heard", "numbers"),
    [
        (Joins(), False, False),
        (ALL, True, True),
        (Joins(webhooks=(Webhook(webhook_id="w", url="", secrets=(), events=("phone_number.*",)),)), True, False),
        (
            Joins(webhooks=(Webhook(webhook_id="w", url="", secrets=(), events=("factor.*",), include_number=True),)),
            False,
            False,
        ),
        (Joins(api_keys=(ApiKey(name="k", key_hash=b"", scopes=frozenset({Scope.EVENTS})),)), True, False),
        (Joins(api_keys=(ApiKey(name="k", key_hash=b"", scopes=frozenset({Scope.ACCOUNTS_READ})),)), False, False),
    ],
)
def test_an_event_is_written_only_if_somebody_hears_it(joins: Joins, *, heard: bool, numbers: bool) -> None:
    changed = EventType.PHONE_NUMBER_CHANGED

    assert (is_heard(joins, changed), is_heard_with_numbers(joins, changed)) == (heard, numbers)


async def test_an_end_of_all_is_told_also_where_nothing_else_was_open(told: World) -> None:
    erika = await a_person(told)
    await erika.sign_in()
    kept = erika.browser.ticket

    await end_other_sessions(told.services, erika.browser.client, kept)

    (ended,) = [event for event in await events(told) if event.type is EventType.SESSION_ENDED]
    assert ended.data == {"all": True, "except_session_id": kept.id}
    assert "sessions_ended" not in await told.history(erika.account_id)
