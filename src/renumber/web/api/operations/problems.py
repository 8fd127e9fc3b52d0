"""The problems that the APIs tell, each under an address of its own that stays as it is (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from renumber.web.problem import API_V1


class Code(StrEnum):
    """The names of the problems, by which a program tells them apart."""

    UNAUTHORIZED = "unauthorized"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    TOO_MANY_REQUESTS = "too_many_requests"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    WRONG_MEDIA_TYPE = "wrong_media_type"
    NOT_VALID = "not_valid"
    INVALID_REQUEST = "invalid_request"
    STREAM_UNKNOWN = "stream_unknown"
    TOO_MANY_STREAMS = "too_many_streams"
    STREAM_CHANGED = "stream_changed"
    CURSOR_NOT_VALID = "cursor_not_valid"
    ACCOUNT_UNKNOWN = "account_unknown"
    SESSION_UNKNOWN = "session_unknown"
    FACTOR_UNKNOWN = "factor_unknown"
    ORGANISATION_UNKNOWN = "organisation_unknown"
    ORGANISATION_EXISTS = "organisation_exists"
    NOTHING_CHANGED = "nothing_changed"
    NO_ORGANISATION = "no_organisation"
    ACCOUNT_EXISTS = "account_exists"
    ACCOUNT_FROZEN = "account_frozen"
    ACCOUNT_NOT_FROZEN = "account_not_frozen"
    RETURN_TO_NOT_ALLOWED = "return_to_not_allowed"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - the name of a problem
    NOT_SIGNED_IN = "not_signed_in"
    AUTHENTICATION_INSUFFICIENT = "authentication_insufficient"
    FORGED = "forged"
    BROWSER_ONLY = "browser_only"
    ENROLMENT_ONLY = "enrolment_only"
    OLDER_FACTOR_NEEDED = "older_factor_needed"
    ANOTHER_FACTOR_NEEDED = "another_factor_needed"
    FACTOR_HELD = "factor_held"
    FACTOR_SUSPENDED = "factor_suspended"
    LAST_FACTOR = "last_factor"
    OTHERS_TOO_NEW = "others_too_new"
    NO_NUMBER = "no_number"
    CHANGE_ALREADY_OPEN = "change_already_open"
    NO_OPEN_CHANGE = "no_open_change"
    NOT_NOW = "not_now"
    SENT_TOO_OFTEN = "sent_too_often"
    NUMBER_NOT_TAKEN = "number_not_taken"
    NUMBER_IS_OLD = "number_is_old"
    CODE_WRONG = "code_wrong"
    CODE_OVER = "code_over"
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    REQUEST_UNDER_WAY = "request_under_way"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, which never changes, and what a program can do about it."""

    status: int
    title: str
    remedy: str


