"""Every fact comes true somewhere, is told or deliberately not, and every notice has its words."""

import ast
import re
from collections.abc import Collection

from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.policies.events.types import EVENTS
from renumber.policies.notices import TOLD
from tests.shape.source import PACKAGE, SOURCES

# Written to the history or decided on, but not the place where a fact comes true.
TABLES = {"domain/facts.py", "policies/notices.py", "policies/events/types.py"}
MADE_ELSEWHERE = {Fact.ACCOUNT_ERASED}  # erasing writes its row beside the account's own


def named(kind: str, *, without: Collection[str] = ()) -> set[str]:
    """Find every member of an enumeration that the package names."""
    return {
        node.attr
        for source in SOURCES
        if str(source.path.relative_to(PACKAGE)) not in without
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == kind
    }


def test_every_fact_comes_true_somewhere() -> None:
    assert {fact.name for fact in Fact} - named("Fact", without=TABLES) <= {fact.name for fact in MADE_ELSEWHERE}


def test_for_every_fact_it_is_decided_whom_it_is_told() -> None:
    assert set(TOLD) == set(Fact)


def test_for_every_fact_it_is_decided_what_others_hear() -> None:
    assert set(EVENTS) == set(Fact)


def test_no_fact_is_named_that_does_not_exist() -> None:
    assert named("Fact") <= {fact.name for fact in Fact}
    assert named("Notice") <= {notice.name for notice in Notice}


def test_every_notice_that_is_mailed_has_a_template() -> None:
    codes = {Notice.SIGN_IN_CODE, Notice.NEW_NUMBER_CODE, Notice.LONG_CODE, Notice.CALLER_CODE}
    by_text_alone = codes | {Notice.SIGN_IN_PROMPT, Notice.CALLER_PROMPT, Notice.NOTICES_JOINED}
    templates = {path.name.partition(".")[0] for path in (PACKAGE / "delivery" / "templates" / "mail").iterdir()}

    assert {notice.value for notice in set(Notice) - by_text_alone} <= templates


def test_only_consequences_turns_facts_into_messages() -> None:
    readers = {source.name for source in SOURCES if re.search(r"\bTOLD\b", source.path.read_text(encoding="utf-8"))}

    assert readers == {"src/renumber/policies/notices.py", "src/renumber/flows/consequences.py"}
