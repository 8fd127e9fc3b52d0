"""The settings of numbers, of ways to confirm a sign-in, and of the cost of passwords."""

from renumber.policies.methods import STRONGEST_FIRST
from renumber.policies.numbers import NumberRules
from renumber.settings import parsing as read
from renumber.settings.added_prefixes import added_prefixes
from renumber.settings.argon2 import Argon2
from renumber.settings.methods import methods
from renumber.settings.table import Setting
from renumber.settings.writing import written

NUMBERS_BY_DEFAULT = NumberRules()

NUMBERS = (
    Setting(
        "allowed_countries",
        read.several(read.country),
        meaning="countries whose numbers are served, as DE,AT,CH; empty for all",
        why="SMS pumping",
        absent=(),
    ),
    Setting(
        "default_country",
        read.country,
        default=written(NUMBERS_BY_DEFAULT.default_country),
        meaning="the country that is preset where nothing else is known",
    ),
    Setting(
        "accounts_per_number",
        read.number(0, 1_000_000),
        default=written(NUMBERS_BY_DEFAULT.accounts_per_number),
        meaning="how many accounts may share a number; 0 for any",
        why="a cap tells its last account that others know the number",
    ),
    Setting(
        "added_prefixes",
        added_prefixes,
        meaning="a file of mobile numbers newer than our plans, a line each as +22901 13: how they begin, their digits",
        why="new ranges are given out before a library knows them",
        absent=(),
    ),
    Setting(
        "methods",
        methods,
        default=written(STRONGEST_FIRST),
        meaning="ways to confirm a sign-in that people can add, in the order in which they are asked for",
        why="one that is left out is accepted only from those who have no other",
    ),
    Setting(
        "reenrolment_requires_factor",
        read.truth,
        default="no",
        meaning="ask for another enrolled factor before a new number",
        why="safer, but a person without one needs the operator",
    ),
    Setting(
        "prove_imported_numbers",
        read.truth,
        default="no",
        meaning="ask for a code to the mailbox before the first one to a number that was entered as not verified",
        why="a number that belongs to somebody else must not let them in",
    ),
)

COST_BY_DEFAULT = Argon2()

PASSWORDS = (
    Setting(
        "argon2_memory",
        read.number(8192, 1 << 20),
        default=written(COST_BY_DEFAULT.memory),
        meaning="argon2id: memory in KiB",
        why="OWASP",
    ),
    Setting(
        "argon2_time",
        read.number(1, 20),
        default=written(COST_BY_DEFAULT.time),
        meaning="argon2id: passes",
        why="OWASP",
    ),
    Setting(
        "argon2_parallelism",
        read.number(1, 16),
        default=written(COST_BY_DEFAULT.parallelism),
        meaning="argon2id: lanes",
        why="more collapse under load",
    ),
    Setting(
        "password_threads",
        read.threads,
        default="cores",
        meaning="passwords hashed at once in one process",
        why="more are not faster",
    ),
)
