"""The texts that a device signs: each names its use and our origin, so that no signature serves anything else."""

from base64 import urlsafe_b64encode
from hashlib import sha256


def enrolment_text(origin: str, token: str, public_key: str) -> str:
    """The text that proves possession of a key at enrolment; the key in the form in which it is sent."""
    return "\n".join(("renumber-device-enrol-v1", origin, token, public_key))


def call_text(origin: str, method: str, path: str, *, at: str, body: bytes) -> str:
    """The text for a call of an enrolled device; `at` in seconds, as it stands in the header."""
    return "\n".join(("renumber-device-call-v1", origin, method, path, at, _b64u(sha256(body).digest())))


def answer_text(origin: str, prompt_id: str, challenge: str, *, digits: str, decision: str) -> str:
    """The text for the answer to one prompt."""
    return "\n".join(("renumber-push-answer-v1", origin, prompt_id, challenge, digits, decision))


def call_answer_text(origin: str, prompt_id: str, challenge: str, *, digits: str, decision: str) -> str:
    """The text for the answer to a prompt of a call with customer relations, which no sign-in takes."""
    return "\n".join(("renumber-call-answer-v1", origin, prompt_id, challenge, digits, decision))


def _b64u(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
