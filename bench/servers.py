"""The service under load: two worker processes on a database of their own."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.journey import PASSWORD, Traveller
from bench.sinks import Sinks
from harness.ports import free_port
from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.settings import Settings
from renumber.wiring.parts import assemble

RENUMBER = Path(sys.executable).with_name("renumber")


@dataclass(frozen=True)
class Service:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    environment: dict[str, str]
    ready_after: float


@asynccontextmanager
async def running_service(
    url: str,
    sinks: Sinks,
    workers: int = 2,
    *,
    key_file: Path | None = None,
    command: Sequence[str] = (str(RENUMBER),),
) -> AsyncIterator[Service]:
    """Serve until the block ends, with a key of its own unless one is given, by another command than ours if asked."""
    with tempfile.TemporaryDirectory(prefix="renumber-bench-") as folder:
        port = free_port()
        environment = _environment(url, sinks, port=port, folder=Path(folder)) | {"RENUMBER_WORKERS": str(workers)}
        if key_file:
            environment["RENUMBER_SECRET_KEY_FILE"] = str(key_file)
        service = await _started([*command, "serve", "--port", str(port)], port, environment)
        try:
            yield service
        finally:
            os.killpg(service.process.pid, signal.SIGTERM)
            service.process.wait(timeout=30)


def _environment(url: str, sinks: Sinks, *, port: int, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "RENUMBER_BASE_URL": f"http://127.0.0.1:{port}",
        "RENUMBER_DATABASE_URL": url,
        "RENUMBER_SECRET_KEY_FILE": str(folder / "key"),
        "RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{sinks.mail_port}?tls=none",
        "RENUMBER_MAIL_FROM": "account@example.com",
        "RENUMBER_SMS_URL": f"http+json://127.0.0.1:{sinks.sms_port}/sms",
        "RENUMBER_BRAND": "Example Card",
        "RENUMBER_SUPPORT_CONTACT": "support@example.com",
        "RENUMBER_TRUSTED_PROXIES": "127.0.0.1/32",
    }


async def _started(command: list[str], port: int, environment: dict[str, str]) -> Service:
    started = time.monotonic()
    process = _launched(command, environment)
    while time.monotonic() - started < 90:
        if await _is_ready(port):
            return Service(process, port, environment, time.monotonic() - started)
        await asyncio.sleep(0.02)
    raise RuntimeError("the server did not become ready")


def _launched(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
    answer = await reader.read(16)
    writer.close()
    return b" 200" in answer


async def enter(service: Service, travellers: Sequence[Traveller]) -> None:
    """Enter the accounts of these people."""
    parts = assemble(Settings.from_environment(service.environment))
    await parts.database.start()
    hashed = await parts.passwords.hash(PASSWORD)
    newcomers = [
        Newcomer(
            EmailAddress(who.email), "Traveller", "de", PhoneNumber(who.old_number), hashed, number_is_verified=True
        )
        for who in travellers
    ]
    await enter_accounts(parts.new_accounts, parts.clock, parts.keys, newcomers=newcomers, joins=parts.services.joins)
    parts.passwords.close()
    await parts.database.close()
