"""The sentences for a number that can't be used, beside the field in which it was typed."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_NUMBERS: Mapping[Refusal, str] = {
    Refusal.NUMBER_MISSING: "Please enter your new phone number.",
    Refusal.NUMBER_TOO_SHORT: "Some digits are missing.",
    Refusal.NUMBER_TOO_LONG: "That's too many digits.",
    Refusal.NUMBER_NOT_VALID: "That isn't a phone number we know of. Check the digits.",
    Refusal.NUMBER_HAS_LETTERS: "A phone number has digits only. Please enter digits in place of the letters.",
    Refusal.NUMBER_HAS_EXTENSION: "A text reaches no extension. Please enter a mobile number without one.",
    Refusal.CALLING_CODE_UNKNOWN: (
        "We don't know the country code that this number begins with. Check its first digits, or pick the country and "
        "leave the code out."
    ),
    Refusal.NUMBER_IS_OLD: (
        "That's your old number. Enter the new one here, or choose “Keep the old number” if nothing should change."
    ),
    Refusal.NUMBER_NOT_MOBILE: "We can't send a text to this number. Please enter a mobile number.",
    Refusal.NUMBER_COUNTRY_NOT_SERVED: (
        "We can't send texts to the country of this number. Please enter one from another country."
    ),
    Refusal.NUMBER_AT_CAPACITY: "This number can't be used here. Please enter another one.",
}
