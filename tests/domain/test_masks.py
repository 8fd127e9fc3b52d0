"""No number, address, name, hash or token shows itself where a value is printed: in logs, traces and error pages."""

import dataclasses
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import phonenumbers
import pytest

from renumber import domain
from renumber.domain.applications.journey import Journey, JourneyKind
from renumber.domain.audit.entries import ChainedEntry, ChainProof, EntryFilter, EntryKey, SignedCheckpoint, TimeRange
from renumber.domain.challenge import Challenge, CodeIntent
from renumber.domain.email_address import EmailAddress
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, Proven
from renumber.domain.factor_list import FactorItem, FactorList
from renumber.domain.messages.link import derivation
from renumber.domain.messages.message import (
    Channel,
    Claimed,
    Dead,
    Delivery,
    DeliveryState,
    Expired,
    Message,
    Notice,
    Reservation,
    Retry,
    Sent,
    TextBudget,
)
from renumber.domain.number_history import NumberHistory
from renumber.domain.oidc.grant import AccessToken, Consent, Grant, Redemption
from renumber.domain.oidc.holding import Holding
from renumber.domain.oidc.request import AuthorizationRequest
from renumber.domain.organisations.company_wait import CompanyWait
from renumber.domain.organisations.membership import Administrator, Membership
from renumber.domain.organisations.organisation import Organisation
from renumber.domain.outcomes import Step
from renumber.domain.passkey import Made, Shown
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.domain.push.device import Scan
from renumber.domain.recovery_codes import RecoveryCodes
from renumber.domain.session import OpenSession, Ticket
from renumber.domain.support.case_evidence import CaseEvidence, EvidenceKind
from renumber.domain.support.staff import Role, Staff, StaffMember, StaffRequest
from renumber.domain.support.staff_identity import StaffIdentity
from renumber.domain.totp import Slot, TotpKey
from tests.builders import (
    ACCOUNT,
    EMAIL,
    NEW,
    NOON,
    OLD,
    OTHER,
    a_case,
    a_challenge,
    a_change,
    a_check,
    a_device,
    a_link,
    a_passkey,
    a_prompt,
    a_proof,
    a_session,
    a_sign_in,
    a_wait,
    an_account,
    an_authenticator,
    an_errand,
)

SECRETS = ("0171", "171392", EMAIL.text, "erika", "Muster", "$argon2id", "203.0.113", "a token", "token key", "key'")


def a_message() -> Message:
    derived = a_challenge().derived
    about = {"name": "Erika Muster", "ip": "203.0.113.7", "number": OLD.masked}
    return Message(
        message_id="0" * 32,
        account_id=ACCOUNT,
        channel=Channel.EMAIL,
        notice=Notice.NUMBER_RESET,
        to=EMAIL.text,
        locale="de",
        params=about,
        created_at=NOON,
        expires_at=None,
        code=derived,
        action=derived,
        stop=derived,
    )


