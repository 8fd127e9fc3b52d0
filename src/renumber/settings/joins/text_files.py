"""Files of an operator, read as a text that is bounded."""

from pathlib import Path


def read_text(path: Path, largest: int) -> str:
    """Read a file of at most so many bytes in UTF-8; ValueError carries the sentence that says what is wrong."""
    try:
        content = path.read_bytes() if path.stat().st_size <= largest else None
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror}") from None
    if content is None:
        raise ValueError(f"{path} is larger than {largest >> 10} KiB")
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8") from None
