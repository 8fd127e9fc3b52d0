"""From settings to gateways, in the order of failover."""

from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from renumber.delivery.channel import Gateway, RenderedSms
from renumber.delivery.http import open_client
from renumber.delivery.sms.generic import GenericGateway
from renumber.delivery.sms.twilio import API, TwilioGateway
from renumber.settings.smtp_url import is_loopback


def open_sms_gateways(urls: Sequence[str]) -> list[Gateway[RenderedSms]]:
    """One gateway per URL; a ValueError says what to change, and never repeats a token."""
    return [_open(urlsplit(url), order) for order, url in enumerate(urls, 1)]


def _open(parts: SplitResult, order: int) -> Gateway[RenderedSms]:
    if parts.scheme == "twilio":
        return _twilio(parts, f"twilio-{order}")
    if parts.scheme in {"https+json", "http+json"} and parts.hostname:
        return _generic(parts, f"gateway-{order}")
    raise ValueError(f"SMS provider {order}: write https+json://host/path or twilio://SID:TOKEN@sender")


def _generic(parts: SplitResult, name: str) -> GenericGateway:
    is_near = is_loopback(parts.hostname or "")
    if parts.scheme == "http+json" and not is_near:
        raise ValueError(f"{name}: http+json:// is for a gateway on this machine only; use https+json://")
    host = parts.netloc.rpartition("@")[2]
    url = parts._replace(scheme=parts.scheme.removesuffix("+json"), netloc=host, fragment="").geturl()
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return GenericGateway(name, url, open_client(through_proxy=not is_near), auth=auth)


def _twilio(parts: SplitResult, name: str) -> TwilioGateway:
    """Read `twilio://SID:TOKEN@+491511234567`; `?api=` names another region of Twilio's."""
    sender = unquote(parts.netloc.rpartition("@")[2])
    api = parse_qs(parts.query).get("api", [API])[-1].rstrip("/")
    is_near = is_loopback(urlsplit(api).hostname or "")
    if not (parts.username and parts.password and sender):
        raise ValueError(f"{name}: write twilio://SID:TOKEN@sender, the sender being a number, a name or MG…")
    if not (api.startswith("https://") or is_near):
        raise ValueError(f"{name}: the api has to be an https:// address")
    client = open_client(through_proxy=not is_near)
    credentials = (unquote(parts.username), unquote(parts.password))
    return TwilioGateway(name, client, credentials=credentials, sender=sender, api=api)
