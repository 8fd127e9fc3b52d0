"""The claims about a person, and the scope that asks for each (OpenID Connect Core 5.4)."""

from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.policies.cooling_off import held_until

CHANGED_AT = "urn:renumber:claims:phone_number_changed_at"
HOLD_UNTIL = "urn:renumber:claims:hold_until"
CLAIMS_BY_SCOPE = {
    "profile": ("name", "locale"),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified", CHANGED_AT, HOLD_UNTIL),
}
Claims = dict[str, object]


def allowed_claims(scopes: frozenset[str], allowed: frozenset[str], one_by_one: frozenset[str]) -> frozenset[str]:
    """Name the claims to give: those of the granted scopes, and those asked for one by one, as far as scopes allow."""
    of_scopes = {name for scope in scopes for name in CLAIMS_BY_SCOPE.get(scope, ())}
    may_ask = {name for scope in allowed for name in CLAIMS_BY_SCOPE.get(scope, ())}
    return frozenset(of_scopes | (one_by_one & may_ask))


def claims_of(account: Account, names: frozenset[str], now: datetime, *, hold_for: timedelta) -> Claims:
    """Say these of a person; what there is nothing to say about is left out.

    `phone_number_changed_at` and `hold_until` are seconds since 1970: when the number was last changed, and until when
    that is recent enough to look twice at a payment.
    """
    number, changed_at = account.number, account.number_changed_at
    held = held_until(account, now, hold_for)
    said = {
        "name": account.name,
        "locale": account.locale,
        "email": account.email.text,
        "email_verified": has_shown_mailbox(account),
        "phone_number": number.e164 if number else None,
        "phone_number_verified": not account.numbers.is_unproven if number else None,
        CHANGED_AT: int(changed_at.timestamp()) if changed_at else None,
        HOLD_UNTIL: int(held.timestamp()) if held else None,
    }
    return {name: said[name] for name in sorted(names) if said[name] is not None}


def has_shown_mailbox(account: Account) -> bool:
    """True if something that was mailed to the address came back: a link to a password, or the way to a number."""
    return account.password_mailed_at is not None or account.number_changed_at is not None
