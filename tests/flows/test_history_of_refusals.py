"""Every refusal of every act is written into the history: each is driven here, on the real service, to its row."""

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import null, update

from renumber.domain.outcomes import Refusal
from renumber.store.database.open import Statement
from renumber.store.schema import tables
from tests.flows.person import a_person
from tests.flows.refusals import (
    accounts,
    devices,
    erased,
    factors,
    grants,
    journeys,
    mailed_passwords,
    numbers,
    openings,
    passkeys,
    push,
    release_links,
    sessions,
    sign_ins,
)
from tests.flows.refusals.acts import acts, given, refusing_places
from tests.flows.refusals.case import Case
from tests.flows.refusals.relations import audit, callers, organisations, provider, support
from tests.flows.refusals.trace import Seen, refusals_seen
from tests.flows.world import a_world

OF_ACCOUNTS = (openings, erased, sessions, sign_ins, accounts, release_links, numbers)
OF_FACTORS = (factors, mailed_passwords, passkeys, push, devices)
OF_SUPPORT = (support, provider, callers, audit)
PARTS = (*OF_ACCOUNTS, grants, journeys, *OF_FACTORS, *OF_SUPPORT, organisations)
CASES = {case.name: case for part in PARTS for case in part.CASES}
# Acts that nobody asks for, or that the operator may always do, so that nothing of theirs is refused.
NEVER_REFUSED = {
    "renumber.flows.audit.reading.export_by_operator",
    "renumber.flows.account.show.show_to_operator",
    "renumber.flows.housekeeping._forget_former_number",
    "renumber.flows.push.devices._forget",
}
# Refusals that no act can give.
BEFORE_ANY_ACT = {refusal for refusal in Refusal if refusal.name.startswith("NUMBER_")} - {
    Refusal.NUMBER_AT_CAPACITY,
    Refusal.NUMBER_IS_OLD,
}
BEFORE_ANY_ACT |= {Refusal.CALLING_CODE_UNKNOWN}
# A request that no device has signed just now, or one that waits, reaches no act.
BEFORE_ANY_ACT |= {Refusal.DEVICE_CLOCK_OFF, Refusal.DEVICE_NOT_CONFIRMED}
# An answer of the company's provider that isn't for us names no account.
BEFORE_ANY_ACT |= {Refusal.PROVIDER_AWAY, Refusal.PROVIDER_DECLINED}
BEFORE_ANY_ACT |= {Refusal.PROVIDER_SIGN_IN_STALE, Refusal.PROVIDER_ANSWER_WRONG}

# What a case prepares may be refused as well, and of equal refusals the first of an hour has a row.
ANOTHER_HOUR = Statement(update(tables.account).values(refusals=null(), refusals_until=null()))


@dataclass
class Driven:
    """A case as it went: the refusal that was handed over, the rows that it added, and all that was seen."""

    refusal: Refusal | None
    rows: list[str]
    seen: list[Seen]


@dataclass
class Driver:
    """Runs each case once, on a database of its own."""

    template: Path
    place: Path
    driven: dict[str, Driven] = field(default_factory=dict)

    def drive(self, case: Case) -> Driven:
        """Run the case, unless it was run before."""
        if case.name not in self.driven:
            path = self.place / f"{len(self.driven)}.db"
            shutil.copyfile(self.template, path)
            self.driven[case.name] = asyncio.run(self._drive(case, f"sqlite:///{path}"))
            path.unlink()
        return self.driven[case.name]

    async def _drive(self, case: Case, url: str) -> Driven:
        async with a_world(url) as world:
            person = await a_person(world)
            refused = await case.prepare(person)
            account_id = case.account_of(person)
            await world.database.run(ANOTHER_HOUR)
            before = len(await world.history(account_id))
            with refusals_seen() as seen:
                step = await refused
            return Driven(step.refusal if step else None, (await world.history(account_id))[before:], seen)


@pytest.fixture(scope="module")
def driver(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Driver:
    """Let the cases of this file be run once each."""
    return Driver(sqlite_template, tmp_path_factory.mktemp("refusals"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_refusal_is_the_last_row_of_its_account(driver: Driver, case: Case) -> None:
    driven = driver.drive(case)

    assert driven.refusal is (None if case.is_silent else case.refusal)
    assert driven.rows[-1:] == [f"refused:{case.refusal}"]


@pytest.fixture(scope="module")
def seen(driver: Driver) -> set[Seen]:
    """Everything that was refused in any case."""
    return {each for case in CASES.values() for each in driver.drive(case).seen}


def test_every_case_has_a_name_of_its_own() -> None:
    assert len(CASES) == sum(len(part.CASES) for part in PARTS)


def test_every_act_is_refused_in_some_case(seen: set[Seen]) -> None:
    assert set(acts()) - {each.act for each in seen} == NEVER_REFUSED


def test_every_refusal_is_given_in_some_case(seen: set[Seen]) -> None:
    assert given() - {each.refusal for each in seen} == BEFORE_ANY_ACT


def test_every_place_that_refuses_is_reached_in_some_case(seen: set[Seen]) -> None:
    reached = {
        place
        for place in refusing_places()
        for each in seen
        if each.file == place.file
        if place.first <= each.line <= place.last
    }

    assert refusing_places() - reached == set()
