"""The settings: defaults that work, problems that are told all at once, secrets that never show."""

from dataclasses import fields
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.factor import Factor
from renumber.policies.limits import Limits
from renumber.policies.methods import STRONGEST_FIRST
from renumber.policies.numbers import NumberRules
from renumber.policies.push_hosts import KNOWN, PushHost
from renumber.settings import TABLE, Settings, SettingsError, describe, unknown_names
from renumber.settings.json_logs import JsonLogs
from renumber.settings.table import Setting

SECRETS = {
    "RENUMBER_SECRET_KEY": "hush-1-" + "x" * 32,
    "RENUMBER_DATABASE_URL": "postgresql://renumber:hush-2@db.example/renumber?sslpassword=hush-3",
    "RENUMBER_SMTP_URL": "smtp://post:hush-4@mail.example:587?tls=starttls",
    "RENUMBER_SMS_URL": "twilio://AC1:hush-5@+4915000, https+json://key:hush-6@sms.example/send?token=hush-7",
    "RENUMBER_METRICS_TOKEN": "hush-8-xxxxxxxxxxxx",
}
IN_SERVICE = {
    "RENUMBER_BASE_URL": "https://account.example.com",
    "RENUMBER_SMTP_URL": "smtp://mail.example",
    "RENUMBER_MAIL_FROM": "Example Card <no-reply@example.com>",
    "RENUMBER_SMS_URL": "https+json://sms.example/send",
    "RENUMBER_SUPPORT_CONTACT": "support@example.com",
}


def settings_with(**texts: str) -> Settings:
    """Read an environment in which these names, without their prefix, are set."""
    return Settings.from_environment({f"RENUMBER_{name}": text for name, text in texts.items()})


def problems_with(**texts: str) -> tuple[str, ...]:
    """Read an environment that can't be used, and give what is told."""
    with pytest.raises(SettingsError) as caught:
        settings_with(**texts)
    return caught.value.problems


def test_a_sender_without_a_name_is_shown_with_the_brand() -> None:
    bare = settings_with(MAIL_FROM="no-reply@example.com", BRAND="Example Card")
    named = settings_with(MAIL_FROM="Card <a@example.com>", BRAND="Example Card")

    assert str(bare.sender) == "Example Card <no-reply@example.com>"
    assert str(named.sender) == "Card <a@example.com>"
    assert Settings.from_environment({}).sender is None


def test_the_defaults_of_the_policies_are_read_back_from_the_table() -> None:
    settings = Settings.from_environment({})

    assert settings.limits == Limits()
    assert settings.numbers == NumberRules()
    assert settings.methods == STRONGEST_FIRST
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == "sqlite:///renumber.db"
    assert (settings.argon2.memory, settings.argon2.time, settings.argon2.parallelism) == (19456, 2, 1)


def test_every_limit_and_rule_has_a_row_that_says_what_it_means() -> None:
    rows = {row.field for row in TABLE}

    assert {each.name for kind in (Limits, NumberRules) for each in fields(kind)} <= rows
    assert all(row.meaning for row in TABLE)
    assert len({row.name for row in TABLE}) == len(TABLE)


def test_an_empty_text_counts_as_not_set() -> None:
    assert settings_with(BASE_URL="", LINK_FOR=" ", MAIL_FROM="") == Settings.from_environment({})


def test_what_is_set_is_read() -> None:
    settings = settings_with(
        BASE_URL="https://Account.Example.com/",
        SMS_URL="https+json://one.example/a,b?x=1, twilio://SID:TOKEN@+491500",
        TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.1,2001:db8::/32",
        ALLOWED_COUNTRIES="de,at",
        RESEND_PAUSES="10s,1min",
        HOLD_FOR="0",
        LOCALES="en",
        BRAND_COLOR="#05F",
        JSON_LOGS="off",
        ACCOUNTS_PER_NUMBER="3",
        METHODS="passkey, app",
    )

    assert settings.base_url == "https://account.example.com"
    assert [url.endpoint.geturl() for url in settings.sms_urls] == [
        "https://one.example/a,b?x=1",
        "https://api.twilio.com",
    ]
    assert settings.trusted_proxies == tuple(map(ip_network, ("10.0.0.0/8", "127.0.0.1/32", "2001:db8::/32")))
    assert settings.numbers == NumberRules(allowed_countries=("DE", "AT"), default_country="DE", accounts_per_number=3)
    assert settings.limits.resend_pauses == (timedelta(seconds=10), timedelta(minutes=1))
    assert settings.methods == (Factor.PASSKEY, Factor.TOTP)
    assert settings.limits.hold_for == timedelta()
    assert (settings.locales, settings.brand_color, settings.json_logs) == (("en",), "#0055ff", JsonLogs.NO)


