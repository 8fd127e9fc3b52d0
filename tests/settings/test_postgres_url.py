"""URLs of PostgreSQL mean what libpq takes them to mean; what can't be had here is refused with a sentence."""

import ctypes
import os
from collections.abc import Callable
from ctypes.util import find_library
from itertools import count, takewhile
from pathlib import Path

import pytest

from renumber.settings.postgresql.uri import taken_apart
from renumber.settings.postgresql.url import PostgresUrl, postgres_url
from renumber.settings.urls import database_url, masked_url

HERE = "postgresql://renumber:hush@"
READ_BY_LIBPQ = [
    "postgresql://renumber@db.example/renumber",
    "postgres://renumber:p%40ss@db.example:6432/renumber",
    "postgresql://one.example:5432,two.example:5433/renumber",
    "postgresql://one.example,two.example:5433,/renumber",
    "postgresql://renumber@[2001:db8::1]:5433,[::1]/renumber",
    "postgresql://%2Frun%2Fpostgresql:5433/renumber",
    "postgresql://renumber@%2Fvar%2Flib%2Fdb%20sockets/renumber",
    "postgresql:///renumber?host=/run/postgresql&port=5433",
    "postgresql:///renumber?host=one,two&port=5432,5433",
    "postgresql://:5433/renumber",
    "postgresql://renumber:a+b@host/renumber?application_name=a+b",
    "postgresql://user:pa:ss@host/name",
    "postgresql://host/name?options=-c%20statement_timeout%3D5s%20-c%20geqo%3Doff",
    "postgresql://host/name?target_session_attrs=read-write&connect_timeout=3",
    "postgresql://host/name?sslmode=require&sslmode=verify-ca",
    "postgresql://host/name?ssl=true",
    "postgresql://host/na%2Fme%20x",
    "postgresql://m%C3%BCller@host/name",
    "postgresql://?service=renumber",
    "postgresql://host/name?user=anna&password=a%26b",
    "postgresql://anna@host/name?user=berta",
    "postgresql://host/one?dbname=two",
    "postgresql://host/name?hostaddr=192.0.2.1",
]


class _Option(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("keyword", "envvar", "compiled", "value", "label", "dispchar")]
    _fields_.append(("dispsize", ctypes.c_int))


@pytest.fixture(scope="session")
def libpq() -> Callable[[str], dict[str, str]]:
    """Read a URL by PostgreSQL's own library, which CI has to have."""
    name = find_library("pq")
    lacking = "not tried, for want of libpq (Debian and Ubuntu: apt-get install libpq5)"
    if name is None and os.environ.get("CI"):
        pytest.fail(lacking)
    if name is None:
        pytest.skip(lacking)
    parse = ctypes.CDLL(name).PQconninfoParse
    parse.restype = ctypes.POINTER(_Option)

    def read(url: str) -> dict[str, str]:
        options = takewhile(lambda option: option.keyword, map(parse(url.encode(), None).__getitem__, count()))
        return {option.keyword.decode(): option.value.decode() for option in options if option.value is not None}

    return read


@pytest.mark.parametrize("url", READ_BY_LIBPQ)
def test_a_url_is_taken_apart_as_libpq_does(libpq: Callable[[str], dict[str, str]], url: str) -> None:
    uri = taken_apart(url)
    ours = {**({"host": ",".join(uri.hosts)} if uri.hosts else {}), **uri.options}
    ours |= {"port": ",".join(uri.ports)} if any(uri.ports) else {}

    theirs = libpq(url)

    assert {name: value for name, value in ours.items() if value} == {
        name: value for name, value in theirs.items() if value.strip(",") or (name == "host" and value)
    }


def places(url: PostgresUrl) -> list[tuple[str, int]]:
    """The servers that are tried, in turn."""
    return [(host.address, host.port) for host in url.hosts]


@pytest.mark.parametrize(
    ("url", "tried"),
    [
        ("one,two/name", [("one", 5432), ("two", 5432)]),
        ("one:6001,two:6002/name", [("one", 6001), ("two", 6002)]),
        ("one:6001,two/name", [("one", 6001), ("two", 5432)]),
        ("one,two/name?port=6001", [("one", 6001), ("two", 6001)]),
        ("one,two,three/name?port=6001,,6003", [("one", 6001), ("two", 5432), ("three", 6003)]),
        ("/name?host=/run/postgresql,two&port=6001,6002", [("/run/postgresql", 6001), ("two", 6002)]),
        ("[::1]:6001,[fe80::1%25eth0]/name", [("::1", 6001), ("fe80::1%eth0", 5432)]),
        ("one,two/name?hostaddr=192.0.2.1,192.0.2.2", [("192.0.2.1", 5432), ("192.0.2.2", 5432)]),
    ],
)
def test_several_servers_are_tried_in_turn_and_one_that_takes_changes_is_looked_for(
    url: str, tried: list[tuple[str, int]]
) -> None:
    found = postgres_url(HERE + url, {})

    assert places(found) == tried
    assert found.wants_changes


