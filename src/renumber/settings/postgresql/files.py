"""The two files of libpq: services (PostgreSQL 34.17) and passwords (34.16)."""

import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

_LINE = re.compile(r"((?:[^:\\]|\\.)*):" * 4 + "(.*)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
SERVICES, PASSWORDS = ".pg_service.conf", ".pgpass"


def service_options(name: str, named: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Find a service in the file that is named, else in that of the user, else in that of the machine."""
    for path in _service_files(named, environ):
        found = _section(name, path)
        if found is not None:
            return found
    raise ValueError("no file of services holds the one that service names; name the file in PGSERVICEFILE")


def _service_files(named: str, environ: Mapping[str, str]) -> Iterator[Path]:
    own = Path(named) if named else _in_home(SERVICES, environ)
    if own:
        yield own
    yield Path(environ.get("PGSYSCONFDIR") or "/etc/postgresql-common") / "pg_service.conf"


def _section(name: str, path: Path) -> dict[str, str] | None:
    found: dict[str, str] | None = None
    for line in map(str.strip, _lines(path)):
        if line.startswith("["):
            if found is not None:
                break
            found = {} if line == f"[{name}]" else None
        elif found is not None:
            option, sign, value = line.partition("=")
            if not sign or option == "service":
                raise ValueError("a line of the service is not written name=value")
            found.setdefault(option, value)
    return found


def password_for(host: str, port: str, *, database: str, user: str, passfile: Path | None) -> str | None:
    """Find the first line that fits; a file that others can read counts for nothing."""
    if passfile is None or not is_private(passfile):
        return None
    for line in _lines(passfile):
        fields = _LINE.fullmatch(line)
        if fields and all(map(_fits, fields.groups(), (host, port, database, user))):
            return _unescaped(fields[5])
    return None


def _fits(pattern: str, value: str) -> bool:
    return pattern == "*" or _unescaped(pattern) == value


def _unescaped(field: str) -> str:
    return re.sub(r"\\(.)", r"\1", field)


def password_file(named: str, environ: Mapping[str, str]) -> Path | None:
    """Give the file that is named, else that of the user."""
    return Path(named) if named else _in_home(PASSWORDS, environ)


def is_private(path: Path) -> bool:
    """Judge whether this is a file that nobody but its owner has any right to."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(mode) and not mode & _OTHERS


def _in_home(name: str, environ: Mapping[str, str]) -> Path | None:
    home = environ.get("HOME")
    return Path(home) / name if home else None


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return []
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
