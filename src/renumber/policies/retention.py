"""The time for which things that have ended are kept before they are purged."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Counted from the end of each: an old session shows that a browser is known, a link why it can't be used."""

    sessions: timedelta = timedelta(days=90)
    sign_ins: timedelta = timedelta(days=1)
    challenges: timedelta = timedelta(days=1)
    links: timedelta = timedelta(days=30)
    former_numbers: timedelta = timedelta(days=23)  # after the week in which they undo a change; for the operator
    phone_changes: timedelta = timedelta(days=90)  # longer than the links that lead to them
    recovery_cases: timedelta = timedelta(days=400)  # longer than a year, for whoever reviews them
    caller_checks: timedelta = timedelta(days=30)  # the newest of an account alone
    waits: timedelta = timedelta(days=1)  # since nothing could be done by them
    prompts: timedelta = timedelta(days=1)
    devices: timedelta = timedelta(days=30)  # since they were removed
    waiting_devices: timedelta = timedelta(0)  # after the code that they came with
    passkeys: timedelta = timedelta(days=30)  # since they were removed
    totp_keys: timedelta = timedelta(days=30)  # since they were removed
    text_budgets: timedelta = timedelta(0)  # after the day in which they count
    kept_answers: timedelta = timedelta(0)  # after the day for which they are kept
    authorization_requests: timedelta = timedelta(0)
    access_tokens: timedelta = timedelta(days=1)
    grants: timedelta = timedelta(days=1)  # so that a code or token that comes again is still known
    backchannel_logouts: timedelta = timedelta(days=1)  # since they were due; of applications that have left
    messages: timedelta = timedelta(days=30)
    events: timedelta = timedelta(days=30)  # for those who pull them, or have them sent again
    webhook_deliveries: timedelta = timedelta(days=30)  # since they were to be sent first; nothing is tried so long
    security_events: timedelta = timedelta(days=30)  # as long as what they tell of
    counters: timedelta = timedelta(0)  # after the day in which they count


CHECKPOINT_EVERY = timedelta(hours=1)
CHECKPOINT_WITHIN = timedelta(minutes=75)  # for every row: the hour, and what a process that died may hold up
PURGED_A_SECOND = 1_000  # rows, in two minutes of seven: 24 million a day
PURGED_WITHIN = timedelta(days=2)  # of the time for which it is kept; a backlog of 48 million rows takes so long
