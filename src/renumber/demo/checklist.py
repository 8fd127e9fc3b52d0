"""The list of things to try and their progress, read from the history that the service itself has written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from renumber.demo.accounts import ACCOUNTS, ANNA, JONAS
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A row of an account's history."""

    person: str
    act: str
    subject: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One act of something that there is to try; with a factor, the act must have been about it or rest on it."""

    act: Fact
    factor: Factor | None = None

    def is_met(self, happening: Happening) -> bool:
        """Say whether this is what happened."""
        words = {happening.subject, *happening.evidence.split()}
        return happening.act == self.act and (self.factor is None or self.factor in words)


@dataclass(frozen=True, slots=True)
class Trial:
    """Something to try; one person has to do all of it, whoever it is unless somebody is named."""

    key: str
    stages: tuple[Stage, ...]
    person: str | None = None


class Progress(IntEnum):
    """The progress of a trial."""

    OPEN = 0
    BEGUN = 1
    DONE = 2


_RESET, _CHANGED = Stage(Fact.NUMBER_RESET), Stage(Fact.NUMBER_CHANGED)
TRIALS = (
    Trial("change", (_RESET, _CHANGED), ANNA.key),
    Trial("lost", (_RESET, _CHANGED), JONAS.key),
    Trial("expired", (Stage(Fact.CHANGE_REQUESTED), Stage(Fact.CHANGE_EXPIRED))),
    Trial("elsewhere", (_RESET, Stage(Fact.NUMBER_WAIT_STARTED))),
    Trial("push", (Stage(Fact.FACTOR_ADDED, Factor.PUSH), Stage(Fact.PUSH_APPROVED))),
    Trial("passkey", (Stage(Fact.FACTOR_ADDED, Factor.PASSKEY), Stage(Fact.SIGNED_IN, Factor.PASSKEY))),
    Trial("thief", (Stage(Fact.ACCOUNT_FROZEN), Stage(Fact.ACCOUNT_RELEASED))),
    Trial("recovery", (Stage(Fact.CASE_APPROVED), Stage(Fact.CASE_COMPLETED))),
    Trial("caller", (Stage(Fact.CASE_OPENED), Stage(Fact.CASE_CANCELLED))),
    Trial("company", (Stage(Fact.CHANGE_WAITS), Stage(Fact.CHANGE_CONFIRMED)), JONAS.key),
    Trial("shop", (Stage(Fact.JOURNEY_BEGUN), _CHANGED)),
)


def progress(happenings: Iterable[Happening]) -> Mapping[str, Progress]:
    """Say of each trial how far it has come, by what happened, oldest first."""
    happened = list(happenings)
    return {trial.key: max(_progress_of(trial, person, happened) for person in _people(trial)) for trial in TRIALS}


def _people(trial: Trial) -> Sequence[str]:
    return [trial.person] if trial.person else [account.key for account in ACCOUNTS]


def _progress_of(trial: Trial, person: str, happened: Sequence[Happening]) -> Progress:
    missing = list(trial.stages)
    for happening in happened:
        if missing and happening.person == person and missing[0].is_met(happening):
            del missing[0]
    if not missing:
        return Progress.DONE
    return Progress.BEGUN if len(missing) < len(trial.stages) else Progress.OPEN
