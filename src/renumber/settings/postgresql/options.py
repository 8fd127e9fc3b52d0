"""The options that libpq knows in a connection URI, and what becomes of each here (PostgreSQL 34.1.2)."""

from collections.abc import Mapping

TAKEN = {  # and the variable of the environment that stands in for it (PostgreSQL 34.15)
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "servicefile": "PGSERVICEFILE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "load_balance_hosts": "PGLOADBALANCEHOSTS",
    "application_name": "PGAPPNAME",
    "fallback_application_name": "",
    "client_encoding": "PGCLIENTENCODING",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslpassword": "",
    "sslcrl": "PGSSLCRL",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "tcp_user_timeout": "",
    "prepared_statements": "",  # ours
}
ANOTHER_NAME = {"database": "dbname"}
_KEEPALIVES = "TCP looks after an idle connection by itself here"
# Values that ask for what happens anyway; everything else of these is refused, with the reason.
ANYWAY: Mapping[str, tuple[tuple[str, ...], str]] = {
    "channel_binding": (
        ("disable", "prefer"),
        "the driver can't bind a password to TLS; sslmode=verify-full is as good",
    ),
    "gssencmode": (("disable", "prefer"), "the driver doesn't encrypt by GSSAPI; use sslmode"),
    "krbsrvname": ((), "nobody signs in by Kerberos here"),
    "gsslib": ((), "nobody signs in by Kerberos here"),
    "gssdelegation": (("0",), "the driver delegates no credentials"),
    "sslcompression": (("0",), "TLS isn't compressed"),
    "sslsni": (("1",), "the server's name is always sent"),
    "sslcertmode": (("allow",), "leave out sslcert to send no certificate"),
    "keepalives": (("1",), _KEEPALIVES),
    "keepalives_idle": ((), _KEEPALIVES),
    "keepalives_interval": ((), _KEEPALIVES),
    "keepalives_count": ((), _KEEPALIVES),
    "replication": (("false", "off", "no", "0"), "the service is no replica"),
    "requirepeer": ((), "the driver doesn't look whose a socket is; close its folder to others"),
    "require_auth": ((), "the driver doesn't choose the method; let the server ask for scram-sha-256 alone"),
    "sslcrldir": ((), "name one file of revoked certificates in sslcrl"),
    "passwordcommand": ((), "use a passfile"),
}
AMONG: Mapping[str, tuple[str, ...]] = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": ("postgres", "direct"),
    "load_balance_hosts": ("disable", "random"),
    "target_session_attrs": ("any", "read-write", "primary", "read-only", "standby", "prefer-standby"),
    "ssl_min_protocol_version": ("TLSv1.2", "TLSv1.3"),
    "ssl_max_protocol_version": ("TLSv1.2", "TLSv1.3"),
    "prepared_statements": ("auto", "yes", "no"),
}
_UTF8 = {"utf8", "utf-8", "unicode", "auto"}
_ONLY_READ = {"read-only", "standby", "prefer-standby"}


def checked(options: Mapping[str, str]) -> dict[str, str]:
    """Keep what is used, leave out what happens anyway, and refuse the rest with a sentence."""
    named = {ANOTHER_NAME.get(name, name): value for name, value in options.items()}
    kept = {name: value for name, value in named.items() if _is_kept(name, value)}
    for name, values in AMONG.items():
        if kept.get(name, values[0]) not in values:
            raise ValueError(f"{name} is one of {', '.join(values)}")
    if kept.get("client_encoding", "auto").lower() not in _UTF8:
        raise ValueError("client_encoding is UTF8 or left out")
    if kept.get("target_session_attrs") in _ONLY_READ:
        raise ValueError("the service writes: target_session_attrs is read-write, primary or any")
    return kept


def _is_kept(name: str, value: str) -> bool:
    if name in TAKEN:
        return True
    if name not in ANYWAY:
        raise ValueError(
            "an option behind the question mark isn't known; what the server shall be told is written "
            "options=-c%20name%3Dvalue"
        )
    values, reason = ANYWAY[name]
    if value not in values:
        raise ValueError(f"leave out {name}={'…' if values else ''}: {reason}")
    return False
