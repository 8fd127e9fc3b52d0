"""The settings of the console and of the company's identity provider: what can't work is told at the start."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from renumber.domain.support.staff import Role
from renumber.settings import Settings
from renumber.settings.settings import SettingsError

SECRET = "0123456789abcdef0123456789abcdef"


def read(given: Mapping[str, str]) -> Settings:
    usual = {
        "RENUMBER_CONSOLE": "on",
        "RENUMBER_BASE_URL": "https://account.example.com",
        "RENUMBER_SECRET_KEY": SECRET,
    }
    return Settings.from_environment({**usual, **{f"RENUMBER_{name}": value for name, value in given.items()}})


@pytest.fixture
def provider(tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    secret.chmod(0o600)
    return {
        "PROVIDER_ISSUER": "https://login.company.example/realm/",
        "PROVIDER_CLIENT_ID": "renumber",
        "PROVIDER_CLIENT_SECRET_FILE": str(secret),
        "PROVIDER_ROLES": "/support=agent, CN=Leads=reviewer",
    }


def test_a_provider_is_read_as_it_is_written(provider: dict[str, str]) -> None:
    settings = read({**provider, "PROVIDER_AMR": "hwk, swk", "PROVIDER_ACR": "c1", "PROVIDER_SESSION_FOR": "4h"})

    rules = settings.provider
    assert rules.issuer == "https://login.company.example/realm/"
    assert rules.roles == (("/support", Role.AGENT), ("CN=Leads", Role.REVIEWER))
    assert (rules.amr, rules.acr) == (("hwk", "swk"), ("c1",))
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"CONSOLE": "off"}, "switch RENUMBER_CONSOLE on"),
        ({"PROVIDER_ISSUER": ""}, "RENUMBER_PROVIDER_ISSUER: set it"),
        ({"PROVIDER_ISSUER": "http://login.company.example"}, "write the provider's issuer"),
        ({"PROVIDER_ISSUER": "https://login.company.example?a=b"}, "without anything after ?"),
        ({"PROVIDER_CLIENT_ID": ""}, "RENUMBER_PROVIDER_CLIENT_ID: set it"),
        ({"PROVIDER_ROLES": ""}, "RENUMBER_PROVIDER_ROLES: set it"),
        ({"PROVIDER_ROLES": "support"}, "write group=role"),
        ({"PROVIDER_ROLES": "support=chief"}, "write group=role"),
        ({"PROVIDER_ROLES": "support=agent,support=reviewer"}, "name each group once"),
        ({"PROVIDER_CLIENT_SECRET_FILE": ""}, "set one of them"),
        ({"PROVIDER_CLIENT_SECRET_FILE": "/nowhere"}, "can't be read"),
        ({"PROVIDER_CLIENT_KEY_FILE": "secret"}, "holds no private key"),
        ({"PROVIDER_SCOPE": "profile"}, "keep `openid`"),
        ({"PROVIDER_AMR": "hwk,,swk"}, "write values as the provider does"),
        ({"PROVIDER_SESSION_FOR": "48h"}, "write a duration"),
        ({"CONSOLE_ORIGIN": "https://account.example.com:8443"}, "choose another host name"),
        ({"CONSOLE_ORIGIN": "https://console.example.com/console"}, "without a path"),
        ({"CONSOLE_NETWORKS": "0.0.0.0/0"}, "leave it empty"),
        ({"CONSOLE_NETWORKS": "the office"}, "write networks"),
        ({"CONSOLE_HERE": "no", "CONSOLE": "off"}, "leave it on where RENUMBER_CONSOLE_HERE is no"),
        (
            {
                "CONSOLE": "off",
                "PROVIDER_ISSUER": "",
                "PROVIDER_CLIENT_ID": "",
                "PROVIDER_ROLES": "",
                "CONSOLE_NETWORKS": "10.0.0.1",
            },
            "RENUMBER_CONSOLE: switch it on",
        ),
    ],
)
def test_what_cant_work_is_told_in_a_sentence(provider: dict[str, str], wrong: dict[str, str], said: str) -> None:
    files = {"secret": provider["PROVIDER_CLIENT_SECRET_FILE"]}

    with pytest.raises(SettingsError, match=re.escape(said)):
        read({**provider, **{name: files.get(value, value) for name, value in wrong.items()}})


def test_others_read_no_secret_of_the_provider(provider: dict[str, str]) -> None:
    Path(provider["PROVIDER_CLIENT_SECRET_FILE"]).chmod(0o644)

    with pytest.raises(SettingsError, match="others can read"):
        read(provider)
