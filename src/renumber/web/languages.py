"""Which language a page speaks."""

from collections.abc import Sequence


def pick_language(chosen: str | None, accepted: str, offered: Sequence[str]) -> str:
    """What the person chose, else the best of the Accept-Language header (RFC 9110 12.5.4), else the first offered."""
    if chosen in offered:
        return str(chosen)
    wishes = sorted((_wish(part) for part in accepted[:256].split(",")), reverse=True)
    return next((language for quality, language in wishes if quality > 0 and language in offered), offered[0])


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    language = tag.strip().lower().partition("-")[0]
    try:
        quality = float(parameter.partition("=")[2]) if parameter.strip() else 1.0
    except ValueError:
        quality = 0.0
    return quality, language
