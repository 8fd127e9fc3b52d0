"""The lines of a timeline as its template shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from renumber.domain.outcomes import Refusal
from renumber.flows.ports.store import AuditEntry
from renumber.flows.support.account_view import Line, MessageLine
from renumber.policies.tally import GUESSES, REFUSED
from renumber.web.console.exchange import StaffExchange
from renumber.web.refusal_texts import Circumstances, refusal_text


def timeline_rows(exchange: StaffExchange, lines: Sequence[Line]) -> list[Mapping[str, Any]]:
    """Make a row of each line: acts with who did them and why, refusals with what the person was told."""
    return [_message(line) if isinstance(line, MessageLine) else _entry(exchange, line) for line in lines]


def _message(line: MessageLine) -> Mapping[str, Any]:
    return {"kind": "message", "at": line.at, "message": line, "title": line.notice.value}


def _entry(exchange: StaffExchange, entry: AuditEntry) -> Mapping[str, Any]:
    refused = entry.act.removeprefix(REFUSED) if entry.act.startswith(REFUSED) else ""
    return {
        "kind": "refusal" if refused else "act",
        "at": entry.at,
        "title": entry.act,
        "told": _told(exchange, refused) if refused else "",
        "actor": entry.actor.value,
        "browser": entry.browser,
        "reason": entry.reason,
    }


def _told(exchange: StaffExchange, refused: str) -> str:
    """The sentence of a refusal, without the times that it had then."""
    if refused not in set(Refusal):
        return refused
    if Refusal(refused) in GUESSES:
        return ""  # its sentence counts the tries that were left then
    about = Circumstances(now=exchange.now, zone=exchange.request.zone, language=exchange.language)
    return refusal_text(Refusal(refused), exchange.site.templates.translations[exchange.language], about)
