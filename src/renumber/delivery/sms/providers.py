"""The gateways of SMS providers."""

from collections.abc import Sequence
from urllib.parse import SplitResult
from urllib.request import getproxies

from renumber.delivery.channel import Gateway, RenderedSms
from renumber.delivery.direct import DirectClient
from renumber.delivery.http import ProxiedClient, TextClient, open_client, trusted
from renumber.delivery.sms.generic import GenericGateway
from renumber.delivery.sms.twilio import TwilioGateway
from renumber.settings.loopback import is_loopback
from renumber.settings.sms_url import SmsUrl, TwilioUrl


def open_sms_gateways(urls: Sequence[SmsUrl]) -> list[Gateway[RenderedSms]]:
    """Open one gateway for each provider, in the order of failover."""
    return [_open(url, order) for order, url in enumerate(urls, 1)]


def _open(url: SmsUrl, order: int) -> Gateway[RenderedSms]:
    client = _client(url.endpoint)
    if isinstance(url, TwilioUrl):
        return TwilioGateway(f"twilio-{order}", url, client)
    return GenericGateway(f"gateway-{order}", url.endpoint.geturl(), client, auth=url.auth)


def _client(endpoint: SplitResult) -> TextClient:
    is_near = is_loopback(endpoint.hostname or "")
    if endpoint.geturl().isascii() and (is_near or not getproxies()):
        return DirectClient(trusted() if endpoint.scheme == "https" else None)
    return ProxiedClient(open_client(through_proxy=not is_near))
