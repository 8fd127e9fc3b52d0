"""The sentences of refusals at the console, and around recovery cases."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_SUPPORT: Mapping[Refusal, str] = {
    Refusal.NOT_STAFF: "This account has no role at customer relations.",
    Refusal.NOT_YOUR_ROLE: "Your role doesn't include this. Please ask a colleague whose role does.",
    Refusal.OWN_ACCOUNT: "Nobody helps themselves here. Please ask a colleague.",
    Refusal.STAFF_ACCOUNT: "This is a colleague's account. Only the operator can help there.",
    Refusal.NEEDS_SECOND_PERSON: "Whoever has worked on it can't decide on it as well. Please leave it to a colleague.",
    Refusal.TOO_MANY_LOOKS: "You have looked at so many accounts that it is enough for an hour. Please wait a while.",
    Refusal.NOTHING_TO_LIFT: (
        "No method is paused for wrong codes. What was reported lost, or closed after too many guesses, is opened by "
        "its owner alone, with another method."
    ),
    Refusal.NO_SESSIONS: "Nobody is signed in to this account.",
    Refusal.EVIDENCE_TOO_LITTLE: "The evidence isn't enough for a review yet. Please add more.",
    Refusal.CASE_ALREADY_OPEN: "There is an open case for this account already.",
    Refusal.CASE_CLOSED: "This case is closed. If it is still needed, please open another one.",
    Refusal.CASE_EXPIRED: "The time to go on has passed, so that the case is closed. Please ask for another one.",
}
