"""The check of an operator's own texts: each is known, complete and can be shown, or the service doesn't start."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from renumber.locale.catalogues import FOLDER, KINDS, MAILS, Overlay, compiled_catalogue, is_language, shipped_catalogue

LARGEST = 1 << 20  # bytes of one file
AT_ONCE = 5  # problems of a folder; whoever mends these sees the next
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
_PATTERN = re.compile(r"[\sdMyHm',.:\u00a0]*(MMMM|HH:mm)[\w\s',.:\u00a0]*")  # of a time, as Unicode's TR 35 has them
_COUNTS = {"num", "tries_left"}  # may be missing where a form says "one" in words
_SAMPLE = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)


def read_overlay(given: str) -> Overlay:
    """Read `LANGUAGE/pages.po` and `mails.po` of this folder; raises ValueError with sentences for its operator."""
    compiled, problems = {}, []
    for path in _files(Path(given)):
        catalogue = _parsed(path)
        problems += [f"{path}, line {line}: {said}" for line, said in _problems(catalogue, path.stem)]
        compiled[path.parent.name, path.stem] = compiled_catalogue(catalogue)
    if problems:
        more = [f"and {len(problems) - AT_ONCE} more"] if len(problems) > AT_ONCE else []
        raise ValueError("; ".join([*problems[:AT_ONCE], *more]))
    return Overlay(compiled)


def _files(folder: Path) -> Iterator[Path]:
    for language in _listed(folder):
        if not language.is_dir() or not is_language(language.name):
            raise ValueError(f"{language} is no folder of a language; name each by its code, for example fr")
        for path in _listed(language):
            if path.suffix != ".po" or path.stem not in KINDS:
                raise ValueError(f"{path} is not read; the files of a language are pages.po and mails.po")
            yield path


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise ValueError(f"the folder {folder} can't be read: {error.strerror}") from None


def _parsed(path: Path) -> Catalog:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror}") from None
    if content is None:
        raise ValueError(f"{path} is larger than {LARGEST >> 10} KiB")
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
        return read_po(lines, locale=path.parent.name, abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"{path}, line {error.lineno + 1}: {error}") from None
    except ValueError as error:
        raise ValueError(f"{path} is not a catalogue in UTF-8 as gettext has them: {error}") from None


def _problems(catalogue: Catalog, kind: str) -> Iterator[tuple[int, str]]:
    known = _known_texts(kind)
    for message in catalogue:
        if message.id and _forms(message.id) not in known:
            yield message.lineno or 0, f"no text of {kind}.po is “{_forms(message.id)[0]}”; copy its msgid exactly"
        elif message.id and any(_forms(message.string)):
            yield from ((message.lineno or 0, said) for said in _faults(message, kind))


@cache
def _known_texts(kind: str) -> frozenset[tuple[str, ...]]:
    """Collect the texts that there are: every catalogue of the package holds them all."""
    catalogues = (shipped_catalogue(path.parent.name, kind) for path in FOLDER.glob(f"*/{kind}.po"))
    return frozenset(_forms(message.id) for catalogue in catalogues for message in catalogue or () if message.id)


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _faults(message: Message, kind: str) -> Iterator[str]:
    ids, strings = _forms(message.id), _forms(message.string)
    wanted, optional = _placeholders(ids[-1]), _COUNTS if len(ids) > 1 else set()
    if not all(strings):
        yield f"“{ids[0]}” lacks one of its plural forms"
    for string in filter(None, strings):
        found = _placeholders(string)
        if missing := sorted(wanted - found - optional):
            yield f"“{string}” lacks the value {', '.join(missing)}"
        elif unknown := sorted(found - wanted):
            yield f"“{string}” names the value {', '.join(unknown)}, which “{ids[0]}” doesn't have"
        elif "<" in string:
            yield f"“{string}” holds a <; texts are plain, without HTML"
        elif not _can_be_shown(ids[-1], string, by_braces=kind == MAILS and "{" in ids[0]):
            yield f"“{string}” can't be shown; write a lone % as %%, and braces only around the names of values"


def _placeholders(text: str) -> set[str]:
    return {name for pair in _PLACEHOLDER.findall(text) for name in pair if name}


def _can_be_shown(original: str, text: str, *, by_braces: bool) -> bool:
    values = dict.fromkeys(_placeholders(original), "1")
    try:
        if _PATTERN.fullmatch(original):
            return bool(format_datetime(_SAMPLE, text, locale="en"))
        if by_braces:
            return bool(text.format(**values))
        return "%" not in _PLACEHOLDER.sub("", text).replace("%%", "") and bool(text % values)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return False
