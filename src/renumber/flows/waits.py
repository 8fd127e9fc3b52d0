"""Waits that are told on every channel: looking at the one that stands, and beginning one."""

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from renumber.domain.outcomes import Step
from renumber.domain.wait import Wait, WaitPurpose, begin
from renumber.flows.act import Act
from renumber.flows.ports.services import KeyedHash
from renumber.policies.waits import USABLE_FOR

Told = TypeVar("Told", bound=Act)


async def standing_wait(act: Act, purpose: WaitPurpose, about: str) -> Wait | None:
    """The wait that stands for this, whichever browser began it."""
    wait = await act.work.load(Wait, purpose)
    return wait if wait and wait.stands(about, act.now) else None


def is_kept_here(act: Act, wait: Wait) -> bool:
    """Tell whether this browser began the wait."""
    return wait.is_kept_by(act.services.secrets.fingerprints(KeyedHash.BROWSER, act.client.browser_id))


async def begin_wait(act: Act, purpose: WaitPurpose, about: str, *, wait_for: timedelta) -> Step[Wait]:
    """Begin a wait in this browser, unless one stands; the act that does it tells everybody of its facts."""
    mine = Wait(
        account_id=act.account.account_id,
        purpose=purpose,
        about=about,
        browser_key=act.services.secrets.fingerprints(KeyedHash.BROWSER, act.client.browser_id)[0],
        started_at=act.now,
        over_at=act.now + wait_for,
        usable_until=act.now + wait_for + USABLE_FOR,
    )
    step = begin(await act.work.load(Wait, purpose), mine)
    if step.facts:
        act.keep(step.state)
    return step


def telling_of(act: Told, wait: Wait) -> Told:
    """The same act, with messages that say until when the wait lasts."""
    return replace(act, extra={**act.extra, "wait_until": wait.over_at.isoformat()})


async def stop_wait(act: Act, purpose: WaitPurpose) -> None:
    """End the wait for this purpose, if there is one."""
    wait = await act.work.load(Wait, purpose)
    if wait and act.now < wait.usable_until:
        act.keep(wait.stop(act.now))
