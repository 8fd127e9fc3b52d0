"""`renumber staff`: a role is given, changed and taken away, and each refusal is a sentence that says what to do."""

import json

from harness.tables import rows_of
from tests.cli.operator import Operator, Said
from tests.cli.staff.company import keeps_a_colleague

ANNA, COLLEAGUE, ERIKA = "anna@support.example", "agent@company.example", "erika@example.com"


def staff(operator: Operator) -> dict[str, dict[str, object]]:
    """Everybody who has, had or is proposed for a role, by their address."""
    return {each["email"]: each for each in json.loads(operator.runs("staff", "list", "--json").out)}


def refused(said: Said) -> str:
    """The one sentence of a command that was refused, and did nothing."""
    assert (said.code, said.out) == (1, "")
    return said.err.strip()


def open_sessions(operator: Operator, session_id: str) -> int:
    sql = f"SELECT 1 FROM session WHERE session_id = '{session_id}' AND ended_at IS NULL"  # noqa: S608
    return len(rows_of(operator.url, sql))


def test_somebody_new_is_added_changed_and_removed(operator: Operator) -> None:
    assert "Nobody has a role yet." in operator.runs("staff", "list").both

    added = operator.runs("staff", "add", ANNA, "--role", "agent", "--name", "Anna Agent")
    changed = operator.runs("staff", "role", ANNA, "--role", "reviewer", "--as", "olga")
    listed = staff(operator)[ANNA]
    removed = operator.runs("staff", "remove", ANNA)

    assert f"{ANNA} is agent now. A link to choose the password is sent there." in added.out
    assert "sign in with a passkey or an authenticator app" in added.out
    assert changed.out == f"{ANNA} is reviewer now. They sign in anew.\n"
    assert (listed["role"], listed["by"], listed["is_from_provider"]) == ("reviewer", "operator olga", False)
    assert removed.out == f"{ANNA} has no role any more, and was signed out.\n"
    assert staff(operator)[ANNA]["role"] is None


def test_somebody_with_an_account_keeps_their_password_and_needs_no_name(operator: Operator) -> None:
    operator.enters(ERIKA)

    added = operator.runs("staff", "add", ERIKA, "--role", "auditor")

    assert added.code == 0
    assert "A link" not in added.out


def test_what_cant_be_done_is_said_and_nothing_is_done(operator: Operator) -> None:
    operator.enters(ERIKA)

    nobody = [operator.runs("staff", *words) for words in (("remove", ANNA), ("role", ANNA, "--role", "agent"))]
    nobody += [operator.runs("staff", "readmit", ANNA), operator.runs("staff", "add", ANNA, "--role", "agent")]
    bad = operator.runs("staff", "add", "not-an@address@", "--role", "agent", "--name", "Anna Agent")
    chief = operator.runs("staff", "add", ERIKA, "--role", "chief")

    assert {refused(each) for each in nobody} == {f"There is no account for {ANNA}."}
    assert refused(operator.runs("staff", "remove", ERIKA)) == f"{ERIKA} has no role."
    assert refused(operator.runs("staff", "readmit", ERIKA)) == f"{ERIKA} isn't blocked."
    assert bad.err.startswith("This account can't be created: ")
    assert (chief.code, "'chief' is not one of" in chief.err) == (2, True)
    assert staff(operator) == {}


def test_whoever_comes_from_the_company_is_blocked_at_once_and_readmitted(operator: Operator) -> None:
    keeps_a_colleague(operator, COLLEAGUE)

    removed = operator.runs("staff", "remove", COLLEAGUE, "--as", "olga")
    blocked, listed = staff(operator)[COLLEAGUE], operator.runs("staff", "list").out
    again = refused(operator.runs("staff", "remove", COLLEAGUE))
    readmitted = operator.runs("staff", "readmit", COLLEAGUE)
    not_blocked = refused(operator.runs("staff", "readmit", COLLEAGUE))

    assert f"no more, until `renumber staff readmit {COLLEAGUE}`" in removed.out
    assert (blocked["role"], blocked["by"], bool(blocked["blocked_at"])) == (None, "operator olga", True)
    assert "blocked" in listed
    assert open_sessions(operator, "7" * 32) == 0
    assert again == f"{COLLEAGUE} has no role."
    assert readmitted.out.startswith(f"{COLLEAGUE} may sign in with the company account again")
    assert not_blocked == f"{COLLEAGUE} isn't blocked."


def test_an_address_that_comes_from_the_company_gets_no_second_role(operator: Operator) -> None:
    keeps_a_colleague(operator, COLLEAGUE)
    operator.enters(COLLEAGUE)

    taken = refused(operator.runs("staff", "role", COLLEAGUE, "--role", "reviewer"))

    assert staff(operator)[COLLEAGUE]["role"] == "agent"
    assert taken == f"{COLLEAGUE} has a role by the company account already, and nobody can have two."


def test_whose_groups_give_the_role_gets_none_here_and_no_account_for_it(operator: Operator) -> None:
    keeps_a_colleague(operator, COLLEAGUE)
    accounts = operator.counts("account")

    changed = refused(operator.runs("staff", "role", COLLEAGUE, "--role", "reviewer"))
    added = refused(operator.runs("staff", "add", COLLEAGUE, "--role", "agent", "--name", "Anna Agent"))

    assert changed == f"The role of {COLLEAGUE} follows their groups at the company: have it changed there."
    assert added == changed
    assert operator.counts("account") == accounts
