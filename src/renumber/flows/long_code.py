"""The long code of a release: whoever uses up its short ones, with less than its owner has, doesn't close the way back.

Who reads the mail can have texts sent and guess at their codes, until none is sent or taken for a day, and again every
day. The number is then sent a code that is too long to be guessed and that no count refuses: it helps nobody else.
"""

import hmac
from datetime import UTC, datetime, timedelta

from renumber.domain.challenge import CodeIntent, CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.message import LONG_DIGITS, Channel, Derived, Notice, long_code
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.attempts import keep_status, status_of
from renumber.flows.consequences import send
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.sign_in.in_progress import SignInAct
from renumber.policies.limits import Allowance

TURN = timedelta(
    hours=12
)  # a code is taken in its turn and in the next: for a day at most, so that none outlives a wait
START = datetime(1970, 1, 1, tzinfo=UTC)
RELEASING = CodePurpose.RELEASE_NUMBER


async def send_long_code(act: SignInAct, intent: CodeIntent) -> None:
    """Send the number a long code, once in a turn, where its short ones are refused."""
    about = f"{act.account.account_id}\x1f{intent.destination}"
    quota = Quota(act.services.secrets.fingerprints(KeyedHash.SENDS_OF_LONG_CODE, about), (Allowance(1, TURN),))
    if intent.purpose is not RELEASING or await act.work.take([quota], act.now):
        return
    turn = _turn(act.now)
    until, code = START + (turn + 2) * TURN, _derived(act, intent, turn)
    send(act, Notice.LONG_CODE, Channel.SMS, to=intent.destination, until=until, code=code)
    act.record(Fact.CODE_SENT)


def _turn(now: datetime) -> int:
    return (now - START) // TURN


def _derived(act: SignInAct, intent: CodeIntent, turn: int) -> Derived:
    own = (act.account.account_id, intent.about, intent.destination, str(turn))
    return Derived("\x1f".join(("long code", *own)), act.services.secrets.current)


def is_long(intent: CodeIntent, digits: str) -> bool:
    """Tell whether a long code was typed, where one is taken."""
    return intent.purpose is RELEASING and len(digits) == LONG_DIGITS


async def check_long_code(act: SignInAct, intent: CodeIntent, *, digits: str) -> Step[None]:
    """Compare a long code, whatever the short ones are refused for; a right one forgives the wrong ones."""
    turns = (_turn(act.now), _turn(act.now) - 1)
    expected = [long_code(act.services.secrets.code, _derived(act, intent, turn)) for turn in turns]
    if not any(hmac.compare_digest(digits.encode(), each.encode()) for each in expected):
        return act.refuse(Refusal.WRONG_LONG_CODE)
    status = await status_of(act, Factor.RELEASE_NUMBER)
    keep_status(act, status.replace_with_proven(act.now).state)
    return act.done(None, Fact.CODE_PROVEN)