def test_all_problems_are_told_at_once_each_with_its_name() -> None:
    problems = problems_with(
        BASE_URL="example", LINK_FOR="soon", CODE_CHECKS="-1", TIME_ZONE="Mars/Phobos", LOCALES="zz"
    )

    assert [problem.split(":")[0].removeprefix("RENUMBER_") for problem in problems] == [
        "BASE_URL",
        "LOCALES",
        "TIME_ZONE",
        "LINK_FOR",
        "CODE_CHECKS",
    ]


def test_disagreements_between_settings_are_told_all_at_once() -> None:
    problems = problems_with(
        BASE_URL="https://account.example.com",
        DEVELOPMENT="yes",
        CLOCK_OFFSET_FILE="offset",
        WARN_AFTER="10",
        IDLE_FOR="25h",
        SENDS_PER_WINDOW="11",
        SIGN_IN_DELAY="1min",
        SIGN_IN_DELAY_CAP="30s",
        ALLOWED_COUNTRIES="AT,CH",
        PASSWORD_MIN="64",
        PASSWORD_MAX="64",
    )

    assert len(problems) == 7


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BASE_URL", "http://account.example.com"),
        ("BASE_URL", "https://account.example.com/path"),
        ("BASE_URL", "https://user@account.example.com"),
        ("BASE_URL", "https://account.example.com?x"),
        ("BASE_URL", "https://account.example.com:port"),
        ("BASE_URL", "ftp://account.example.com"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://acc ount.example.com"),
        ("BASE_URL", "https://*.example.com"),
        ("BASE_URL", "https://-account.example.com"),
        ("BASE_URL", "https://münchen.example"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "sqlite:///renumber.db?mode=ro"),
        ("DATABASE_URL", "sqlite:////nowhere/renumber.db"),
        ("DATABASE_URL", "sqlite:////tmp"),
        ("DATABASE_URL", f"sqlite:////tmp/{'x' * 300}"),
        ("DATABASE_URL", "postgresql://renumber@host/name?sslmode=sometimes"),
        ("DATABASE_URL", "postgresql://renumber@host/name?sslmode=verify-full&sslrootcert=/nowhere/ca.pem"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql://host"),
        ("SECRET_KEY", "short"),
        ("METRICS_TOKEN", "short"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "smtp://mail.example?tls=none"),
        ("SMTP_URL", "smtp://mail.example?tls=perhaps"),
        ("SMTP_URL", "smtp://mail.example?tsl=starttls"),
        ("SMTP_URL", "smtp://post@mail.example"),
        ("SMTP_URL", "smtp://mail.localhost?tls=none"),
        ("SMS_URL", "sms.example"),
        ("SMS_URL", "http+json://sms.example/send"),
        ("SMS_URL", "https+json://one.example/a, http+json://sms.example/send"),
        ("SMS_URL", "https://sms.example/send"),
        ("SMS_URL", "carrier://key:secret@sms.example/send"),
        ("SMS_URL", "twilio://SID"),
        ("SMS_URL", "twilio://SID:TOKEN@"),
        ("SMS_URL", "twilio://SID:TOKEN@+491500?api=http://api.twilio.example"),
        ("MAIL_FROM", "Example Card"),
        ("MAIL_FROM", "Example, Card <no-reply@example.com>"),
        ("MAIL_FROM", "One <one@example.com>, Two <two@example.com>"),
        ("MAIL_FROM", "no..reply@example.com"),
        ("MAIL_FROM", "a@b@c.example"),
        ("MAIL_FROM", "Example <no-reply@example.com>\nBcc: everyone@example.com"),
        ("METHODS", "passkey, fax"),
        ("METHODS", "mailbox"),
        ("METHODS", "app, app"),
        ("METHODS", "recovery-code"),
        ("BRAND", "Example\r\nCard"),
        ("BRAND", "x" * 33),
        ("BRAND_COLOR", "blue"),
        ("BRAND_COLOR", "#12345"),
        ("BRAND_LOGO", "/nowhere/logo.svg"),
        ("IMPRINT_URL", "http://example.com/imprint"),
        ("IMPRINT_URL", "example.com/imprint"),
        ("IMPRINT_URL", "javascript:alert(1)"),
        ("PRIVACY_URL", "https://"),
        ("PRIVACY_URL", 'https://example.com/"><script>'),
        ("PRIVACY_URL", "https://a:b@example.com/"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,"),
        ("LOCALES", ","),
        ("LOCALES", "de,zz"),
        ("RESEND_PAUSES", ","),
        ("TIME_ZONE", "../../etc/passwd"),
        ("TIME_ZONE", "Berlin"),
        ("ALLOWED_COUNTRIES", "Germany"),
        ("ALLOWED_COUNTRIES", "DE,UK"),
        ("DEFAULT_COUNTRY", "ZZ"),
        ("LOCALES", "de,de"),
        ("LINK_FOR", "8d"),
        ("LINK_FOR", "0"),
        ("LINK_FOR", "24"),
        ("LINK_FOR", "-1h"),
        ("CODE_FOR", "11min"),
        ("CODE_CHECKS", "0"),
        ("CODE_CHECKS", "11"),
        ("CODE_CHECKS", "\N{ARABIC-INDIC DIGIT FIVE}"),
        ("PASSWORD_MIN", "7"),
        ("WORKERS", "0"),
        ("PASSWORD_THREADS", "many"),
        ("JSON_LOGS", "perhaps"),
    ],
)
def test_what_is_unsafe_or_unclear_is_refused_by_name(name: str, text: str) -> None:
    problems = problems_with(**{name: text})

    assert len(problems) == 1
    assert problems[0].startswith(f"RENUMBER_{name}: ")
    assert problems[0].endswith(".")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BASE_URL", "http://localhost:8000"),
        ("BASE_URL", "http://[::1]:8000"),
        ("BASE_URL", "http://127.9.9.9"),
        ("SMTP_URL", "smtp://127.0.0.1:2525?tls=none"),
        ("SMTP_URL", "smtps://user:pass%40word@mail.example"),
        ("SMS_URL", "http+json://127.0.0.1:9000/send"),
        ("MAIL_FROM", "no-reply@example.com"),
        ("MAIL_FROM", '"Example, Card" <no-reply@example.com>'),
        ("SMTP_URL", "smtp://post@example.com:hush@mail.example"),
        ("SMS_URL", "twilio://SID:TOKEN@Example Card"),
        ("BASE_URL", "https://xn--mnchen-3ya.example"),
        ("BASE_URL", "http://account.localhost:8000"),
        ("DATABASE_URL", "postgresql://renumber:p%40ss@host/renumber?sslmode=require"),
        ("MAIL_FROM", "Müller & Söhne <post@example.com>"),
        ("CLOCK_OFFSET_FILE", "offset"),
        ("DEVELOPMENT", "yes"),
        ("PASSWORD_THREADS", "4"),
        ("DATABASE_URL", "postgresql:///renumber"),
    ],
)
def test_what_is_near_or_protected_is_accepted(name: str, text: str) -> None:
    assert settings_with(**{name: text}).texts[name.lower() + ("s" if name == "SMS_URL" else "")] == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", "postgresql://renumber:hush@hush@host/renumber"),
        ("DATABASE_URL", "postgresql://renumber:12/hush@host/renumber"),
        ("DATABASE_URL", "postgresql://renumber:hush#hush@host/renumber"),
        ("SMTP_URL", "smtp://post:hush/hush@mail.example"),
        ("SMTP_URL", "smtp://post:12/hush@mail.example"),
        ("SMS_URL", "https+json://:hush/hush@sms.example/send"),
    ],
)
def test_a_password_that_breaks_its_address_is_told_how_to_be_spelt_and_not_shown(name: str, text: str) -> None:
    (problem,) = problems_with(**{name: text})

    assert "@ as %40, / as %2F" in problem
    assert "hush" not in problem