EXAMPLES: list[Any] = [
    EMAIL,
    OLD,
    an_account(former_number=OTHER, former_until=NOON),
    NumberHistory(present=OLD, former=OTHER, former_until=NOON),
    RecoveryCodes(account_id=ACCOUNT, salt=b"key's salt", digests=(b"key's digest",), made_at=NOON),
    a_device(),
    a_device().subscription,
    Scan(link_id="6" * 32, session_id="5" * 32, expires_at=NOON),
    a_prompt(),
    TotpKey(account_id=ACCOUNT, slot=Slot.IN_USE, key=b"key's own bytes", made_at=NOON),
    an_authenticator(),
    a_passkey(),
    Made(
        credential_id=b"its id: erika",
        public_key=b"key's own bytes",
        sign_count=1,
        transports=(),
        is_backup_eligible=False,
        is_backed_up=False,
    ),
    Shown(sign_count=1, is_user_verified=True, is_backup_eligible=False, is_backed_up=False),
    a_challenge(),
    an_errand(),
    a_challenge().derived,
    derivation(a_link().purpose, ACCOUNT, "8" * 32, key_id="0a1b2c3d"),
    a_link(),
    a_message(),
    TextBudget(account_id=ACCOUNT, number_key=b"key's digest"),
    Claimed(message=a_message(), attempts=0, claim="claim", provider=0),
    Reservation((Claimed(message=a_message(), attempts=0, claim="claim", provider=0),), NOON),
    Sent("gateway"),
    Retry(NOON, "busy"),
    Dead("rejected"),
    Delivery(DeliveryState.SENT, written_at=NOON),
    Expired(),
    a_change(new_number=NEW, reset_key=b"reset key"),
    a_proof(),
    a_session(),
    OpenSession(session_id="5" * 32, browser="Firefox on Windows", ip="203.0.113.7", created_at=NOON, seen_at=NOON),
    FactorItem(factor=Factor.TOTP, key="in_use", made_at=NOON, name="Erika Muster's phone"),
    FactorList([FactorItem(factor=Factor.TOTP, key="in_use", made_at=NOON, name="Erika Muster's phone")]),
    Ticket(ACCOUNT, "5" * 32, "a token"),
    a_sign_in(),
    a_wait(),
    Proven(Factor.TOTP, NOON),
    Evidence().with_reason("Erika Muster called from 0171"),
    AuthorizationRequest(
        client_id="shop",
        redirect_uri="https://shop.example/callback",
        state="a token",
        nonce="a token",
        login_hint=EMAIL.text,
        scopes=frozenset({"openid"}),
        asked_at=NOON,
    ),
    Redemption(client_id="shop", redirect_uri="https://shop.example/callback", challenge="a token"),
    Grant(
        account_id=ACCOUNT,
        grant_id="4" * 32,
        client_id="shop",
        session_id="5" * 32,
        is_offline=False,
        redirect_uri="https://shop.example/callback",
        challenge="a token",
        nonce="a token",
        scopes=frozenset({"openid"}),
        acr="urn:renumber:acr:device",
        amr=("pwd",),
        authenticated_at=NOON,
        code_key=b"token key",
        code_expires_at=NOON,
        given_at=NOON,
        expires_at=NOON,
    ),
    AccessToken(
        account_id=ACCOUNT,
        token_id="3" * 32,
        grant_id="4" * 32,
        token_key=b"token key",
        scopes=frozenset({"openid"}),
        issued_at=NOON,
        expires_at=NOON,
    ),
    Holding(client_id="shop", scopes=frozenset({"openid"}), since=NOON, last_at=NOON, is_offline=False),
    Consent(account_id=ACCOUNT, client_id="shop", scopes=frozenset({"openid"}), given_at=NOON),
    Journey(JourneyKind.CHANGE_PHONE, "shop", "https://shop.example/settings"),
    Staff(ACCOUNT, Role.AGENT),
    StaffRequest(staff=Staff("1" * 32, Role.AGENT), account_id=ACCOUNT, reason="Erika Muster called from 0171"),
    StaffMember(account_id=ACCOUNT, role=Role.AGENT),
    Membership(organisation_id="3" * 32, since=NOON),
    Administrator(ACCOUNT, "3" * 32),
    Organisation(account_id="3" * 32, name="Example GmbH", changes_wait=True, created_at=NOON),
    CompanyWait(until=NOON, goes_on=False),
    CaseEvidence(kind=EvidenceKind.CALL_BACK, by="1" * 32, at=NOON, reference="Erika Muster at 0171"),
    a_case(),
    a_check(number_key=b"key's digest"),
    StaffIdentity(
        account_id=ACCOUNT,
        identity_key=b"key's digest",
        email_key=b"key's digest",
        issuer="https://id.example",
        signed_in_at=NOON,
    ),
    EntryFilter(times=TimeRange(since=NOON), account_id=ACCOUNT),
    TimeRange(since=NOON),
    ChainProof(
        account_id=ACCOUNT,
        at=NOON,
        first=1,
        last=1,
        last_hash=bytes(32),
        findings=(),
        unsigned=0,
        checkpoint=None,
        sealed_to=0,
    ),
    ChainedEntry(
        account_id=ACCOUNT,
        seq=1,
        at=NOON,
        actor="owner",
        act="signed_in",
        subject="",
        evidence="password, phone",
        origin_digest=bytes(32),
        hash=bytes(32),
    ),
    SignedCheckpoint(number=1, at=NOON, chains=1, accounts=1, rows=1, anchor="1 0a1b2c3d"),
    EntryKey(ACCOUNT, 1),
    Step(a_session()),
]


