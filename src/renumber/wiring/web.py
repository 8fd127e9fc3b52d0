"""The running service: web application, dispatcher and housekeeping, started and stopped together."""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import structlog

from renumber.crypto.passwords import Busy
from renumber.flows.housekeeping import keep_house
from renumber.locale import PAGES, translations
from renumber.observability import health_port, metrics_port
from renumber.observability.logs import configure_logs
from renumber.policies.audit.retention import HistoryRetention
from renumber.policies.retention import CHECKPOINT_EVERY
from renumber.settings import Settings
from renumber.store.audit.anchors import anchor_of
from renumber.store.audit.checkpoints import Checkpoints, newest_checkpoint
from renumber.store.audit.upkeep import HistoryUpkeep
from renumber.store.database.open import Database, Statement, StoreBusy, StoreUnavailable
from renumber.store.housekeeping import Housekeeping
from renumber.store.organisations.company_views import StoredCompanyViews
from renumber.web.app import create_app
from renumber.web.edge import Edge
from renumber.web.site import Site
from renumber.web.streams.pulse import Pulse
from renumber.web.templating import Asset, Templates
from renumber.wiring.desks import operator_services, support_services
from renumber.wiring.parts import ANSWERS_WITHIN, Parts, assemble

BACK_SOON = 2  # seconds
TIDY_EVERY = 300.0  # seconds


def application(parts: Parts, *, templates: Templates | None = None, framed_by: str | None = None) -> Edge:
    """Make the web application, which starts and stops the database and a dispatcher of its own."""
    return create_app(
        _site(parts, templates or templates_of(parts.settings)),
        observe=parts.meter.serve,
        unready=lambda: _unready(parts),
        metrics=parts.meter if parts.settings.metrics_token else None,
        retry_after=partial(_retry_after, parts),
        lifespan=lambda _app: running(parts),
        framed_by=framed_by,
    )


def templates_of(settings: Settings) -> Templates:
    """Load the pages in every language that is offered, with the operator's own texts."""
    return Templates({code: translations(code, PAGES, settings.texts_dir) for code in settings.locales})


def _site(parts: Parts, templates: Templates) -> Site:
    settings, logo, support = parts.settings, parts.settings.brand_logo, support_services(parts)
    return Site(
        services=parts.services,
        operator=operator_services(parts),
        support=support,
        pulse=Pulse(support.changes, parts.services),
        companies=StoredCompanyViews(parts.database, parts.keys),
        sealing=parts.keys,
        templates=templates,
        base_url=settings.base_url,
        brand=settings.brand,
        brand_color=settings.brand_color,
        languages=settings.locales,
        time_zone=settings.time_zone,
        vapid_public_key=parts.vapid.public if settings.push_hosts else _no_key,
        trusted_proxies=settings.trusted_proxies,
        support_contact=settings.support_contact or None,
        logo=Asset(logo.content, logo.media_type) if logo else None,
        logo_is_square=logo is not None and logo.is_square,
        logo_sizes=logo.sizes if logo else "any",
        imprint_url=settings.imprint_url or None,
        privacy_url=settings.privacy_url or None,
        has_console=settings.console,
        serves_console=settings.console and settings.console_here,
        console_origin=settings.console_origin,
        console_networks=settings.console_networks,
        development=settings.development,
        body_within=settings.body_within.total_seconds(),
    )


async def _no_key() -> str:
    """Where no push service may be posted to, browsers aren't asked to subscribe at one: the page looks by itself."""
    return ""


def _retry_after(parts: Parts, error: Exception) -> int | None:
    """Give the seconds after which a fault passes by itself; None for one that does not."""
    if isinstance(error, Busy):
        return error.retry_after
    if isinstance(error, StoreUnavailable):
        parts.writability.doubt()
    return BACK_SOON if isinstance(error, StoreBusy | StoreUnavailable) else None


