"""Threat: codes that go to a stranger, because the number in a file was read as another (NIST SP 800-63B-4 3.1.3)."""

from pathlib import Path

import pytest

from harness.person import STOP
from harness.server import Server

HASH = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaJObG0ozwl8xgwS0"


@pytest.mark.parametrize("column", ["", "DE"])
def test_a_number_without_its_plus_never_becomes_a_stranger_s(server: Server, tmp_path: Path, column: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f'email,name,phone,country,password_hash\nalice@example.com,Alice,17185551234,{column},"{HASH}"\n')
    before = server.rows("SELECT count(*) AS found FROM account")

    with pytest.raises(AssertionError, match="line 2: the phone number can't be used"):
        server.run("account", "import", str(file))

    assert server.rows("SELECT count(*) AS found FROM account") == before


def test_whoever_first_signs_in_with_an_imported_number_is_told_to_the_mailbox_which_can_stop_it(
    server: Server,
) -> None:
    person = server.person(verified=False)

    person.sign_in()
    told = person.mail("confirmed for the first time")
    person.press(told.link(STOP), server.visitor())

    assert person.account["state"] == "frozen"
    assert person.told("number_proven") == {"email": 1}
