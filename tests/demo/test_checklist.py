"""The list of what there is to try: ticked by what has happened, in the order in which it happened."""

from dataclasses import replace

import pytest

from renumber.demo.checklist import TRIALS, Happening, Progress, progress
from renumber.domain.facts import Fact


def did(person: str, act: Fact, *, about: str = "", on: str = "") -> Happening:
    return Happening(person=person, act=act, subject=about, evidence=on)


PLAYED = {
    "change": (did("anna", Fact.NUMBER_RESET), did("anna", Fact.NUMBER_CHANGED)),
    "lost": (did("jonas", Fact.NUMBER_RESET), did("jonas", Fact.NUMBER_CHANGED)),
    "expired": (did("jonas", Fact.CHANGE_REQUESTED), did("jonas", Fact.CHANGE_EXPIRED)),
    "elsewhere": (did("anna", Fact.NUMBER_RESET), did("anna", Fact.NUMBER_WAIT_STARTED)),
    "push": (did("anna", Fact.FACTOR_ADDED, about="push"), did("anna", Fact.PUSH_APPROVED, on="device 1; approved")),
    "passkey": (
        did("jonas", Fact.FACTOR_ADDED, about="passkey"),
        did("jonas", Fact.SIGNED_IN, on="verified passkey"),
    ),
    "thief": (did("anna", Fact.ACCOUNT_FROZEN), did("anna", Fact.ACCOUNT_RELEASED)),
    "recovery": (did("jonas", Fact.CASE_APPROVED), did("jonas", Fact.CASE_COMPLETED)),
    "caller": (did("anna", Fact.CASE_OPENED), did("anna", Fact.CASE_CANCELLED)),
    "company": (did("jonas", Fact.CHANGE_WAITS), did("jonas", Fact.CHANGE_CONFIRMED)),
    "shop": (did("anna", Fact.JOURNEY_BEGUN), did("anna", Fact.NUMBER_CHANGED)),
}
OTHER = did("anna", Fact.CODE_SENT, on="password")
EVERY = pytest.mark.parametrize("trial", PLAYED)


def test_every_trial_is_played_here_and_begins_open() -> None:
    assert set(PLAYED) == {trial.key for trial in TRIALS}
    assert set(progress([]).values()) == {Progress.OPEN}


@EVERY
def test_it_is_ticked_when_all_of_it_has_happened_with_other_things_between(trial: str) -> None:
    first, last = PLAYED[trial]

    assert progress([OTHER, first])[trial] is Progress.BEGUN
    assert progress([OTHER, first, OTHER, last, OTHER])[trial] is Progress.DONE


@EVERY
def test_the_end_without_the_beginning_ticks_nothing(trial: str) -> None:
    first, last = PLAYED[trial]

    assert progress([last])[trial] is Progress.OPEN
    assert progress([last, first])[trial] is Progress.BEGUN


@EVERY
def test_what_two_people_did_half_each_is_not_the_whole(trial: str) -> None:
    first, last = PLAYED[trial]
    by_another = replace(last, person="jonas" if last.person == "anna" else "anna")

    assert progress([first, by_another])[trial] is Progress.BEGUN


@pytest.mark.parametrize(
    ("trial", "first", "last"),
    [
        ("passkey", did("anna", Fact.FACTOR_ADDED, about="push"), did("anna", Fact.SIGNED_IN, on="verified passkey")),
        ("passkey", did("anna", Fact.FACTOR_ADDED, about="passkey"), did("anna", Fact.SIGNED_IN, on="password phone")),
        ("change", *PLAYED["lost"]),
        ("lost", *PLAYED["change"]),
    ],
)
def test_another_factor_or_another_person_ticks_nothing(trial: str, first: Happening, last: Happening) -> None:
    assert progress([first, last])[trial] is not Progress.DONE