async def _unready(parts: Parts) -> str:
    """Say why nobody should be sent here now: the database doesn't answer, or takes no changes."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await parts.health.ping()
    except (StoreBusy, StoreUnavailable, TimeoutError):
        return "the database does not answer"
    try:
        await parts.writability.check()
    except (StoreBusy, StoreUnavailable):
        return "the database takes no changes"
    return ""


@contextlib.asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[None]:
    """Start the database and the dispatcher; at the end requests are done, and claims are given back."""
    await _start(parts.database)
    senders = (parts.dispatcher, parts.webhooks, parts.logouts, parts.streams)
    work = (*(sender.run() for sender in senders), _keep_house(parts))
    tasks = [_in_the_background(each) for each in work]
    try:
        async with _metrics_port(parts), _health_port(parts):
            yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        parts.passwords.close()
        await parts.database.close()


def _in_the_background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run a task to the end of the process; a bug that ends it earlier is logged at once."""
    task = asyncio.create_task(work)
    task.add_done_callback(_log_bug)
    return task


def _log_bug(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (bug := task.exception()):
        structlog.get_logger().error("background_task_died", exc_info=bug)


async def _keep_house(parts: Parts) -> None:
    """Do the housekeeping from time to time; a fault is logged, and the next round tries again."""
    chores = Housekeeping(parts.database, parts.services.rules.retention)
    upkeep = HistoryUpkeep(parts.database, parts.keys, HistoryRetention.by(parts.settings.limits))
    notary = Checkpoints(parts.database, parts.keys, parts.clock)
    while True:
        try:
            if await keep_house(parts.services, chores):
                for account_id in await upkeep.keep(parts.clock.now()):
                    structlog.get_logger().error("history_altered", account_id=account_id)
                await _sign_history(parts, notary)
        except Exception as fault:  # noqa: BLE001 - the edge: whatever it was, the next round tries again
            structlog.get_logger().error("housekeeping_failed", fault=type(fault).__name__)
        await asyncio.sleep(TIDY_EVERY)


async def _sign_history(parts: Parts, notary: Checkpoints) -> None:
    last = await newest_checkpoint(parts.database)
    if last is None or parts.clock.now() >= last.at + CHECKPOINT_EVERY:
        signed = await notary.write()
        anchor = signed and anchor_of(signed)
        if anchor:  # kept with the log, where whoever cuts off the end of the history can't reach it
            structlog.get_logger().info("history_signed", anchor=str(anchor))


def _metrics_port(parts: Parts) -> contextlib.AbstractAsyncContextManager[None]:
    port = parts.settings.metrics_port
    return metrics_port.listening(port, parts.meter.exposition) if port else contextlib.nullcontext()


def _health_port(parts: Parts) -> contextlib.AbstractAsyncContextManager[None]:
    host, port = parts.settings.health_host, parts.settings.health_port
    if not port:
        return contextlib.nullcontext()
    return health_port.listening(host, port, lambda: _unready(parts))


async def _start(database: Database) -> None:
    """Connect, or end the process: a server whose start-up failed would go on without its database."""
    try:
        await database.start()
    except StoreUnavailable as fault:
        structlog.get_logger().error("database_unavailable", reason=str(fault))
        os._exit(1)


def asgi() -> Edge:
    """Make the application by the settings of the environment, for any ASGI server."""
    return prepared()()


def prepared() -> Callable[[], Edge]:
    """Make the application that all workers share, without a connection or a thread; a worker calls what this gives."""
    settings = Settings.from_environment(os.environ)
    Statement.compile_all(settings.database_url)
    served = application(assemble(settings), framed_by=_demo_page(settings, os.environ))
    _keep_for_good()
    return partial(_in_worker, settings, served)


def _in_worker(settings: Settings, served: Edge) -> Edge:
    configure_logs(json_logs=settings.json_logs.chosen_for(sys.stderr))
    return served


def _keep_for_good() -> None:
    """Exclude all present objects from garbage collection: they stay to the end, and scanning them delays requests."""
    gc.collect()
    gc.freeze()


FRAMED_BY = "RENUMBER_DEMO_FRAMED_BY"  # set by `renumber demo` alone


def _demo_page(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Find the origin that may frame the pages: only this service's own, and only where nobody else can reach it."""
    origin = environ.get(FRAMED_BY)
    return origin if origin == settings.base_url and settings.base_url.startswith("http://") else None
