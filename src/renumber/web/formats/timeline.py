"""The lines of a timeline as its template shows them."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from typing import Any

from renumber.domain.outcomes import Refusal
from renumber.flows.ports.store import AuditEntry
from renumber.flows.support.account_view import NEWEST, Line, MessageLine, TimelinePlace
from renumber.policies.tally import GUESSES, REFUSED
from renumber.web.exchange import Exchange
from renumber.web.refusal_texts import Circumstances, refusal_text


def timeline_rows(exchange: Exchange, lines: Sequence[Line]) -> list[Mapping[str, Any]]:
    """Make a row of each line: acts with who did them and why, refusals with what the person was told."""
    return [_message(line) if isinstance(line, MessageLine) else _entry(exchange, line) for line in lines]


def _message(line: MessageLine) -> Mapping[str, Any]:
    return {"kind": "message", "at": line.at, "message": line, "title": line.notice.value}


def _entry(exchange: Exchange, entry: AuditEntry) -> Mapping[str, Any]:
    refused = entry.act.removeprefix(REFUSED) if entry.act.startswith(REFUSED) else ""
    return {
        "kind": "refusal" if refused else "act",
        "at": entry.at,
        "title": entry.act,
        "told": told_of(exchange, refused) if refused else "",
        "actor": entry.actor.value,
        "browser": entry.browser,
        "reason": entry.reason,
    }


def told_of(exchange: Exchange, refused: str) -> str:
    """The sentence of a refusal, in the language of whoever looks."""
    about = Circumstances(now=exchange.now, zone=exchange.request.zone, language=exchange.language)
    return told_refusal(refused, exchange.site.templates.translations[exchange.language], about)


def told_refusal(refused: str, translations: NullTranslations, about: Circumstances) -> str:
    """The sentence of a refusal, without the times that it had then; of a wrong code, whose tries it counts, none."""
    if refused not in set(Refusal):
        return refused
    return "" if Refusal(refused) in GUESSES else refusal_text(Refusal(refused), translations, about)


def read_place(text: str) -> TimelinePlace:
    """Read where the timeline goes on; what is no place begins at the newest."""
    seq, _, rest = text.partition(".")
    written_ms, _, message_id = rest.partition(".")
    is_place = all(_is_in_reach(part) for part in (seq, written_ms))
    is_id = len(message_id) <= 64 and message_id.isascii() and (message_id.isalnum() or not message_id)
    return TimelinePlace(int(seq), int(written_ms), message_id) if is_place and is_id else NEWEST


def _is_in_reach(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) < 20 and int(digits) <= NEWEST.seq
