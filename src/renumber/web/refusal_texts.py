"""The sentence of each refusal: what happened and what to do, in the person's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from renumber.domain.outcomes import Refusal
from renumber.web.formats.device_texts import OF_DEVICES
from renumber.web.formats.grant_texts import OF_GRANTS
from renumber.web.formats.link_texts import OF_LINKS
from renumber.web.formats.method_texts import OF_METHODS
from renumber.web.formats.number_texts import OF_NUMBERS
from renumber.web.formats.support_texts import OF_SUPPORT
from renumber.web.formats.values import clock


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """The circumstances that a sentence may mention; an unknown one is left out."""

    now: datetime
    zone: ZoneInfo
    language: str
    tries_left: int | None = None
    open_at: datetime | None = None
    country: str = ""
    example: str = ""
    has_other: bool = True
    least: int = 8
    most: int = 128


@dataclass(frozen=True)
class Sentence:
    """A sentence in English, which is its key in the catalogues; `timed` is used when the time to wait is known."""

    text: str
    singular: str = ""
    timed: str = ""
    field: str | None = None


SENTENCES: Mapping[Refusal, Sentence] = {
    Refusal.NOT_NOW: Sentence("This step isn't due at the moment. Start again from the page you wanted to open."),
    # Of the two it is the password that is typed anew: the address is still there.
    Refusal.WRONG_CREDENTIALS: Sentence(
        "E-mail address or password isn't right. Check both and try again.", field="password"
    ),
    Refusal.TOO_MANY_SIGN_INS: Sentence(
        "Too many attempts. Please wait a few minutes, then try again.",
        timed="Too many attempts. You can try again at %(time)s.",
    ),
    Refusal.SIGN_IN_EXPIRED: Sentence("That took too long, so we've stopped for your safety. Please sign in again."),
    Refusal.WRONG_CODE: Sentence(
        "That code isn't right. %(tries_left)s tries left.",
        singular="That code isn't right. %(tries_left)s try left.",
        field="code",
    ),
    Refusal.WRONG_CODE_WARNED: Sentence(
        "That code isn't right. After %(tries_left)s more wrong ones this method is paused. You can also try another.",
        singular="That code isn't right. After one more wrong one this method is paused. You can also try another.",
        field="code",
    ),
    Refusal.WRONG_LONG_CODE: Sentence(
        "That code isn't right. Please compare it with the newest of our texts, digit by digit.", field="code"
    ),
    Refusal.CODE_EXPIRED: Sentence("That code has expired. Please ask for a new one.", field="code"),
    Refusal.CODE_EXPIRED_NEW_ONE_SENT: Sentence("That code has expired. We've just sent you a new one.", field="code"),
    Refusal.TOO_MANY_WRONG_CODES: Sentence(
        "Too many wrong codes. Ask for a new one, or try another method.",
        timed="Too many wrong codes. You can ask for a new one at %(time)s, or try another method now.",
        field="code",
    ),
    Refusal.NO_CODE: Sentence("No code is valid at the moment. Please ask for a new one.", field="code"),
    Refusal.FACTOR_SUSPENDED: Sentence(
        "Too many wrong codes in a row. To protect your account, this method is paused. Please choose another one."
    ),
    Refusal.FACTOR_UNKNOWN: Sentence("Your account doesn't have this method. Please choose another one."),
    Refusal.FACTOR_HELD: Sentence(
        "Something in your account was changed only recently. For your safety, no method that was there before can be "
        "removed or replaced for some time.",
        timed="Until %(time)s no method that was there before can be removed or replaced, because something in your "
        "account was changed recently.",
    ),
    Refusal.LAST_FACTOR: Sentence("This is your only method, so it can't be removed. Please add another one first."),
    Refusal.ONLY_WAY_IN: Sentence(
        "This is the only way to confirm a sign-in that you have left. Without it nobody could sign in, not even you."
    ),
    Refusal.METHOD_NOT_OFFERED: Sentence("This method isn't offered here. Please choose another one."),
    Refusal.CODES_SHOWN: Sentence(
        "These codes were shown once and can't be shown again. If you didn't keep them, make new ones."
    ),
    Refusal.WRONG_APP_CODE: Sentence(
        "That code isn't right. Enter the one that the app shows now; the clock of your phone must be right.",
        field="code",
    ),
    Refusal.CODE_USED: Sentence(
        "This code has been used already. Please wait until the app shows the next one.", field="code"
    ),
    Refusal.WRONG_PASSKEY: Sentence("This passkey doesn't fit. Please try again, or choose another way to sign in."),
    Refusal.PASSKEY_TOO_LATE: Sentence("That took too long. Please try again."),
    Refusal.PASSKEY_NOT_VERIFIED: Sentence(
        "Your device hasn't checked that it's you, by PIN, finger or face. Please try again, or use your password."
    ),
    Refusal.PASSKEY_CLONED: Sentence(
        "There may be a copy of this passkey, so we haven't accepted it. Please use another method, remove this "
        "passkey and add a new one."
    ),
    Refusal.PASSKEY_KNOWN: Sentence("This passkey is in use already. Please choose another device or another key."),
    Refusal.PASSKEY_UNKNOWN: Sentence("This passkey is no longer in your account."),
    Refusal.TOO_MANY_PASSKEYS: Sentence(
        "Your account has as many passkeys as it can have. Please remove one that you no longer use."
    ),
    Refusal.CALLER_NOT_PROVEN: Sentence(
        "That doesn't prove it. %(tries_left)s tries left.",
        singular="That doesn't prove it. %(tries_left)s try left.",
        field="code",
    ),
    Refusal.SEND_TOO_SOON: Sentence(
        "We've only just sent you something. Please wait a moment before you ask again.",
        timed="We've only just sent you something. You can ask again at %(time)s.",
    ),
    Refusal.SEND_LIMIT_REACHED: Sentence(
        "We've sent as many as we may for now. Please try again later, or try another method.",
        timed="We've sent as many as we may for now. It's possible again at %(time)s.",
    ),
    Refusal.NEEDS_FRESH_AUTHENTICATION: Sentence("Please enter your password again first."),
    Refusal.NEEDS_SECOND_FACTOR: Sentence("Please sign in with a code first; a password alone isn't enough for this."),
    Refusal.NEEDS_ANOTHER_FACTOR: Sentence("First confirm with another of your methods that it's you."),
    Refusal.NEEDS_OLDER_FACTOR: Sentence(
        "Your password was renewed by e-mail not long ago. For this, confirm with a method that you had before, and "
        "that is no text message, or wait for a day."
    ),
    Refusal.NEEDS_ASKING_BROWSER: Sentence(
        "In this browser, first confirm with another of your methods that it's you. Or go on in the browser in which "
        "you asked for the change."
    ),
    Refusal.ACCOUNT_FROZEN: Sentence(
        "Your account is frozen. Nobody can sign in or change anything until it is released."
    ),
    Refusal.ACCOUNT_NOT_FROZEN: Sentence("Your account isn't frozen. You can sign in as usual."),
    **{refusal: Sentence(text) for refusal, text in {**OF_LINKS, **OF_GRANTS, **OF_DEVICES, **OF_SUPPORT}.items()},
    **{refusal: Sentence(text) for refusal, text in OF_METHODS.items()},
    Refusal.NOT_CONFIRMED: Sentence("Please type the three digits, then press the button again.", field="digits"),
    Refusal.NEEDS_REASON: Sentence(
        "Please give a reason in one line of at most 200 characters. It stays in the account's history.", field="reason"
    ),
    Refusal.RELEASE_PAUSED: Sentence(
        "Too many wrong codes for this release. To protect your account, none is taken for now. Come back tomorrow.",
        timed="Too many wrong codes for this release. To protect your account, none is taken until %(time)s.",
    ),
    Refusal.RELEASE_NEEDS_NUMBER: Sentence(
        "Your account has no phone number by which you could release it yourself. Please write to us."
    ),
    **{refusal: Sentence(text, field="number") for refusal, text in OF_NUMBERS.items()},
    Refusal.PASSWORD_TOO_SHORT: Sentence("Please use at least %(least)s characters.", field="password"),
    Refusal.PASSWORD_TOO_LONG: Sentence("Please use at most %(most)s characters.", field="password"),
    Refusal.PASSWORD_TOO_COMMON: Sentence(
        "Many people use this password, so it is easily guessed. Please choose another one.", field="password"
    ),
    Refusal.SESSION_UNKNOWN: Sentence("That browser was already signed out."),
}

# For a page that offers no other method.
ALONE: Mapping[Refusal, Sentence] = {
    Refusal.WRONG_CODE_WARNED: Sentence(
        "That code isn't right. After %(tries_left)s more wrong ones this method is paused.",
        singular="That code isn't right. After one more wrong one this method is paused.",
        field="code",
    ),
    Refusal.TOO_MANY_WRONG_CODES: Sentence(
        "Too many wrong codes. Please ask for a new one.",
        timed="Too many wrong codes. You can ask for a new one at %(time)s.",
        field="code",
    ),
    Refusal.FACTOR_SUSPENDED: Sentence(
        "Too many wrong codes in a row. To protect your account, this method is paused."
    ),
    Refusal.SEND_LIMIT_REACHED: Sentence(
        "We've sent as many as we may for now. Please try again later.",
        timed="We've sent as many as we may for now. It's possible again at %(time)s.",
    ),
}

EXAMPLE = "For %(country)s it looks like %(example)s"
WITH_EXAMPLE = frozenset(
    {
        Refusal.NUMBER_TOO_SHORT,
        Refusal.NUMBER_TOO_LONG,
        Refusal.NUMBER_NOT_VALID,
        Refusal.NUMBER_NOT_MOBILE,
        Refusal.NUMBER_HAS_LETTERS,
        Refusal.NUMBER_HAS_EXTENSION,
    }
)


def refusal_text(refusal: Refusal, translations: NullTranslations, about: Circumstances) -> str:
    """Say what was refused and what to do now."""
    said = SENTENCES[refusal] if about.has_other else ALONE.get(refusal, SENTENCES[refusal])
    sentence = _translated(said, translations, about) % _values(about, translations)
    if refusal in WITH_EXAMPLE and about.example:
        return f"{sentence} {translations.gettext(EXAMPLE) % _values(about, translations)}"
    return sentence


def says_when(refusal: Refusal, about: Circumstances) -> bool:
    """Tell whether the sentence names the time until which to wait."""
    return bool(SENTENCES[refusal].timed) and about.open_at is not None and about.open_at > about.now


def field_of(refusal: Refusal) -> str | None:
    """Name the field that the sentence belongs to."""
    return SENTENCES[refusal].field


def message_ids() -> frozenset[str | tuple[str, str]]:
    """List every text that the catalogues must hold for this table, those with a number as (singular, plural)."""
    sentences = [*SENTENCES.values(), *ALONE.values()]
    counted = {(one.singular, one.text) for one in sentences if one.singular}
    plain = {text for one in sentences if not one.singular for text in (one.text, one.timed) if text}
    return frozenset(counted | plain | {EXAMPLE})


def _translated(sentence: Sentence, translations: NullTranslations, about: Circumstances) -> str:
    if sentence.singular:
        assert about.tries_left is not None, "a sentence about tries knows how many are left"
        return translations.ngettext(sentence.singular, sentence.text, about.tries_left)
    is_waiting = about.open_at is not None and about.open_at > about.now
    return translations.gettext(sentence.timed if is_waiting and sentence.timed else sentence.text)


def _values(about: Circumstances, translations: NullTranslations) -> Mapping[str, object]:
    time = ""
    if about.open_at:
        say = translations.gettext
        time = clock(about.open_at, about.now, zone=about.zone, language=about.language, say=say)
    numbers = {"tries_left": about.tries_left, "least": about.least, "most": about.most}
    return {**numbers, "time": time, "country": about.country, "example": about.example}
