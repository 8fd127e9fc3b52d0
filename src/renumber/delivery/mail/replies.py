"""The meaning of a mail server's refusal: whom it speaks of, by its code, its enhanced code and its words."""

import re
from enum import StrEnum

SENTENCE_READ = 2000  # characters


class Stage(StrEnum):
    """The command that was refused."""

    SESSION = "session"  # the greeting, TLS, the password
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"  # and what follows it


class Fate(StrEnum):
    """The outcome for a refused message."""

    PASSES = "passes"  # the same message may be taken later
    OPERATOR = "operator"  # it is taken once the operator has mended something: kept, and told
    FINAL = "final"  # this recipient gets no mail, whoever sends it


# RFC 3463, RFC 7505, RFC 7293, RFC 6531: the mailbox, its domain, and their owners.
_OF_THE_RECIPIENT = frozenset(
    {
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 3),
        (1, 4),
        (1, 5),
        (1, 6),
        (1, 10),
        (2, 1),
        (2, 4),
        (4, 310),
        (6, 7),
        (7, 17),
        (7, 18),
    }
)
_MAILBOX_FULL = (2, 2)
_WITHOUT_ENHANCED = frozenset({550, 551, 553, 556})  # RFC 5321 §4.2.2, RFC 7504: of the mailbox, unless words say more

# Servers ask about the sender when they are given a recipient, and blame either by the same codes.
_OF_THE_SENDER = re.compile(
    r"sender (?:address )?(?:rejected|refused|denied|verif)|sender (?:is )?not (?:allowed|authori[sz]ed|permitted)"
    r"|(?:not|n't) (?:allowed|authori[sz]ed|permitted) to send|send ?as|sendasdenied|from address|invalid sender"
    r"|not owned by|relay(?:ing)?(?: access)? (?:is )?(?:not|denied|prohibited)|to relay"
    r"|authenticat|log ?in|not logged|verify your|sender'?s? domain|unverified"
)
_FULL = re.compile(r"(?:mailbox|inbox|account)[^.]{0,40}\bfull\b|over ?quota|(?:mailbox|user'?s?)? ?quota exceeded")
_COMES_BACK = re.compile(r"gr[ae]y ?list|try again|temporar")
_OF_THE_SERVICE = re.compile(
    r"block|blacklist|deny ?list|banned|reputation|spam|rbl\b|polic(?:y|ies)|\bspf\b|dkim|dmarc|\bptr\b|reverse dns"
    r"|rdns|helo|ehlo|starttls|encrypt|too many|\brate\b|limit|quota|exceed|\bfull\b|suspend|pending"
    r"|administrative|service (?:un|not )available|syntax|command|sequence|too (?:big|large)"
)
_NO_SUCH_MAILBOX = re.compile(
    r"(?:user|recipient|mailbox|address|account|local part)\W+(?:<[^>]*>\W*)?(?:is |was )?"
    r"(?:unknown|not found|not exist|does(?:n't| not) exist|unavailable|disabled|inactive|invalid|no longer)"
    r"|(?:unknown|invalid|no such|not a valid) (?:user|recipient|mailbox|address|account|person|local part|virtual)"
    r"|no (?:such )?mailbox|does(?:n't| not) (?:exist|have an? )|not (?:our|a local) (?:customer|user|address)"
    r"|recipient(?: address)? rejected|user doesn't|not (?:known|listed) here|unrouteable address|null mx"
    r"|no longer (?:accepts|on|available|with)"
)
_ENHANCED = re.compile(r"(?<![\d.])(?P<klass>[245])\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3})(?![\d.]*\d)")


def enhanced_code(code: int, sentence: str) -> tuple[int, int] | None:
    """Find subject and detail of an enhanced code that belongs to the reply's class (RFC 2034 §4); None without one."""
    for match in _ENHANCED.finditer(sentence[:SENTENCE_READ]):
        if int(match["klass"]) == code // 100:
            return int(match["subject"]), int(match["detail"])
    return None


def fate_of(stage: Stage, code: int, sentence: str) -> Fate:
    """Judge a refusal; only one of the recipient ends a message, and in doubt it is kept."""
    if not 500 <= code < 600:
        return Fate.PASSES
    if stage in {Stage.SESSION, Stage.SENDER}:
        return Fate.OPERATOR
    enhanced, words = enhanced_code(code, sentence), sentence[:SENTENCE_READ].lower()
    if _OF_THE_SENDER.search(words):
        return Fate.OPERATOR
    if enhanced == _MAILBOX_FULL or _FULL.search(words) or _COMES_BACK.search(words):
        return Fate.PASSES
    is_final = enhanced in _OF_THE_RECIPIENT or _says_no_such_mailbox(enhanced, words)
    is_final |= enhanced is None and stage is Stage.RECIPIENT and _is_bare_refusal(code, words)
    return Fate.FINAL if is_final else Fate.OPERATOR


def _says_no_such_mailbox(enhanced: tuple[int, int] | None, words: str) -> bool:
    """Read the sentence; under 5.7 (policy), "recipient rejected" may mean anything."""
    if not _NO_SUCH_MAILBOX.search(words) or _OF_THE_SERVICE.search(words):
        return False
    return enhanced is None or enhanced[0] != 7 or "rejected" not in words


def _is_bare_refusal(code: int, words: str) -> bool:
    return code in _WITHOUT_ENHANCED and not _OF_THE_SERVICE.search(words)