@pytest.mark.parametrize(
    ("query", "is_wanted"),
    [("", False), ("?target_session_attrs=any", False)]
    + [(f"?target_session_attrs={each}", True) for each in ("read-write", "primary")],
)
def test_one_server_is_taken_as_it_is_unless_more_is_asked_for(query: str, *, is_wanted: bool) -> None:
    assert postgres_url(f"{HERE}host/name{query}", {}).wants_changes is is_wanted
    assert not postgres_url(f"{HERE}one,two/name?target_session_attrs=any", {}).wants_changes


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("target_session_attrs=standby", "the service writes"),
        ("target_session_attrs=prefer-standby", "the service writes"),
        ("target_session_attrs=read-only", "the service writes"),
        ("target_session_attrs=writable", "target_session_attrs is one of"),
        ("sslmode=on", "sslmode is one of"),
        ("search_path=renumber", "options=-c%20name%3Dvalue"),
        ("pgbouncer=true", "isn't known"),
        ("channel_binding=require", "verify-full"),
        ("gssencmode=require", "leave out gssencmode"),
        ("requirepeer=postgres", "leave out requirepeer"),
        ("require_auth=scram-sha-256", "leave out require_auth"),
        ("keepalives_idle=30", "leave out keepalives_idle"),
        ("krbsrvname=postgres", "Kerberos"),
        ("client_encoding=LATIN1", "client_encoding is UTF8"),
        ("connect_timeout=5s", "connect_timeout is a whole number"),
        ("port=65536", "a port is a number"),
        ("port=1,2", "as many as there are hosts"),
        ("hostaddr=192.0.2.1,192.0.2.2", "as many addresses"),
        ("hostaddr=192.0.2.1&sslmode=verify-full", "leave out hostaddr"),
        ("sslrootcert=system&sslmode=require", "verify-full alone"),
        ("sslcert=/nowhere/client.crt", "sslcert can't be read"),
        ("service=nowhere", "no file of services"),
        ("passfile=/nowhere/pgpass", "readable by its owner only"),
        ("options", "name=value"),
        ("application_name=100%", "%25"),
        ("application_name=a%00b", "%25"),
        ("application_name=%FF", "UTF-8"),
        ("prepared_statements=maybe", "prepared_statements is one of"),
    ],
)
def test_what_cannot_be_had_is_refused_with_a_sentence(query: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        database_url(f"{HERE}host/name?{query}")

    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("hosts", ["[::1", "host:12:13", "host:port", "ho st", "host:0", "one:1,two:99999", "[::1]x"])
def test_hosts_that_are_none_are_refused(hosts: str) -> None:
    with pytest.raises(ValueError, match=r"write |a port"):
        database_url(f"{HERE}{hosts}/name")


@pytest.mark.parametrize(
    "query",
    [
        "channel_binding=prefer",
        "gssencmode=disable",
        "sslsni=1",
        "keepalives=1",
        "client_encoding=UTF8",
        "sslcompression=0&fallback_application_name=app",
        "sslrootcert=system",
        "load_balance_hosts=random",
        "prepared_statements=no",
        "database=other",
    ],
)
def test_what_happens_anyway_is_accepted(query: str) -> None:
    assert database_url(f"{HERE}host/name?{query}")


def test_the_server_is_told_who_calls_and_nothing_that_is_for_the_driver() -> None:
    plain = postgres_url(f"{HERE}host/name?connect_timeout=3&sslmode=require", {})
    named = postgres_url(f"{HERE}host/name?application_name=shop&options=-cgeqo%3Doff", {})

    assert (plain.told_to_server, plain.connect_within) == ({"application_name": "renumber"}, 3.0)
    assert named.told_to_server == {"application_name": "shop", "options": "-cgeqo=off"}


def test_a_service_stands_between_url_and_environment(tmp_path: Path) -> None:
    services = tmp_path / "services.conf"
    services.write_text(
        "# ours\n[other]\nhost=other.example\n\n[renumber]\nhost=one.example,two.example\nport=6001,6002\n"
        "dbname=of_service\nuser=of_service\npassword=100%:hush\napplication_name=of_service\n[last]\nhost=last.example\n"
    )
    environ = {"PGSERVICEFILE": str(services), "PGUSER": "of_environment", "PGCONNECT_TIMEOUT": "7"}

    found = postgres_url("postgresql:///?service=renumber&user=of_url", environ)

    assert places(found) == [("one.example", 6001), ("two.example", 6002)]
    assert (found.database, found.user, found.connect_within) == ("of_service", "of_url", 7.0)
    assert found.hosts[0].password == "100%:hush"
    assert postgres_url("postgresql://", {**environ, "PGSERVICE": "renumber"}).user == "of_service"
    with pytest.raises(ValueError, match="no file of services"):
        postgres_url("postgresql://?service=absent", environ)


def test_each_server_has_its_own_password_in_the_passfile(tmp_path: Path) -> None:
    passfile = tmp_path / "pgpass"
    passfile.touch(mode=0o600)
    passfile.write_text(
        "# host:port:database:user:password\none.example:*:name:renumber:for:one\n"
        "two.example:6002:*:renumber:for\\:\\\\two\n"
        "localhost:5432:name:*:for the socket\n*:*:*:nobody:for nobody\n"
    )

    url = (
        f"postgresql://renumber@one.example,two.example:6002,%2Frun%2Fpostgresql,three.example/name?passfile={passfile}"
    )
    passwords = [host.password for host in postgres_url(url, {}).hosts]

    assert passwords == ["for:one", "for:\\two", "for the socket", None]
    passfile.chmod(0o640)
    with pytest.raises(ValueError, match="chmod 600"):
        postgres_url(url, {})
    with pytest.raises(ValueError, match="chmod 600"):
        postgres_url("postgresql://renumber@one.example/name", {"PGPASSFILE": str(passfile)})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:hush@one:1,two:2/name?password=hush", "postgresql://…@one:1,two:2/name?…"),
        ("postgres://%2Frun%2Fpostgresql/name?sslpassword=hush", "postgres://%2Frun%2Fpostgresql/name?…"),
        ("postgresql://u:hu:sh@[::1]:5432/name", "postgresql://…@[::1]:5432/name"),
        ("postgresql://?service=hush", "postgresql:///?…"),
        ("postgresql:///name?user=u&password=hush", "postgresql:///name?…"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert masked_url(url) == shown
    assert "hush" not in repr(postgres_url(url.replace("?service=hush", "/name"), {}))