PROBLEMS: dict[Code, Kind] = {
    Code.UNAUTHORIZED: Kind(
        401,
        "No valid API key",
        "Send `Authorization: Bearer rnk_…` with a key of the joins file; nothing else is taken.",
    ),
    Code.INSUFFICIENT_SCOPE: Kind(
        403,
        "A scope is missing",
        "Give the key, or the application, the scope that `scope` names in the joins file, and ask for it anew.",
    ),
    Code.TOO_MANY_REQUESTS: Kind(429, "Too many requests", "Wait for as many seconds as Retry-After says."),
    Code.MALFORMED: Kind(400, "The body is not JSON", "Send one JSON object in UTF-8."),
    Code.TOO_LONG: Kind(413, "The body is too long", "Send at most 8 KiB."),
    Code.WRONG_MEDIA_TYPE: Kind(415, "The body is of another media type", "Send `Content-Type: application/json`."),
    Code.NOT_VALID: Kind(422, "The request is not valid", "`detail` says what is wrong, and where; nothing was done."),
    Code.INVALID_REQUEST: Kind(
        400,
        "The request is invalid",
        "`detail` says what is wrong; nothing was done (SSF 1.0 8.1 asks for this status).",
    ),
    Code.STREAM_UNKNOWN: Kind(404, "This API key has no such stream", "List its streams, or create one."),
    Code.TOO_MANY_STREAMS: Kind(409, "This API key has as many streams as it may", "Delete one, or change one."),
    Code.STREAM_CHANGED: Kind(409, "The stream was changed meanwhile", "Read it, and send the request again."),
    Code.CURSOR_NOT_VALID: Kind(
        400, "The cursor is not one of this API key", "Begin anew without a cursor, or send the one of the last page."
    ),
    Code.ACCOUNT_UNKNOWN: Kind(404, "There is no such account", "The id is wrong, or the account has been erased."),
    Code.SESSION_UNKNOWN: Kind(404, "There is no such session", "The id is wrong, or the session is over."),
    Code.FACTOR_UNKNOWN: Kind(404, "There is no such factor", "The id is wrong, or the factor was removed."),
    Code.ORGANISATION_UNKNOWN: Kind(404, "There is no such organisation", "List the organisations; the id is wrong."),
    Code.ORGANISATION_EXISTS: Kind(409, "There is an organisation of this name", "List them; nothing was changed."),
    Code.NOTHING_CHANGED: Kind(409, "It is so already", "Nothing was changed, and nothing has to be."),
    Code.NO_ORGANISATION: Kind(409, "The account belongs to no organisation", "Let it belong to one first."),
    Code.ACCOUNT_EXISTS: Kind(409, "The address has an account", "Search for it; nothing was changed."),
    Code.ACCOUNT_FROZEN: Kind(409, "The account is frozen", "Release it first, if that is right."),
    Code.ACCOUNT_NOT_FROZEN: Kind(409, "The account is not frozen", "There is nothing to release."),
    Code.PASSWORD_CHOSEN: Kind(409, "The account has a password", "Its owner can sign in, or asks for another."),
    Code.RETURN_TO_NOT_ALLOWED: Kind(
        422,
        "Nobody is sent back there",
        "Name the page, letter by letter, in `return_to` of one application of the joins file; if several name it, say "
        "which by `application`.",
    ),
    Code.NOT_SIGNED_IN: Kind(
        401,
        "Nobody is signed in",
        "Send an access token that lives, or call from a page of ours in a session; `flows` says where to sign in.",
    ),
    Code.AUTHENTICATION_INSUFFICIENT: Kind(
        401,
        "The sign-in is not recent or strong enough",
        "Send the person, with `max_age` and `acr_values`, to the first page that `flows` names (RFC 9470).",
    ),
    Code.FORGED: Kind(
        403,
        "The call did not come from a page of this service",
        "Call from the same origin, and send the form token as `X-CSRF-Token`.",
    ),
    Code.BROWSER_ONLY: Kind(
        403, "Only the person's own browser can do this", "Send the person to the page that `flows` names."
    ),
    Code.ENROLMENT_ONLY: Kind(
        403,
        "Only the new number can be entered now",
        "Enter the number, or send the person to the page that `flows` names.",
    ),
    Code.OLDER_FACTOR_NEEDED: Kind(
        403,
        "The password was renewed by mail a short time ago",
        "Send the person to the page that `flows` names: an older factor stands in for it, or a wait.",
    ),
    Code.ANOTHER_FACTOR_NEEDED: Kind(
        403, "Another factor has to be added first", "Send the person to the page that `flows` names."
    ),
    Code.FACTOR_HELD: Kind(
        403,
        "The factor stood before a recent change",
        "Wait until `open_at`: nothing older is removed while a change is recent.",
    ),
    Code.FACTOR_SUSPENDED: Kind(
        403, "The factor takes no proof now", "Send the person to the page that `flows` names."
    ),
    Code.LAST_FACTOR: Kind(409, "It is the last way in", "Have the person add another factor first."),
    Code.OTHERS_TOO_NEW: Kind(
        409, "The other factors are too new", "They count once the change that brought them is no longer recent."
    ),
    Code.NO_NUMBER: Kind(
        409, "There is no number to change", "Send the person to the page on which a number is entered."
    ),
    Code.CHANGE_ALREADY_OPEN: Kind(409, "A change is open", "Read where it stands; send its link again, or cancel it."),
    Code.NO_OPEN_CHANGE: Kind(409, "No change is open", "There is nothing to send again or to cancel."),
    Code.NOT_NOW: Kind(409, "This is not due now", "Read where the change stands, and go on from there."),
    Code.SENT_TOO_OFTEN: Kind(429, "Too much was sent or tried", "Wait for as many seconds as Retry-After says."),
    Code.NUMBER_NOT_TAKEN: Kind(
        422, "The number can't be used", "`detail` says why; it takes a mobile number with its plus, as +4915123456789."
    ),
    Code.NUMBER_IS_OLD: Kind(
        409, "It is the number that was removed", "Send it again with `keep_old`, if it is meant."
    ),
    Code.CODE_WRONG: Kind(422, "The code is not right", "Ask for it again; `tries_left` says how often."),
    Code.CODE_OVER: Kind(409, "The code can't be used any more", "Send another one."),
    Code.IDEMPOTENCY_KEY_MISSING: Kind(
        400,
        "An Idempotency-Key is missing",
        "Send one of 1 to 255 visible characters, new for each act, such as a UUID.",
    ),
    Code.IDEMPOTENCY_KEY_REUSED: Kind(
        422, "The Idempotency-Key was sent with another request", "Send a new one: the earlier request stands as it is."
    ),
    Code.REQUEST_UNDER_WAY: Kind(
        409, "The same request is under way", "Ask again with the same key in a second, and hear its answer."
    ),
}


def type_of(code: Code) -> str:
    """Give the address of a problem, on this service: a reference that every installation resolves to its own page."""
    return f"{API_V1}/problems/{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a request was not carried out; nothing was done unless the problem says otherwise."""

    code: Code
    detail: str = ""
    more: Mapping[str, object] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.code].status

    def members(self) -> dict[str, object]:
        """Word it as problem details, with a code beside the members of the standard."""
        kind = PROBLEMS[self.code]
        said = {"type": type_of(self.code), "title": kind.title, "code": self.code.value}
        return {**said, **({"detail": self.detail} if self.detail else {}), **self.more}
