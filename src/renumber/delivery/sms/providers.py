"""The gateways of SMS providers."""

from collections.abc import Sequence

from renumber.delivery.channel import Gateway, RenderedSms
from renumber.delivery.http import open_client
from renumber.delivery.sms.generic import GenericGateway
from renumber.delivery.sms.twilio import TwilioGateway
from renumber.settings.loopback import is_loopback
from renumber.settings.sms_url import SmsUrl, TwilioUrl


def open_sms_gateways(urls: Sequence[SmsUrl]) -> list[Gateway[RenderedSms]]:
    """Open one gateway for each provider, in the order of failover."""
    return [_open(url, order) for order, url in enumerate(urls, 1)]


def _open(url: SmsUrl, order: int) -> Gateway[RenderedSms]:
    client = open_client(through_proxy=not is_loopback(url.endpoint.hostname or ""))
    if isinstance(url, TwilioUrl):
        return TwilioGateway(f"twilio-{order}", url, client)
    return GenericGateway(f"gateway-{order}", url.endpoint.geturl(), client, auth=url.auth)
