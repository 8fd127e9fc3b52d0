"""The request of an application that somebody signs in for, as forms and addresses name it."""

import re
from collections.abc import Mapping

TO_APPLICATION = "/oauth/continue/"  # and the id
_ID = re.compile(r"[A-Za-z0-9]{32}", re.ASCII)


def asked_for(fields: Mapping[str, str]) -> str:
    """Read the id of the request, which anybody can have written; anything else is none."""
    return request_id(fields.get("request", ""))


def request_id(text: str) -> str:
    """Give an id as it is, and nothing for what can be none: it names a request, and never authenticates anybody."""
    return text if _ID.fullmatch(text) else ""
