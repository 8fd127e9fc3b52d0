"""The wordings of each text message: one in a few words, and a shorter one for when the address is long.

Codes come first and links last, where phones and eyes look for them; `@host #code` is the last line of a
code (https://wicg.github.io/sms-one-time-codes/), and the safety words are never what is shortened.
"""

from renumber.domain.messages.message import Notice


def _(msgid: str) -> str:
    """Mark a text for the catalogues; it is looked up when the language is known."""
    return msgid


WORDINGS: dict[Notice, tuple[str, ...]] = {
    Notice.SIGN_IN_CODE: (
        _("{code} is your code to sign in to {brand}. Don't share it with anyone."),
        _("{code} is your {brand} sign-in code. Don't share it."),
    ),
    Notice.NEW_NUMBER_CODE: (
        _("{code} is your code to connect this number to {brand}. Don't share it with anyone."),
        _("{code} connects this number to {brand}. Don't share it."),
    ),
    Notice.RELEASE_CODE: (
        _("{code} is your code to release your frozen {brand} account. Don't share it with anyone."),
        _("{code} is your code to release your {brand} account. Don't share it with anyone."),
    ),
    Notice.LONG_CODE: (
        _("{code} releases your frozen {brand} account where short codes aren't taken. Don't share it."),
        _("{code} is your long {brand} code. Don't share it."),
    ),
    Notice.CALLER_CODE: (
        _("{code} is your code for your call with {brand}, for you alone to type. Don't share it with anyone."),
        _("{code} is your code for your call with {brand}. Don't share it."),
    ),
    Notice.CALLER_PROVEN: (
        _("Somebody has proven to {brand} on the phone that they are you. Not you? Freeze it now: {stop}"),
        _("{brand}: proven on the phone. Not you? Freeze it now: {stop}"),
    ),
    Notice.NUMBER_RESET: (
        _("This number was removed from your {brand} account. Not you? Freeze it now: {stop}"),
        _("Number removed from {brand}. Not you? Freeze it now: {stop}"),
    ),
    Notice.NUMBER_WAIT: (
        _("A new number will soon be entered for your {brand} account. Not you? Freeze it now: {stop}"),
        _("{brand}: new number soon. Not you? Freeze it now: {stop}"),
    ),
    Notice.PASSWORD_WAIT: (
        _("Your {brand} account can soon be changed with texts alone. Not you? Freeze it now: {stop}"),
        _("{brand}: changes possible soon. Not you? Freeze it now: {stop}"),
    ),
    Notice.RELEASE_WAIT: (
        _("Your frozen {brand} account will soon be released. Not you? Keep it frozen: {stop}"),
        _("{brand}: release soon. Not you? Keep it frozen: {stop}"),
    ),
    Notice.LAST_RELEASE_WAIT: (
        _("Your frozen {brand} account will soon be released. Not you? Release it yourself first: {sign_in}"),
        _("{brand}: release soon. Not you? Be quicker: {sign_in}"),
    ),
    Notice.RELEASE_STOPPED: (
        _("The release of your {brand} account was stopped: it stays frozen. To release it: {sign_in}"),
        _("{brand}: release stopped. To release it: {sign_in}"),
    ),
    Notice.CASE_OPENED: (
        _("Somebody asks for a way back to your {brand} account. Not you? Freeze it now: {stop}"),
        _("{brand}: recovery requested. Not you? Freeze it now: {stop}"),
    ),
    Notice.CASE_WAITING: (
        _("Your {brand} account will soon be recovered without your phone. Not you? Freeze it now: {stop}"),
        _("{brand}: recovery soon. Not you? Freeze it now: {stop}"),
    ),
    Notice.NUMBER_CHANGED: (
        _("The phone number of your {brand} account was changed. Not you? Freeze it now: {stop}"),
        _("Your {brand} number was changed. Not you? Freeze it now: {stop}"),
    ),
    Notice.PASSWORD_CHANGED: (
        _("The password of your {brand} account was changed. Not you? Freeze it now: {stop}"),
        _("Your {brand} password was changed. Not you? Freeze it now: {stop}"),
    ),
    Notice.FACTOR_SUSPENDED: (
        _("A sign-in method of your {brand} account is paused (wrong codes). Not you? Freeze it now: {stop}"),
        _("{brand}: too many wrong codes. Not you? Freeze it now: {stop}"),
    ),
    Notice.FACTOR_ADDED: (
        _("A sign-in method was added to your {brand} account. Not you? Freeze it now: {stop}"),
        _("{brand}: sign-in method added. Not you? Freeze it now: {stop}"),
    ),
    Notice.FACTOR_REMOVED: (
        _("A sign-in method was removed from your {brand} account. Not you? Freeze it now: {stop}"),
        _("{brand}: sign-in method removed. Not you? Freeze it now: {stop}"),
    ),
    Notice.FACTOR_LOST: (
        _("A sign-in method of your {brand} account was reported lost. Not you? Freeze it now: {stop}"),
        _("{brand}: sign-in method lost. Not you? Freeze it now: {stop}"),
    ),
    Notice.FACTOR_FOUND: (
        _("A lost sign-in method of your {brand} account is active again. Not you? Freeze it now: {stop}"),
        _("{brand}: lost method active again. Not you? Freeze it now: {stop}"),
    ),
    Notice.RECOVERY_CODE_USED: (
        _("A recovery code of your {brand} account was used, {left} left. Not you? Freeze it now: {stop}"),
        _("{brand}: recovery code used. Not you? Freeze it now: {stop}"),
    ),
    Notice.PASSKEY_CLONED: (
        _("A passkey of your {brand} account may have been copied. Not you? Freeze it now: {stop}"),
        _("{brand}: passkey maybe copied. Not you? Freeze it now: {stop}"),
    ),
    Notice.SESSIONS_ENDED: (
        _("Sessions of your {brand} account were ended. Not you? Freeze it now: {stop}"),
        _("{brand}: sessions ended. Not you? Freeze it now: {stop}"),
    ),
    Notice.NEW_BROWSER: (
        _("Somebody signed in to your {brand} account from a new browser. Not you? Freeze it now: {stop}"),
        _("{brand}: sign-in from a new browser. Not you? Freeze it now: {stop}"),
    ),
    Notice.NOTICES_JOINED: (
        _("Notices of your {brand} account: {more} more since. Your e-mail has them. Not you? Freeze it now: {stop}"),
        _("{brand}: {more} more since. Not you? Freeze it now: {stop}"),
    ),
    Notice.ACCOUNT_FROZEN: (
        _("Your {brand} account is frozen. Nobody can sign in or change anything. To release it: {sign_in}"),
        _("Your {brand} account is frozen. Nobody can sign in. To release it: {sign_in}"),
    ),
    Notice.ACCOUNT_RELEASED: (
        _("Your {brand} account is released. You can sign in again. Not you? Freeze it now: {stop}"),
        _("{brand}: account released. Not you? Freeze it now: {stop}"),
    ),
}
# To a number that no longer belongs to the account, from which nothing can be stopped.
WITHOUT_STOP: dict[Notice, tuple[str, ...]] = {
    Notice.ACCOUNT_RELEASED: (
        _("Your {brand} account is released. You can sign in again: {sign_in}"),
        _("Your {brand} account is released. Sign in: {sign_in}"),
    ),
}
