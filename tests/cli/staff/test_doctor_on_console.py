"""`renumber doctor` says where the console is, who reaches it, and what can't work there."""

from tests.cli.operator import Operator

PUBLIC = {
    "RENUMBER_BASE_URL": "https://account.example.com",
    "RENUMBER_CONSOLE": "on",
    "RENUMBER_CLOCK_OFFSET_FILE": "",
}


def about_console(operator: Operator, **more: str) -> list[str]:
    """The lines of the console and of its identity provider."""
    operator.more = {**PUBLIC, **{f"RENUMBER_{name}": value for name, value in more.items()}}
    lines = operator.runs("doctor").out.splitlines()
    said = [" ".join(line.split()) for line in lines]
    return [line for line in said if line.split()[1] in {"console", "console:", "identity"}]


def test_a_console_that_is_off_is_not_mentioned(alone: Operator) -> None:
    assert about_console(alone, CONSOLE="off") == []


def test_where_it_is_and_that_anybody_reaches_it(alone: Operator) -> None:
    assert about_console(alone) == [
        "ok console at https://account.example.com/console: reached from anywhere: RENUMBER_CONSOLE_NETWORKS narrows it"
    ]


def test_an_origin_and_networks_of_its_own_and_the_note_on_passkeys(alone: Operator) -> None:
    origin, networks = "https://console.example.com", "10.20.0.0/16,192.0.2.7"

    said = about_console(alone, CONSOLE_ORIGIN=origin, CONSOLE_NETWORKS=networks, TRUSTED_PROXIES="10.0.0.0/8")

    assert said == [
        "ok console at https://console.example.com/console: reached from 10.20.0.0/16, 192.0.2.7/32",
        "ok console: passkeys work at RENUMBER_BASE_URL alone: staff signs in there with an authenticator app",
    ]


def test_where_another_process_has_its_pages_it_says_so(alone: Operator) -> None:
    said = about_console(alone, CONSOLE_HERE="no", CONSOLE_ORIGIN="https://console.example.com")

    assert said == ["ok console: another `renumber serve` has its pages: run doctor with its settings too"]


def test_networks_behind_a_proxy_that_is_not_named_are_wrong(alone: Operator) -> None:
    said = about_console(alone, CONSOLE_NETWORKS="10.20.0.0/16")

    sentence = "RENUMBER_CONSOLE_NETWORKS sees your proxy's address alone: name it in RENUMBER_TRUSTED_PROXIES."
    assert f"! console: {sentence}" in said


def test_the_identity_provider_is_named(alone: Operator) -> None:
    secret = alone.writes("provider.secret", "a secret that is long enough\n")
    secret.chmod(0o600)

    said = about_console(
        alone,
        CONSOLE_ORIGIN="https://console.example.com",
        PROVIDER_ISSUER="https://login.company.example",
        PROVIDER_CLIENT_ID="renumber-console",
        PROVIDER_CLIENT_SECRET_FILE=str(secret),
        PROVIDER_ROLES="support=agent",
    )

    assert said[1:] == ["ok identity provider https://login.company.example: for staff"]
