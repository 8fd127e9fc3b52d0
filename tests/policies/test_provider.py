"""What the company's identity provider says of somebody, and the one role that it makes of their groups."""

from datetime import timedelta
from itertools import combinations

import pytest

from renumber.domain.outcomes import Refusal
from renumber.domain.support.staff import Role
from renumber.policies.support.acts import MAY, SupportAct
from renumber.policies.support.provider import (
    STRONGEST_FIRST,
    Claims,
    ProviderPerson,
    ProviderRules,
    is_for_us,
    person_of,
    role_of,
)
from renumber.settings.console.provider import groups
from tests.builders import NOON

RULES = ProviderRules(
    issuer="https://login.company.example",
    client_id="the console",
    roles=groups("support=agent, leads=reviewer, it=administrator, audit=auditor, CN=Night shift=agent"),
)
GROUP = {Role.AGENT: "support", Role.REVIEWER: "leads", Role.ADMINISTRATOR: "it", Role.AUDITOR: "audit"}
ANNA: Claims = {"sub": "anna", "email": "anna@company.example", "amr": ["otp"], "groups": ["support"]}


@pytest.mark.parametrize("held", [held for size in (1, 2, 3, 4) for held in combinations(Role, size)])
def test_of_several_roles_the_one_counts_that_judges_the_work_of_the_others(held: tuple[Role, ...]) -> None:
    claims = {"groups": ["everybody", *(GROUP[role] for role in held)]}

    assert role_of(claims, RULES) is min(held, key=STRONGEST_FIRST.index)


def test_whoever_is_agent_and_reviewer_opens_no_case_that_they_could_approve() -> None:
    role = role_of({"groups": ["support", "leads"]}, RULES)

    assert role is Role.REVIEWER
    assert role not in MAY[SupportAct.OPEN_CASE]


@pytest.mark.parametrize(
    ("claims", "name", "role"),
    [
        ({"groups": "support"}, "groups", Role.AGENT),
        ({"groups": []}, "groups", None),
        ({"groups": None}, "groups", None),
        ({"groups": {"support": True}}, "groups", None),
        ({"groups": ["Support", " support", "support "]}, "groups", None),
        ({"groups": [["support"]]}, "groups", None),
        ({"realm_access": {"roles": ["support"]}}, "realm_access.roles", Role.AGENT),
        ({"https://company.example/groups": ["support"]}, "https://company.example/groups", Role.AGENT),
        ({"realm_access": "roles"}, "realm_access.roles", None),
        ({}, "groups", None),
        ({"groups": ["x"] * 5000 + ["support"]}, "groups", None),
    ],
)
def test_groups_are_compared_whole_in_whatever_claim_they_stand(claims: Claims, name: str, role: Role | None) -> None:
    rules = ProviderRules(groups_claim=name, roles=RULES.roles)

    assert role_of(claims, rules) is role


@pytest.mark.parametrize(
    ("claims", "shown_by"),
    [
        ({"amr": ["pwd", "otp"]}, "otp"),
        ({"amr": ["pwd", "mfa"]}, "mfa"),
        ({"amr": ["pwd", "hwk", "mfa"]}, "mfa hwk"),
        ({"amr": ["fpt"]}, "fpt"),
        ({"amr": "swk"}, "swk"),
        ({"acr": "gold"}, "gold"),
        ({"acrs": ["silver", "gold"]}, "gold"),
        ({"amr": ["pwd"]}, None),
        ({"amr": ["pwd", "sms"]}, None),
        ({"amr": ["pwd", "sms", "mfa"]}, None),
        ({"amr": ["pwd", "tel", "mfa"]}, None),
        ({"amr": ["pwd", "pin", "kba"]}, None),
        ({"amr": ["pwd", "mfa", "kba"]}, None),
        ({"amr": ["pwd", "mfa", "kba", "otp"]}, "otp"),
        ({"amr": ["MFA"]}, None),
        ({"amr": [], "acr": "silver"}, None),
        ({"amr": {"mfa": True}}, None),
        ({"acr": 2}, None),
        ({}, None),
    ],
)
def test_a_second_factor_has_to_be_shown(claims: Claims, shown_by: str | None) -> None:
    rules = ProviderRules(roles=RULES.roles, acr=("gold",))

    person = person_of({**{name: ANNA[name] for name in ("sub", "email", "groups")}, **claims}, rules)

    assert (person.shown_by if isinstance(person, ProviderPerson) else person) == (
        shown_by or Refusal.PROVIDER_FACTOR_MISSING
    )


def test_an_operator_may_take_texts_for_a_second_factor() -> None:
    rules = ProviderRules(roles=RULES.roles, amr=("mfa", "sms"))

    assert isinstance(person_of({**ANNA, "amr": ["pwd", "sms", "mfa"]}, rules), ProviderPerson)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": None},
        {"email": ""},
        {"email": "anna"},
        {"email": ["anna@company.example"]},
        {"email": "anna@company.example\r\nBcc: a@b.example"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
    ],
)
def test_without_a_confirmed_address_nobody_enters(wrong: Claims) -> None:
    """Else nobody could tell whether an account is their own."""
    assert person_of({**ANNA, **wrong}, RULES) is Refusal.PROVIDER_ADDRESS_MISSING


@pytest.mark.parametrize(
    ("given", "name"),
    [("Anna  Agent ", "Anna Agent"), (None, ANNA["email"]), (7, ANNA["email"]), ("\u202egnA", ANNA["email"])],
)
def test_a_name_is_one_that_people_can_read(given: object, name: str) -> None:
    person = person_of({**ANNA, "name": given}, RULES)

    assert isinstance(person, ProviderPerson)
    assert person.name == name


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (0, 300, True),
        (60, 300, True),
        (61, 300, False),
        (-600, 300, True),
        (-661, 300, False),
        (-300, -59, True),
        (-300, -60, False),
    ],
)
def test_a_token_is_of_now_by_clocks_that_differ_by_a_minute_at_most(since: int, until: int, *, holds: bool) -> None:
    at = int(NOON.timestamp())
    claims = {"iss": RULES.issuer, "aud": RULES.client_id, "sub": "anna", "nonce": "n"}

    assert is_for_us({**claims, "iat": at + since, "exp": at + until}, RULES, NOON, nonce="n") is holds
    assert not is_for_us({**claims, "iat": at, "exp": at + 300}, RULES, NOON + timedelta(minutes=7), nonce="n")
