"""The choice between logs for programs and logs for people."""

from enum import StrEnum
from typing import TextIO

from renumber.settings.parsing import truth


class JsonLogs(StrEnum):
    """The form of each line of the log: a JSON object, or words for people; `auto` keeps the words for terminals."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"

    def chosen_for(self, stream: TextIO | None) -> bool:
        """Choose for the stream that the log goes to."""
        return self is JsonLogs.YES or (self is JsonLogs.AUTO and not (stream and stream.isatty()))


def json_logs(given: str) -> JsonLogs:
    """Parse yes, no or auto."""
    word = given.lower()
    if word == JsonLogs.AUTO:
        return JsonLogs.AUTO
    try:
        return JsonLogs.YES if truth(given) else JsonLogs.NO
    except ValueError:
        raise ValueError("write yes, no or auto") from None
