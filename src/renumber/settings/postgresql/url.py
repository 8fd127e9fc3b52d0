"""The address of a PostgreSQL database: where it may be, who signs in, and how, as libpq would understand the URL."""

import os
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from getpass import getuser
from pathlib import Path

from renumber.settings.postgresql.files import is_private, password_file, password_for, service_options
from renumber.settings.postgresql.options import TAKEN, checked
from renumber.settings.postgresql.uri import USUAL, taken_apart

_SSL = (
    *("sslmode", "sslnegotiation", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)
_SSL_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_SOCKETS = ("/run/postgresql", "/var/run/postgresql", "/tmp")  # noqa: S108 -- where distributions and PostgreSQL put it
_USUAL_PORT = "5432"
_LONGEST = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Host:
    """One server, and the password for it, if it takes one."""

    address: str  # a name, an IP address, or the folder of a socket
    port: int
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresUrl:
    """All that a URL, its service and the environment say together."""

    hosts: tuple[Host, ...]
    user: str
    database: str
    wants_changes: bool  # a server that takes none is passed over
    in_any_order: bool
    encryption: dict[str, str] = field(repr=False)  # the options of libpq whose names begin with ssl
    told_to_server: dict[str, str]
    connect_within: float | None  # seconds, per host
    gives_up_after: float | None  # seconds in which nothing is acknowledged on the line
    names_statements: bool | None  # None: as what stands between allows


def postgres_url(given: str, environ: Mapping[str, str] = os.environ) -> PostgresUrl:
    """Read a URL; a ValueError carries a sentence that repeats no secret.

    What stands in the URL counts before the service that it names, and that before the environment.
    """
    uri = taken_apart(given)
    options = _completed(checked(uri.options), environ)
    hosts, ports = uri.hosts or _listed(options, "host"), uri.ports if any(uri.ports) else _listed(options, "port")
    addresses = _addresses(hosts, _listed(options, "hostaddr"), options)
    return PostgresUrl(
        hosts=tuple(
            _with_passwords(
                addresses, hosts or addresses, _ports(ports, len(addresses)), options=options, environ=environ
            )
        ),
        user=_user(options),
        database=_database(options),
        wants_changes=_wants_changes(options, len(addresses)),
        in_any_order=options.get("load_balance_hosts") == "random",
        encryption=_encryption(options),
        told_to_server=_told_to_server(options),
        connect_within=_seconds(options, "connect_timeout", unit=1.0),
        gives_up_after=_seconds(options, "tcp_user_timeout", unit=1000.0),
        names_statements={"yes": True, "no": False}.get(options.get("prepared_statements", "")),
    )


def _completed(options: dict[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    around = {name: environ[variable] for name, variable in TAKEN.items() if environ.get(variable)}
    service = options.get("service") or around.get("service")
    of_service = (
        checked(service_options(service, options.get("servicefile") or around.get("servicefile", ""), environ))
        if service
        else {}
    )
    return {**checked(around), **of_service, **options}


def _listed(options: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(options[name].split(",")) if options.get(name) else ()


def _addresses(hosts: Sequence[str], addresses: Sequence[str], options: Mapping[str, str]) -> Sequence[str]:
    if addresses and hosts and len(hosts) != len(addresses):
        raise ValueError("write as many addresses in hostaddr as there are hosts")
    if addresses and hosts and options.get("sslmode") == "verify-full":
        raise ValueError("with sslmode=verify-full leave out hostaddr: the name that the certificate has is looked up")
    if any(each.startswith("@") for each in hosts):
        raise ValueError("name the folder of the socket: one in the abstract namespace can't be used")
    found = [address or host for address, host in zip(addresses or hosts, hosts or addresses, strict=True)]
    return [each or _own_socket() for each in found] or [_own_socket()]


def _own_socket() -> str:
    return next((folder for folder in _SOCKETS if list(Path(folder).glob(".s.PGSQL.*"))), "localhost")


def _ports(given: Sequence[str], hosts: int) -> list[int]:
    if len(given) not in {0, 1, hosts}:
        raise ValueError("write one port, or as many as there are hosts")
    found = [port or _USUAL_PORT for port in (given or [""])]
    if not all(port.isascii() and port.isdigit() and 0 < int(port[:6]) < 1 << 16 for port in found):
        raise ValueError("a port is a number from 1 to 65535")
    return [int(port) for port in (found * hosts if len(found) == 1 else found)]


def _with_passwords(
    addresses: Sequence[str],
    names: Sequence[str],
    ports: Sequence[int],
    *,
    options: Mapping[str, str],
    environ: Mapping[str, str],
) -> Iterator[Host]:
    named, given = options.get("passfile", ""), options.get("password")
    if named and not is_private(Path(named)):
        raise ValueError("the file of passfile has to be readable by its owner only, as chmod 600 makes it")
    passfile = password_file(named, environ)
    find = partial(password_for, database=_database(options), user=_user(options), passfile=passfile)
    for address, name, port in zip(addresses, names, ports, strict=True):
        wanted = "localhost" if address in _SOCKETS else name or address
        yield Host(address, port, given or find(wanted, str(port)))


def _user(options: Mapping[str, str]) -> str:
    try:
        return options.get("user") or getuser()
    except (KeyError, OSError, ImportError):
        raise ValueError("name the user: the one who runs this has no name") from None


def _database(options: Mapping[str, str]) -> str:
    if not options.get("dbname"):  # libpq would take the user's name, which is hardly ever meant
        raise ValueError(USUAL)
    return options["dbname"]


def _wants_changes(options: Mapping[str, str], hosts: int) -> bool:
    """Ask for a server that takes changes wherever there are several: libpq would take a standby that comes first."""
    return options.get("target_session_attrs", "any" if hosts == 1 else "read-write") != "any"


def _encryption(options: Mapping[str, str]) -> dict[str, str]:
    found = {name: options[name] for name in _SSL if options.get(name)}
    if found.get("sslrootcert") == "system":
        if found.setdefault("sslmode", "verify-full") != "verify-full":
            raise ValueError("sslrootcert=system goes with sslmode=verify-full alone")
        found["sslrootcert"] = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    for name in _SSL_FILES:
        if name in found:
            _check_readable(name, found[name])
    return found


def _check_readable(name: str, path: str) -> None:
    try:
        Path(path).open("rb").close()
    except OSError as error:
        raise ValueError(f"the file of {name} can't be read: {error.strerror}") from None


def _told_to_server(options: Mapping[str, str]) -> dict[str, str]:
    name = options.get("application_name") or options.get("fallback_application_name") or "renumber"
    return {"application_name": name, **({"options": options["options"]} if options.get("options") else {})}


def _seconds(options: Mapping[str, str], name: str, *, unit: float) -> float | None:
    given = options.get(name) or "0"
    if not (given.isascii() and given.isdigit()):
        raise ValueError(f"{name} is a whole number")
    return min(int(given[:9]) / unit, _LONGEST) or None
