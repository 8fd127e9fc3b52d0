"""Applications hear that a session has ended: once, if they were given something in it, by a token that they check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from renumber.crypto.signed_tokens import SignedTokens
from renumber.delivery.logouts.sender import LogoutPorts, LogoutSender
from renumber.delivery.receivers import PACE
from renumber.delivery.webhooks.post import PinnedPost
from renumber.flows.sessions import sign_out
from renumber.policies.joins import Application, Joins
from renumber.policies.oidc.logout import LOGOUT_EVENT, LOGOUT_TYPE, WAITS
from renumber.store.backchannel_logouts import StoredLogouts
from renumber.store.keys.server_keys import ServerKeys
from tests.delivery.builders import Away
from tests.delivery.webhooks.house import QUICK
from tests.delivery.webhooks.receiver import Got, Receiver, answering, receiving
from tests.flows.oidc.endings import EVERYTHING, ONE_SESSION, Ending, freeze, sign_out_everywhere
from tests.flows.person import Browser, Person, a_person
from tests.flows.refusals.grants import ASKED, SHOP, bring, code_of
from tests.flows.world import ORIGIN, StandingJoins, World, a_world
from tests.store.hands_on import everything
from tests.web.oidc.party import keep_keys


@dataclass
class Told:
    """An installation with one application that hears of ended sessions, and a person who is signed in to it."""

    world: World
    receiver: Receiver
    logouts: StoredLogouts
    tokens: SignedTokens
    keys: KeySet
    erika: Person

    def sender(self, claimant: str = "tests") -> LogoutSender:
        """A sender, as any process has one."""
        ports = LogoutPorts(
            joins=self.world.services.joins,
            logouts=self.logouts,
            sign=partial(self.tokens.sign, kind=LOGOUT_TYPE),
            clock=self.world.clock,
            issuer=ORIGIN,
            new_id=self.world.keys.new_id,
        )
        return LogoutSender(ports, PinnedPost(to="application"), claimant=claimant, pace=QUICK)

    async def send(self) -> None:
        """Send all that is due now."""
        await self.sender().to.drain()

    async def waiting(self) -> list[dict[str, Any]]:
        """All that an application has yet to hear."""
        return (await everything(self.world))["backchannel_logout"]

    async def sign_in(self) -> str:
        """Sign in to the application, and give the id of the session."""
        assert await bring(self.erika, await code_of(self.erika, ASKED))
        return self.erika.browser.ticket.id


def shop_at(receiver: Receiver, **more: Any) -> Application:
    """The shop, with somebody who listens."""
    return replace(SHOP, **{"backchannel_logout_uri": receiver.url, "allow_private": True, **more})


@asynccontextmanager
async def told(url: str, **more: Any) -> AsyncIterator[Told]:
    """Open an installation that the shop has joined, and sign somebody in to it."""
    async with receiving() as receiver, a_world(url, joins=Joins((shop_at(receiver, **more),))) as world:
        await keep_keys(world)
        tokens = SignedTokens(ServerKeys(world.database, world.keys), world.clock)
        keys = KeySet.import_key_set({"keys": (await tokens.published())["keys"]})
        yield Told(world, receiver, StoredLogouts(world.database), tokens, keys, await a_person(world))


async def claims_of(told: Told, got: Got) -> dict[str, Any]:
    """Check a token as an application does (2.6), and give its claims."""
    (token,) = parse_qs(got.body.decode())["logout_token"]
    found = jwt.decode(token, told.keys, ["RS256"])
    assert got.headers["content-type"] == "application/x-www-form-urlencoded"
    assert found.header["typ"] == "logout+jwt"
    now = int(told.world.clock.time.timestamp())
    assert (found.claims["iss"], found.claims["aud"]) == (ORIGIN, SHOP.client_id)
    assert found.claims["iat"] == now < found.claims["exp"] <= now + 120
    assert found.claims["events"] == {LOGOUT_EVENT: {}}
    assert "nonce" not in found.claims
    return dict(found.claims)


@pytest.mark.parametrize("end", [*EVERYTHING, *ONE_SESSION])
async def test_whatever_ends_a_session_is_told_once_to_whom_was_given_something_in_it(
    database_url: str, end: Ending
) -> None:
    async with told(database_url) as there:
        session_id = await there.sign_in()

        await end(there.erika)
        await there.send()
        await there.send()

        (got,) = there.receiver.got
        said = await claims_of(there, got)
        assert (said["sub"], said["sid"]) == (there.erika.account_id, session_id)
        assert await there.waiting() == []


async def test_nobody_hears_of_a_session_that_goes_on_or_gave_them_nothing(sqlite_url: str) -> None:
    async with told(sqlite_url) as there:
        await there.sign_in()
        there.world.clock.move(seconds=31)
        elsewhere = await there.erika.sign_in(Browser(there.world))

        await sign_out(there.world.services, elsewhere.client, elsewhere.ticket)
        await there.send()

        assert there.receiver.got == []


async def test_nothing_is_written_where_no_application_listens(sqlite_url: str) -> None:
    async with told(sqlite_url, backchannel_logout_uri="") as there:
        await there.sign_in()

        await freeze(there.erika)

        assert await there.waiting() == []


async def test_an_application_that_is_away_is_tried_for_a_quarter_of_an_hour_with_a_new_token_each_time(
    sqlite_url: str,
) -> None:
    async with told(sqlite_url) as there:
        there.receiver.answer = answering(503)
        await there.sign_in()
        await freeze(there.erika)
        began = there.world.clock.time

        for wait in (timedelta(0), *WAITS):
            there.world.clock.time += wait
            await there.send()
            await claims_of(there, there.receiver.got[-1])
        await there.send()

        assert len({got.body for got in there.receiver.got}) == len(there.receiver.got) == 1 + len(WAITS)
        assert there.world.clock.time - began < timedelta(minutes=16)
        assert await there.waiting() == []


async def test_what_a_sender_had_claimed_when_it_was_killed_is_sent_by_another(database_url: str) -> None:
    async with told(database_url) as there:
        await there.sign_in()
        await sign_out_everywhere(there.erika)
        now = there.world.clock.time
        (lost,) = await there.logouts.claim(SHOP.client_id, 10, "killed", now=now, until=now + PACE.claim_for)

        await there.send()
        before = len(there.receiver.got)
        there.world.clock.time = now + PACE.claim_for
        await there.send()

        assert (before, len(there.receiver.got)) == (0, 1)
        assert not await there.logouts.finish(lost), "its claim has lapsed"


async def test_a_private_address_hears_nothing_unless_the_operator_lets_it(sqlite_url: str) -> None:
    async with told(sqlite_url, allow_private=False) as there:
        await there.sign_in()

        await freeze(there.erika)
        await there.send()

        assert there.receiver.got == []
        assert [row["attempts"] for row in await there.waiting()] == [1]


async def test_an_application_that_left_or_listens_no_more_is_told_nothing_and_forgotten(sqlite_url: str) -> None:
    async with told(sqlite_url) as there:
        await there.sign_in()
        await freeze(there.erika)
        sender = there.sender()
        now = there.world.clock.time
        (claimed,) = await there.logouts.claim(SHOP.client_id, 1, "tests", now=now, until=now + PACE.claim_for)

        there.world.services.joins.joins = Joins((SHOP,))  # type: ignore[attr-defined]
        assert isinstance(there.world.services.joins, StandingJoins)
        await sender._send(claimed)

        assert there.receiver.got == []
        assert await there.waiting() == []


async def test_a_logout_token_is_no_id_token(sqlite_url: str) -> None:
    async with told(sqlite_url) as there:
        await there.sign_in()
        await freeze(there.erika)
        await there.send()

        (token,) = parse_qs(there.receiver.got[0].body.decode())["logout_token"]

        assert await there.tokens.read(token) is None


@pytest.mark.parametrize(("status", "record"), [(200, "finish"), (503, "defer")])
async def test_a_database_that_is_away_between_a_send_and_its_record_makes_no_second_send(
    database_url: str, status: int, record: str
) -> None:
    async with told(database_url) as there:
        there.receiver.answer = answering(status)
        await there.sign_in()
        await freeze(there.erika)
        recording = Away(getattr(there.logouts, record))
        setattr(there.logouts, record, recording)

        await there.send()

        assert (recording.asked, len(there.receiver.got)) == (3, 1)
