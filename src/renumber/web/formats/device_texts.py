"""The sentences of refusals around devices, and the requests that they answer."""

from collections.abc import Mapping

from renumber.domain.outcomes import Refusal

OF_DEVICES: Mapping[Refusal, str] = {
    Refusal.PROMPT_UNKNOWN: "We don't know this request. Perhaps it belongs to another account.",
    Refusal.PROMPT_ANSWERED: "This request has been answered already.",
    Refusal.PROMPT_EXPIRED: "That took too long, so the request is over. Ask for a new one on the sign-in page.",
    Refusal.PROMPT_REPLACED: "There is a newer request. Please answer that one.",
    Refusal.PROMPT_NOT_APPROVED: "The request hasn't been confirmed on your device yet.",
    Refusal.WRONG_DIGITS: "These aren't the digits on the sign-in page. Look there and type them again.",
    Refusal.DEVICE_UNKNOWN: "This device isn't connected to the account any more. Add it again on your profile.",
    Refusal.DEVICE_NOT_CONFIRMED: "First confirm this device in the browser that shows the code.",
    Refusal.ANOTHER_DEVICE_WAITS: (
        "Another device came with this code before. If that wasn't yours, choose “This isn't my device” in the browser "
        "that shows the code, and scan the new one."
    ),
    Refusal.DEVICE_CLOCK_OFF: "The clock of this device is wrong. Please set it by the network.",
    Refusal.DEVICE_KEY_NOT_VALID: (
        "This device couldn't show that it holds its key. Start again with a new QR code on your profile."
    ),
    Refusal.DEVICE_SIGNATURE_WRONG: "The signature of this device isn't right. Add the device again on your profile.",
    Refusal.ENDPOINT_NOT_ALLOWED: (
        "Notifications of this browser can't be used here. Keep the page open while you sign in instead."
    ),
    Refusal.TOO_MANY_DEVICES: "Your account has as many devices as it can have. Please remove one of them first.",
}