def test_a_key_and_a_file_of_keys_together_are_refused() -> None:
    problems = problems_with(SECRET_KEY="x" * 32, SECRET_KEY_FILE="renumber.key")

    assert len(problems) == 1


@given(text=st.text(max_size=60), row=st.sampled_from(TABLE))
def test_whatever_is_written_is_read_or_refused_with_a_sentence(text: str, row: Setting) -> None:
    try:
        told = tuple(each.value for each in describe(Settings.from_environment({row.name: text})))
    except SettingsError as error:
        told = error.problems

    assert told


def test_no_secret_shows_in_a_representation_or_in_the_table() -> None:
    settings = Settings.from_environment(SECRETS)

    shown = f"{settings!r}{settings}{describe(settings)}"

    assert "hush" not in shown
    assert "mail.example:587" in shown


def test_no_secret_shows_in_a_problem() -> None:
    broken = {name: f"hush {text}" for name, text in SECRETS.items()} | {"RENUMBER_SECRET_KEY": "hush"}

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(broken)

    assert len(caught.value.problems) == 4
    assert "hush" not in str(caught.value)


def test_doctor_sees_every_setting_with_its_value_and_default() -> None:
    rows = {row.name: row for row in describe(settings_with(LINK_FOR="12h"))}

    assert set(rows) == {row.name for row in TABLE}
    assert (rows["RENUMBER_LINK_FOR"].value, rows["RENUMBER_LINK_FOR"].default) == ("12h", "24h")
    assert (rows["RENUMBER_SECRET_KEY"].value, rows["RENUMBER_SMTP_URL"].value) == ("", "")


