"""Sending logout tokens: signed anew for each attempt, and posted by the same rules as webhooks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog

from renumber.delivery.channel import Fault, kind_and_place
from renumber.delivery.http import Answer, retry_after
from renumber.delivery.logouts.ports import Logouts, Sign
from renumber.delivery.loop import Pace
from renumber.delivery.ports import Clock
from renumber.delivery.receivers import PACE, ToReceivers
from renumber.delivery.recording import record
from renumber.delivery.webhooks.ports import JoinsSource
from renumber.delivery.webhooks.post import PinnedPost
from renumber.policies.joins import Application
from renumber.policies.oidc.logout import Logout, listening, logout_claims, wait_before_next

log = structlog.get_logger()

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutPorts:
    """All that a sender works with; `issuer` is our own address, `new_id` makes an id for each token."""

    joins: JoinsSource
    logouts: Logouts
    sign: Sign
    clock: Clock
    issuer: str
    new_id: Callable[[], str]


class LogoutSender:
    """Sends what is due until it is cancelled; where no application wants to hear, it asks the database nothing."""

    def __init__(self, ports: LogoutPorts, post: PinnedPost, *, claimant: str, pace: Pace = PACE) -> None:
        self._ports, self._post, self._pace = ports, post, pace
        self.to = ToReceivers(
            _Applications(ports.joins),
            ports.logouts,
            send=self._send,
            receiver_of=lambda logout: logout.client_id,
            clock=ports.clock,
            claimant=claimant,
            pace=pace,
        )

    def wake(self) -> None:
        """Look for what is due now, not at the next poll."""
        self.to.wake()

    async def run(self) -> None:
        """Send until cancelled, and close the client."""
        try:
            await self.to.run()
        finally:
            await self._post.close()

    async def _send(self, logout: Logout) -> None:
        """Send and settle one; an application that left meanwhile hears nothing."""
        application = self._ports.joins.current().application(logout.client_id)
        if application is None or not application.backchannel_logout_uri:
            await self._ports.logouts.finish(logout)
            return
        fault = await self._attempt(logout, application)
        wait = wait_before_next(logout.attempts + 1, fault.retry_after) if fault else None
        if await record(lambda: self._settle(logout, wait), self._pace):
            _tell(logout, fault, is_over=wait is None)

    async def _settle(self, logout: Logout, wait: timedelta | None) -> bool:
        if wait is None:
            return await self._ports.logouts.finish(logout)
        return await self._ports.logouts.defer(logout, self._ports.clock.now() + wait)

    async def _attempt(self, logout: Logout, application: Application) -> Fault | None:
        """Post the token; whatever answer is no success may be another one the next time (2.8)."""
        try:
            answer = await self._posted(logout, application)
        except Fault as fault:
            return fault
        except Exception as trouble:  # noqa: BLE001 - the edge: no end of a session is lost by a mistake
            log.error("logout_failed", **kind_and_place(trouble))
            return Fault(permanent=False, reason=f"unexpected {type(trouble).__name__}")
        if answer.is_success:
            return None
        asked_for = retry_after(answer.headers, self._ports.clock.now())
        return Fault(permanent=False, reason=f"answered {answer.status}", retry_after=asked_for)

    async def _posted(self, logout: Logout, application: Application) -> Answer:
        ports = self._ports
        claims = logout_claims(logout, ports.clock.now(), issuer=ports.issuer, token_id=ports.new_id())
        token = await ports.sign(claims, application.id_token_signed_response_alg)
        body, uri = urlencode({"logout_token": token}).encode(), application.backchannel_logout_uri
        return await self._post.send(uri, body, FORM, allow_private=application.allow_private)


def _tell(logout: Logout, fault: Fault | None, *, is_over: bool) -> None:
    """Log what became of an attempt: an application that never heard of it is an operator's business."""
    write = log.error if fault and is_over else log.info
    write(
        "logout_settled",
        account_id=logout.account_id,
        session_id=logout.session_id,
        application=logout.client_id,
        attempt=logout.attempts + 1,
        result=("given_up" if is_over else "retry") if fault else "delivered",
        reason=fault.reason if fault else None,
    )


class _Applications:
    """The applications that want to hear of ended sessions: there is nothing to prepare for them."""

    def __init__(self, joins: JoinsSource) -> None:
        self._joins = joins

    async def prepare(self, now: datetime) -> None:
        """Do nothing: what they hear was written with the act."""

    async def open(self) -> Sequence[str]:
        """Give the ids of all of them."""
        return listening(self._joins.current())
