"""The sentences of refusals around a method that takes no proof, or that is too new to rely on."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_METHODS: Mapping[Refusal, str] = {
    Refusal.FACTOR_DISABLED: (
        "So many wrong codes were entered that this method stays closed until you sign in with another one. An e-mail "
        "doesn't open it."
    ),
    Refusal.REPORTED_LOST: (
        "This is suspended: it was reported lost, or your account was frozen. Sign in with another method; then you "
        "can reactivate it in your profile."
    ),
    Refusal.OTHERS_TOO_NEW: (
        "Your other methods were added only recently, so this one can't go yet. If somebody else has it, freeze your "
        "account: press “This wasn't me” in one of our e-mails."
    ),
    Refusal.FACTOR_TOO_NEW: (
        "This passkey was added only recently, so it isn't enough here yet. Please enter your password."
    ),
}
