"""The sentences of refusals around links and what they are for: a change of the number, and "This wasn't me"."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_LINKS: Mapping[Refusal, str] = {
    Refusal.LINK_UNKNOWN: "We don't know this link. Perhaps it was not copied whole.",
    Refusal.LINK_EXPIRED: "This link has expired. Your current number still works.",
    Refusal.LINK_USED: "This link has already been used. Continue by signing in.",
    Refusal.LINK_REPLACED: "There is a newer link. Please use the one in the latest e-mail.",
    Refusal.CHANGE_ALREADY_OPEN: "You've already asked for a change. Use the link in the e-mail, or send it again.",
    Refusal.NO_OPEN_CHANGE: "No change is under way any more. Your number stays as it is.",
    Refusal.NO_NUMBER: "No phone number is connected to your account. You'll add one when you next sign in.",
    Refusal.LINK_CANCELLED: "The change that belongs to this link was cancelled. Your number stays as it is.",
    Refusal.LINK_STOPPED: "The change that belongs to this link was stopped.",
    Refusal.NOTHING_TO_STOP: "There is nothing to stop any more. Your account isn't frozen.",
    Refusal.CHANNEL_LEFT: (
        "This link went to a number, an address or a device that no longer belongs to the account. "
        "Use the link in a message to your present ones, or sign in."
    ),
}
