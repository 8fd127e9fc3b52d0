"""From settings to a dispatcher."""

import os
import random
import socket
from email.utils import parseaddr
from pathlib import Path
from urllib.request import getproxies

from renumber.delivery.backoff import Backoff
from renumber.delivery.branding import Letterhead
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.failover import Gateways
from renumber.delivery.http import open_client
from renumber.delivery.mail.mime import parse_sender
from renumber.delivery.mail.smtp import SmtpGateway
from renumber.delivery.ports import (
    Clock,
    DeliverySettings,
    LetterheadSettings,
    Observe,
    Outbox,
    PostSettings,
    Secrets,
)
from renumber.delivery.push import Devices, PushGateway
from renumber.delivery.render import Renderer
from renumber.delivery.sms import open_sms_gateways
from renumber.settings.smtp_url import parse_smtp_url

PNG = b"\x89PNG\r\n\x1a\n"


def build_dispatcher(
    settings: DeliverySettings,
    outbox: Outbox,
    secrets: Secrets,
    *,
    clock: Clock,
    observe: Observe,
    devices: Devices | None = None,
) -> Dispatcher:
    """Make a dispatcher; a channel without a gateway keeps its messages waiting, and says so in their reason."""
    letterhead, dice = letterhead_from(settings), random.SystemRandom()
    return Dispatcher(
        outbox,
        Renderer(letterhead, secrets),
        Gateways(
            mail=_mail_gateways(settings, letterhead),
            sms=open_sms_gateways(settings.sms_urls),
            push=[_push_gateway(settings, devices, clock)] if devices else [],
        ),
        clock=clock,
        observe=observe,
        backoff=Backoff(dice.random),
        claimant=f"{socket.gethostname()}:{os.getpid()}:{dice.getrandbits(32):08x}",  # containers share names and pids
    )


def letterhead_from(settings: DeliverySettings) -> Letterhead:
    """Read the logo once."""
    return Letterhead(
        base_url=settings.base_url,
        brand=settings.brand,
        colour=settings.brand_color,
        logo_png=_png(settings),
        support_contact=settings.support_contact,
        time_zone=settings.time_zone,
    )


def _mail_gateways(settings: PostSettings, letterhead: Letterhead) -> list[SmtpGateway]:
    if not settings.smtp_url:
        return []
    sender = parse_sender(settings.mail_from, letterhead.brand)
    return [SmtpGateway(parse_smtp_url(settings.smtp_url), sender, logo_png=letterhead.logo_png)]


def _push_gateway(settings: PostSettings, devices: Devices, clock: Clock) -> PushGateway:
    """Push services want to know whom to write to (RFC 8292 2.1)."""
    address = parseaddr(settings.mail_from)[1]
    contact = f"mailto:{address}" if address else settings.base_url
    client, is_direct = open_client(through_proxy=True), "https" not in getproxies()
    return PushGateway(client, devices, clock=clock, contact=contact, is_direct=is_direct)


def _png(settings: LetterheadSettings) -> bytes | None:
    logo = Path(settings.brand_logo).read_bytes() if settings.brand_logo else b""
    return logo if logo.startswith(PNG) else None
