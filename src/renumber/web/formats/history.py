"""The entries of the history as their templates show them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from renumber.domain.audit.entries import ChainedEntry
from renumber.domain.factor import Factor
from renumber.domain.support.staff import Role
from renumber.policies.tally import REFUSED

Tell = Callable[[str], str]
ID = re.compile(r"[0-9a-f]{32}")
LABELS = {Factor.RELEASE_MAILBOX: Factor.MAILBOX, Factor.RELEASE_NUMBER: Factor.PHONE}
"""Those that are counted apart, and have no name of their own."""


def history_rows(entries: Sequence[ChainedEntry], tell: Tell) -> list[Mapping[str, Any]]:
    """Make a row of each entry: what was done or refused, by whom, and on what it rests; `tell` words a refusal."""
    return [_row(entry, tell) for entry in entries]


def _row(entry: ChainedEntry, tell: Tell) -> Mapping[str, Any]:
    refused = entry.act.removeprefix(REFUSED) if entry.act.startswith(REFUSED) else ""
    role, _, staff_id = entry.evidence.partition(" ")
    is_staff = entry.actor == "agent" and role in set(Role)
    return {
        "entry": entry,
        "refused": refused,
        "told": tell(refused) if refused else "",
        "staff": staff_id if is_staff else "",
        "grounds": [] if is_staff else grounds(entry.evidence),
    }


def grounds(evidence: str) -> list[tuple[str, str]]:
    """Take apart what an act rests on: each part with its kind, for which templates have the word."""
    return [_part(each) for each in re.split(r"[ ;]+", evidence) if each]


def _part(text: str) -> tuple[str, str]:
    if ID.fullmatch(text):
        return "id", text[:8]
    if text in set(Factor):
        return "factor", LABELS.get(Factor(text), Factor(text)).value
    return ("code", "") if text.startswith("code:") else ("word", text)
