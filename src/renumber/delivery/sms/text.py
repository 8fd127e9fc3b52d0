"""The fitting of a text message into one segment."""

from collections.abc import Iterator, Mapping, Sequence

from renumber.delivery.sms.gsm7 import fits_one_segment, into_gsm7, is_gsm7

SHORTEST_BRAND = 6


def code_line(host: str, code: str) -> str:
    """Write the line that binds a code to a host: a phone offers it on no other site (origin-bound one-time codes)."""
    return f"\n@{host} #{code}" if code else ""


def fitting(wordings: Sequence[str], brand: str, words: Mapping[str, str]) -> str:
    """Choose the first text that fits: a shorter wording before a shorter brand, whole words of it before parts."""
    said = ""
    for said in _shorter_and_shorter(wordings, brand, words):
        if fits_one_segment(said):
            break
    return said


def _shorter_and_shorter(wordings: Sequence[str], brand: str, words: Mapping[str, str]) -> Iterator[str]:
    return (
        wording.format(brand=_spelled_for(wording, shown), **words)
        for shorten in (_by_words, _by_letters)
        for shown in shorten(" ".join(brand.split()))
        for wording in wordings
    )


def _spelled_for(wording: str, brand: str) -> str:
    return into_gsm7(brand) if is_gsm7(wording) else brand


def _by_words(brand: str) -> Sequence[str]:
    words = brand.split()
    return [" ".join(words[:count]) for count in range(len(words), 0, -1)] or [brand]


def _by_letters(brand: str) -> Sequence[str]:
    return [brand[:length].rstrip() for length in range(len(brand), SHORTEST_BRAND, -1)] + [brand[:SHORTEST_BRAND]]
