"""The settings of the console: where it is, and the company's identity provider that staff come from."""

from ipaddress import ip_network

from renumber.policies.support.provider import ProviderRules
from renumber.settings import parsing as read
from renumber.settings import urls
from renumber.settings.console import provider
from renumber.settings.table import Setting
from renumber.settings.writing import written

BY_DEFAULT = ProviderRules()


def reaching(given: str) -> read.Network:
    """Parse a network from which the console can be reached."""
    try:
        network = ip_network(given, strict=False)
    except ValueError:
        raise ValueError("write networks or addresses, for example 10.20.0.0/16,192.0.2.7") from None
    if network.prefixlen == 0:
        raise ValueError("to let every address in, leave it empty")
    return network


CONSOLE = (
    Setting(
        "console",
        read.truth,
        default="no",
        meaning="the console of customer relations, under /console, for the people that `renumber staff` names",
        why="nobody needs it who has no customer relations",
    ),
    Setting(
        "console_here",
        read.truth,
        default="yes",
        meaning="no: another `renumber serve` on the same database has the console's pages, on an address of its own",
        why="one process is less to run",
    ),
    Setting(
        "console_origin",
        urls.origin,
        meaning="an origin of its own for the console: it answers there alone, and no page of a person does",
        why="another host name, which can be reached from inside the company only",
    ),
    Setting(
        "console_networks",
        read.several(reaching),
        meaning="networks from which the console can be reached; to all others it isn't there",
        why="by the client's address, as RENUMBER_TRUSTED_PROXIES vouch for it",
        absent=(),
    ),
    Setting(
        "provider_issuer",
        provider.issuer,
        meaning="the company's identity provider (OpenID Connect), by its issuer, which staff may sign in with",
    ),
    Setting("provider_client_id", read.text(255), meaning="how the identity provider knows us"),
    Setting(
        "provider_client_secret_file",
        provider.secret_file,
        meaning="a file of the secret that the identity provider has given us, readable by its owner only",
        absent=None,
    ),
    Setting(
        "provider_client_key_file",
        provider.key_file,
        meaning="a private key in place of the secret, in PEM or as a JWK, with which we sign (private_key_jwt)",
        absent=None,
    ),
    Setting(
        "provider_scope",
        read.text(255),
        default=BY_DEFAULT.scope,
        meaning="the scope that we ask for: openid, the address, the name, and whatever brings the groups",
    ),
    Setting(
        "provider_groups_claim",
        read.text(255),
        default=BY_DEFAULT.groups_claim,
        meaning="the claim that lists somebody's groups or roles; a.b is the claim b within the claim a",
    ),
    Setting(
        "provider_roles",
        provider.groups,
        meaning="the group that gives each role: support=agent,leads=reviewer; without one of them nobody enters",
        absent=(),
    ),
    Setting(
        "provider_amr",
        read.several(provider.word),
        default=written(BY_DEFAULT.amr),
        meaning="the methods in `amr` that show a second factor",
        why="RFC 8176; texts and calls (sms, tel) can be talked out of somebody",
    ),
    Setting(
        "provider_acr",
        read.several(provider.word),
        meaning="classes in `acr` or `acrs` that show one as well; they are asked for",
        absent=(),
    ),
    Setting(
        "provider_session_for",
        read.duration("5min", "24h"),
        default=written(BY_DEFAULT.session_for),
        meaning="how long such a session lasts at most",
        why="a group that was taken away ends the access at the next sign-in",
    ),
)