def test_real_people_are_served_only_when_messages_can_leave() -> None:
    missing = Settings.from_environment({}).missing_for_serving()

    assert [sentence.split(":")[0] for sentence in missing] == [
        "Set RENUMBER_SMTP_URL",
        "Set RENUMBER_MAIL_FROM",
        "Set RENUMBER_SMS_URL",
        "Set RENUMBER_SUPPORT_CONTACT",
    ]
    assert Settings.from_environment(IN_SERVICE).missing_for_serving() == []


def test_a_misspelt_name_is_found_and_the_right_one_offered() -> None:
    found = unknown_names({"RENUMBER_LINK_FRO": "1h", "RENUMBER_LINK_FOR": "1h", "RENUMBER_XYZZY": "", "PATH": ""})

    assert found == [
        "RENUMBER_LINK_FRO is not a setting; perhaps you mean RENUMBER_LINK_FOR.",
        "RENUMBER_XYZZY is not a setting.",
    ]


def test_a_folder_is_no_logo(tmp_path: Path) -> None:
    assert problems_with(BRAND_LOGO=str(tmp_path))


def test_push_services_are_hosts_or_all_below_one_or_a_port_of_this_machine() -> None:
    hosts = settings_with(PUSH_HOSTS="push.example.com, *.Example.net, http://127.0.0.1:8123").push_hosts

    assert hosts == (
        PushHost("push.example.com"),
        PushHost("example.net", with_subdomains=True),
        PushHost("127.0.0.1", near_port=8123),
    )
    assert Settings.from_environment({}).push_hosts == KNOWN
    assert settings_with(PUSH_HOSTS="none").push_hosts == ()


@pytest.mark.parametrize(
    "given",
    [
        "https://push.example.com",
        "http://push.example.com:80",
        "*",
        "*.",
        "10.0.0.1",
        "localhost",
        "a b.example",
        "-",
        "com",
    ],
)
def test_anything_else_is_no_push_service(given: str) -> None:
    [said] = problems_with(PUSH_HOSTS=given)

    assert said.startswith("RENUMBER_PUSH_HOSTS: write the host names of push services")
