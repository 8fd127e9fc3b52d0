"""The settings of customer relations: recovery cases, and checks of callers."""

from collections.abc import Callable, Mapping

from renumber.domain.support.case_evidence import EvidenceKind, weigh
from renumber.policies.support.caller import CallerRules
from renumber.policies.support.recovery import RecoveryRules
from renumber.settings import parsing as read
from renumber.settings.table import Setting
from renumber.settings.writing import written

BY_DEFAULT, OF_CALLERS = RecoveryRules(), CallerRules()
_weight = read.number(0, 100)


def weights(given: str) -> Mapping[EvidenceKind, int]:
    """Parse `document=3,call_back=2`; a kind that isn't named weighs nothing."""
    pairs = [part.strip().partition("=") for part in given.split(",")]
    if unknown := [name for name, *_ in pairs if name not in BY_DEFAULT.weights]:
        raise ValueError(f"write kinds out of {written(tuple(BY_DEFAULT.weights))}; {unknown[0]} is none of them")
    if len({name for name, *_ in pairs}) < len(pairs):
        raise ValueError("name each kind once")
    return {EvidenceKind(name): _weight(value) for name, _, value in pairs}


RECOVERY = (
    Setting(
        "recovery_weights",
        weights,
        default=written(BY_DEFAULT.weights),
        meaning="how much each kind of evidence weighs in a recovery case",
        why="a kind that you can't check weighs 0",
    ),
    Setting(
        "recovery_needed",
        read.number(2, 100),
        default=written(BY_DEFAULT.needed),
        meaning="how much evidence a case needs before it can be reviewed",
    ),
    Setting(
        "recovery_open_for",
        read.duration("1d", "60d"),
        default=written(BY_DEFAULT.open_for),
        meaning="how long a case may stay undecided",
    ),
    Setting(
        "recovery_wait_with_factor",
        read.duration("24h", "30d"),
        default=written(BY_DEFAULT.wait_with_factor),
        meaning="how long an approved case waits where some method of the account was confirmed",
        why="the owner has to have a chance to stop it: NIST SP 800-63B-4 section 4.2",
    ),
    Setting(
        "recovery_wait_without_factor",
        read.duration("24h", "30d"),
        default=written(BY_DEFAULT.wait_without_factor),
        meaning="how long it waits where none was; twice that after a password that was renewed by e-mail not long ago",
    ),
    Setting(
        "recovery_remind_every",
        read.duration("6h", "24h"),
        default=written(BY_DEFAULT.remind_every),
        meaning="how often everybody on file is told again while it waits",
    ),
    Setting(
        "recovery_link_for",
        read.duration("1h", "7d"),
        default=written(BY_DEFAULT.link_for),
        meaning="how long the link works that a case ends with",
    ),
)

CALLER = (
    Setting(
        "caller_open_for",
        read.duration("2min", "1h"),
        default=written(OF_CALLERS.open_for),
        meaning="how long the number of a check can be typed, or its link be used",
    ),
    Setting(
        "caller_prove_for",
        read.duration("2min", "1h"),
        default=written(OF_CALLERS.prove_for),
        meaning="how long somebody has to prove themselves after that",
    ),
    Setting(
        "caller_counts_for",
        read.duration("5min", "8h"),
        default=written(OF_CALLERS.counts_for),
        meaning="how long a proof counts at the console",
        why="it is good for one call, and not for the next",
    ),
    Setting(
        "caller_tries",
        read.number(1, 5),
        default=written(OF_CALLERS.tries),
        meaning="wrong answers that end a check",
        why="whoever calls has shown nothing before",
    ),
    Setting(
        "caller_sends",
        read.number(1, 5),
        default=written(OF_CALLERS.sends),
        meaning="texts and push notifications that one check may cause",
    ),
    Setting(
        "caller_per_account",
        read.number(1, 20),
        default=written(OF_CALLERS.per_account),
        meaning="checks of one account in a day",
        why="each tells its owner, and lets somebody try",
    ),
    Setting(
        "caller_per_agent",
        read.number(1, 1000),
        default=written(OF_CALLERS.per_agent),
        meaning="checks that one agent may begin in a day",
    ),
    Setting(
        "caller_numbers_per_ip",
        read.number(1, 1000),
        default=written(OF_CALLERS.numbers_per_ip),
        meaning="numbers of checks that may be typed from one IP address in an hour",
        why="so that none is found by guessing",
    ),
)

SUPPORT = (*RECOVERY, *CALLER)

# What must hold between them, with the sentence for when it does not.
RECOVERY_RULES: tuple[tuple[Callable[[RecoveryRules], bool], str], ...] = (
    (
        lambda rules: rules.needed <= weigh(rules.weights, rules.weights),
        "RENUMBER_RECOVERY_NEEDED: write at most what RENUMBER_RECOVERY_WEIGHTS add up to; else nothing is enough.",
    ),
    (
        lambda rules: rules.weights.get(EvidenceKind.MAILBOX_CODE, 0) < rules.needed,
        "RENUMBER_RECOVERY_WEIGHTS: the mailbox alone must weigh less than RENUMBER_RECOVERY_NEEDED: it gets the link.",
    ),
    (
        lambda rules: rules.wait_with_factor <= rules.wait_without_factor,
        "RENUMBER_RECOVERY_WAIT_WITH_FACTOR: write at most RENUMBER_RECOVERY_WAIT_WITHOUT_FACTOR.",
    ),
)