def dataclasses_of_the_domain() -> Iterator[type]:
    for module in walk_packages(domain.__path__, "renumber.domain."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.name:
                yield value


def test_every_value_of_the_domain_has_an_example_here() -> None:
    assert {type(example) for example in EXAMPLES} == set(dataclasses_of_the_domain())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_a_printed_value_hides_what_identifies_a_person_or_opens_a_door(example: Any) -> None:
    for printed in (repr(example), str(example), f"{example}", repr([example]), repr(Step(example))):
        assert not [secret for secret in SECRETS if secret in printed]
        assert not re.search(r"\+?\d{7,}(?!-)", re.sub(r"[0-9a-f]{32}|0a1b2c3d|\d{4}, ", "", printed))


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("mail.XN--BCHER-KVA.example", "mail.bücher.example"),
        ("xn--strae-oqa.de", "straße.de"),
        ("xn--r8jz45g.xn--zckzah", "例え.テスト"),
        ("xn--e1afmkfd.xn--80akhbyknj4f", "пример.испытание"),
        ("xn--4dbrk0ce.example", "xn--4dbrk0ce.example"),  # ישראל would turn what stands around it
        ("xn--bcher-kva\u2028.example", "xn--bcher-kva\u2028.example"),
        ("xn--.example", "xn--.example"),
        ("xn--99999999999.example", "xn--99999999999.example"),
        ("xn--example.com", "xn--example.com"),  # would have a capital, which no U-label has
        ("xn--abc-.example", "xn--abc-.example"),
    ],
)
def test_a_masked_address_shows_its_domain_as_people_read_it(domain: str, shown: str) -> None:
    assert EmailAddress(f"anna@{domain}").masked == f"a…@{shown}"


def test_a_masked_number_shows_its_last_three_digits_and_a_masked_address_its_first_letter() -> None:
    assert OLD.masked == "+49 ••• ••• 001"
    assert masked(OLD) == OLD.masked
    assert masked(None) == ""
    assert EMAIL.masked == "e…@example.com"
    assert EmailAddress("a@b@example.com").masked == "a…@example.com"


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
@pytest.mark.parametrize("rest", ["2345678", "99999999999"])
def test_a_masked_number_keeps_its_country_code_and_never_shows_how_long_it_is(code: int, rest: str) -> None:
    assert PhoneNumber(f"+{code}{rest}").masked == f"+{code} ••• ••• {rest[-3:]}"


def test_one_mailbox_has_one_key_however_it_is_spelt() -> None:
    assert EmailAddress("  Erika@Example.COM ").key == EMAIL.key
    assert EmailAddress("JÖRG@example.com").key == EmailAddress("jörg@example.com").key


def test_two_mailboxes_are_never_taken_for_one() -> None:
    assert EmailAddress("straße@example.com").key != EmailAddress("strasse@example.com").key


@pytest.mark.parametrize("text", ["", "0171", "+0171392001", "+49", "49171392001", "+49 171 392001", "+" + "1" * 16])
def test_only_e164_is_a_phone_number(text: str) -> None:
    with pytest.raises(AssertionError, match="parsed before"):
        PhoneNumber(text)


def test_digits_of_other_scripts_are_no_phone_number() -> None:
    with pytest.raises(AssertionError, match="parsed before"):
        PhoneNumber("+4\u0669171392001")


def test_the_types_that_hold_a_destination_hide_it() -> None:
    hidden = {field.name: field.repr for kind in (Challenge, CodeIntent) for field in dataclasses.fields(kind)}

    assert hidden["destination"] is False
