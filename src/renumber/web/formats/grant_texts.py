"""The sentences of refusals around what an application was granted; they reach programs and the history."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_GRANTS: Mapping[Refusal, str] = {
    Refusal.GRANT_NOT_VALID: "What the application showed isn't valid any more. Please sign in there again.",
    Refusal.GRANT_USED: "What the application showed was used before. For your safety it has been signed out.",
}
