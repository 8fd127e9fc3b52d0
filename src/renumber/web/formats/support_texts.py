"""The sentences of refusals at the console, and around recovery cases."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_SUPPORT: Mapping[Refusal, str] = {
    Refusal.NOT_STAFF: "This account has no role at customer relations.",
    Refusal.NOT_YOUR_ROLE: "Your role doesn't include this. Please ask a colleague whose role does.",
    Refusal.OWN_ACCOUNT: "Nobody helps themselves here. Please ask a colleague.",
    Refusal.STAFF_ACCOUNT: "This is a colleague's account. Only the operator can help there.",
    Refusal.NEEDS_SECOND_PERSON: "Whoever has worked on it can't decide on it as well. Please leave it to a colleague.",
    Refusal.ROLE_OF_PROVIDER: (
        "The role of this person follows their groups at the company. Please have it changed there, or take it away "
        "here."
    ),
    Refusal.NO_GROUP_WITH_ROLE: (
        "You are in no group of the company that gives you a role here. Please ask whoever looks after these groups to "
        "add you to one for customer relations, then sign in again."
    ),
    Refusal.STAFF_BLOCKED: (
        "Your access was taken away here. Please ask your administrator, or whoever operates this service, to allow it "
        "again."
    ),
    Refusal.STAFF_ADDRESS_TAKEN: (
        "Somebody with this e-mail address has a role here already, and nobody can have two. Please sign in that way, "
        "or ask whoever operates this service to take the other role away."
    ),
    Refusal.PROVIDER_AWAY: (
        "The company's sign-in can't be reached at the moment, and it's not your fault. Please try again in a minute."
    ),
    Refusal.PROVIDER_DECLINED: (
        "The company's sign-in was cancelled, or didn't let you through. Please try again, or ask your IT department."
    ),
    Refusal.PROVIDER_SIGN_IN_STALE: (
        "This sign-in took too long, was used already, or was begun in another browser. Please begin again here."
    ),
    Refusal.PROVIDER_ANSWER_WRONG: (
        "The answer of the company's sign-in couldn't be verified, so that nobody was let in. Please begin again; if "
        "it happens once more, tell whoever operates this service."
    ),
    Refusal.PROVIDER_FACTOR_MISSING: (
        "You have signed in at the company without a second step that counts here. Sign out there, sign in again with "
        "an app or a key, and come back."
    ),
    Refusal.PROVIDER_ADDRESS_MISSING: (
        "Your company account gives no confirmed e-mail address, without which nobody can work here. Please ask your "
        "IT department to add or confirm it."
    ),
    Refusal.TOO_MANY_LOOKS: "You have looked at so many accounts that it is enough for an hour. Please wait a while.",
    Refusal.NOTHING_TO_LIFT: (
        "No method is paused for wrong codes. What was reported lost, or closed after too many guesses, is opened by "
        "its owner alone, with another method."
    ),
    Refusal.NO_SESSIONS: "Nobody is signed in to this account.",
    Refusal.EVIDENCE_TOO_LITTLE: "The evidence isn't enough for a review yet. Please add more.",
    Refusal.CASE_ALREADY_OPEN: "There is an open case for this account already.",
    Refusal.CASE_CLOSED: "This case is closed. If it is still needed, please open another one.",
    Refusal.NOT_YOUR_COMPANY: "There is nobody of this name in your company any more.",
    Refusal.COMPANY_ANSWERED: "Your company has answered already. Customer relations has its word.",
    Refusal.ORGANISATION_EXISTS: "There is a company of this name already.",
    Refusal.CHECK_UNKNOWN: (
        "This number isn't right, or is no longer valid. Please ask the person on the phone for it once more."
    ),
    Refusal.TOO_MANY_CHECK_NUMBERS: "Too many numbers were tried from here. Please wait an hour.",
    Refusal.TOO_MANY_CHECKS: (
        "There were so many checks that it is enough for a day. Please help only with what anybody may know."
    ),
    Refusal.CHECK_OVER: "This check is over.",
    Refusal.CHECK_SENT_ENOUGH: "This check has sent as much as it may. Please choose another way.",
    Refusal.CASE_EXPIRED: "The time to go on has passed, so that the case is closed. Please ask for another one.",
}
