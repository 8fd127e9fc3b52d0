"""The faults of mail: what a server refused, as a Fault that repeats none of its words."""

import ssl

from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from renumber.delivery.channel import Fault
from renumber.delivery.mail.replies import Fate, Stage, enhanced_code, fate_of

UNREACHABLE = (SMTPException, OSError, TimeoutError, ssl.SSLError, ValueError)
_STAGES = {
    SMTPSenderRefused: Stage.SENDER,
    SMTPRecipientRefused: Stage.RECIPIENT,
    SMTPDataError: Stage.CONTENT,
}


def no_session(trouble: Exception) -> Fault:
    """Word that there is no session: no message is at fault; what the server has against us, the operator mends."""
    needs_operator = fate_of(Stage.SESSION, *_reply(trouble)) is Fate.OPERATOR or _will_not_pass(trouble)
    reason = f"no session with the mail server: {_named(trouble)}"
    return Fault(permanent=False, reason=reason, needs_operator=needs_operator)


def refused(trouble: Exception) -> Fault:
    """Word that a message was refused; it is over only if its recipient was meant (RFC 5321 §4.2.1, RFC 3463)."""
    if isinstance(trouble, SMTPNotSupported):
        reason = "the mail server has no SMTPUTF8 (RFC 6531)"
        return Fault(permanent=False, reason=reason, needs_operator=True)
    if isinstance(trouble, ValueError):
        return Fault(permanent=True, reason="the mail server can't take this address")
    stage = _STAGES.get(type(trouble), Stage.SESSION)
    fate = fate_of(stage, *_reply(trouble))
    reason = f"the mail server refused: {_named(trouble)}"
    if fate is Fate.OPERATOR:
        reason = f"the mail server refused this service and not the recipient: {_named(trouble)} ({stage.value})"
    return Fault(permanent=fate is Fate.FINAL, reason=reason, needs_operator=fate is Fate.OPERATOR)


def _will_not_pass(trouble: BaseException | None) -> bool:
    """Say whether a certificate is refused, or something not offered, that was asked for."""
    if trouble is None:
        return False
    is_refusal = isinstance(trouble, ssl.SSLCertVerificationError) or type(trouble) in {SMTPException, SMTPNotSupported}
    return is_refusal or _will_not_pass(trouble.__cause__)


def _named(trouble: Exception) -> str:
    """Name a refusal by its codes or kind: the text of a server repeats the address."""
    code, sentence = _reply(trouble)
    if not code:
        return type(trouble).__name__
    enhanced = enhanced_code(code, sentence)
    return f"{code} {code // 100}.{enhanced[0]}.{enhanced[1]}" if enhanced else str(code)


def _reply(trouble: Exception) -> tuple[int, str]:
    return (trouble.code, trouble.message) if isinstance(trouble, SMTPResponseException) else (0, "")
