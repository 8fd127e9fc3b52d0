"""The dispatcher and the gateways of its channels, made by the settings."""

import random
from urllib.request import getproxies

from renumber.delivery.backoff import Backoff
from renumber.delivery.branding import Branding
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.failover import Gateways
from renumber.delivery.http import open_client
from renumber.delivery.mail.smtp import SmtpGateway
from renumber.delivery.places import places_in
from renumber.delivery.ports import Clock, Observe, Outbox, Secrets
from renumber.delivery.push import Devices, PushGateway
from renumber.delivery.render import Renderer
from renumber.delivery.sms import open_sms_gateways
from renumber.delivery.translations import load_languages
from renumber.settings import Settings
from renumber.wiring.webhooks import claimant


def build_dispatcher(
    settings: Settings,
    outbox: Outbox,
    secrets: Secrets,
    *,
    clock: Clock,
    observe: Observe,
    devices: Devices | None = None,
) -> Dispatcher:
    """Make a dispatcher; a channel without a gateway keeps its messages waiting, and says so in their reason."""
    branding, dice = branding_of(settings), random.SystemRandom()
    return Dispatcher(
        outbox,
        Renderer(
            branding,
            secrets,
            load_languages(settings.locales, settings.texts_dir),
            places=places_in(settings.places_file),
        ),
        Gateways(
            mail=_mail_gateways(settings, branding.logo_png),
            sms=open_sms_gateways(settings.sms_urls),
            push=[_push_gateway(settings, devices, clock)] if devices else [],
        ),
        clock=clock,
        observe=observe,
        backoff=Backoff(dice.random),
        claimant=claimant(),
    )


def branding_of(settings: Settings) -> Branding:
    """Take the branding of messages out of the settings; mails show a PNG, since most mail readers refuse an SVG."""
    logo = settings.brand_logo
    return Branding(
        base_url=settings.base_url,
        brand=settings.brand,
        colour=settings.brand_color,
        logo_png=logo.content if logo and logo.is_png else None,
        support_contact=settings.support_contact,
        time_zone=settings.time_zone,
        imprint_url=settings.imprint_url,
        privacy_url=settings.privacy_url,
    )


def _mail_gateways(settings: Settings, logo_png: bytes | None) -> list[SmtpGateway]:
    if settings.smtp_url is None or settings.sender is None:
        return []
    return [SmtpGateway(settings.smtp_url, settings.sender, logo_png=logo_png)]


def _push_gateway(settings: Settings, devices: Devices, clock: Clock) -> PushGateway:
    """Make the gateway to push services, which want to know whom to write to (RFC 8292 2.1)."""
    contact = f"mailto:{settings.mail_from.addr_spec}" if settings.mail_from else settings.base_url
    client, is_direct = open_client(through_proxy=True), "https" not in getproxies()
    return PushGateway(client, devices, clock=clock, contact=contact, is_direct=is_direct)
