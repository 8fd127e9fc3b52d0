"""An installation whose events go along streams: the real store, the real sender, and receivers that really listen."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import jwt

from renumber.delivery.loop import Pace
from renumber.delivery.streams.sender import StreamPorts, StreamSender
from renumber.delivery.webhooks.post import PinnedPost
from renumber.flows.operator.streams import Receiver, create_stream
from renumber.policies.events.streams import Method, Stream, StreamStatus, Wanted
from renumber.policies.joins import ApiKey, Joins, Scope
from renumber.store.events.publish import EventPublisher
from renumber.store.streams.pushes import StreamPushes
from renumber.store.streams.streams import StoredStreams
from tests.delivery.webhooks.receiver import Got
from tests.delivery.webhooks.receiver import Receiver as Listener
from tests.flows.world import ORIGIN, World, a_world
from tests.web.oidc.party import keep_keys

KEY = ApiKey(name="shop", key_hash=b"s", scopes=frozenset({Scope.SHARED_SIGNALS}), allow_private=True)
QUICK = Pace(at_once=64, poll_for=timedelta(seconds=0.05), stop_for=timedelta(seconds=0.2))


@dataclass
class House:
    """One installation with a sender; `results` is what the metrics were told."""

    world: World
    streams: StoredStreams
    sender: StreamSender
    results: list[tuple[str, str]] = field(default_factory=list)

    def receiver(self, key: ApiKey = KEY) -> Receiver:
        """Somebody at the other end of a key."""
        services = self.world.services
        return Receiver(key=key, streams=self.streams, clock=services.clock, secrets=services.secrets, base_url=ORIGIN)

    async def pushed_to(self, listener: Listener, *, key: ApiKey = KEY, **more: Any) -> Stream:
        """Make a stream that is pushed to a receiver on this machine."""
        wanted = Wanted(method=Method.PUSH, endpoint_url=listener.url, authorization_header="Bearer let-me-in", **more)
        made = await create_stream(self.receiver(key), wanted)
        assert isinstance(made, Stream)
        return made

    async def publish(self) -> None:
        """Give all that has happened its place, and its way along every stream."""
        joins, publisher = self.world.services.joins.current(), EventPublisher(self.world.database)
        while await publisher.publish(joins.webhooks, self.world.clock.time, receivers=joins.receivers):
            pass

    async def send(self) -> None:
        """Publish and push all that is due now."""
        await self.publish()
        await self.sender.drain()

    async def become(self, stream: Stream, status: StreamStatus) -> None:
        """Give a stream another status, as its receiver does."""
        present = await self.streams.find(stream.owner, stream.stream_id)
        assert present is not None
        assert await self.streams.save(replace(present, status=status), self.world.clock.time)


def a_sender(house: House, *, claimant: str = "tests") -> StreamSender:
    """Another sender on the same store."""
    services = house.world.services
    ports = StreamPorts(
        joins=services.joins,
        pushes=StreamPushes(house.world.database, house.world.keys),
        signing=services.signed_tokens,
        clock=house.world.clock,
        issuer=ORIGIN,
    )
    return StreamSender(
        ports,
        PinnedPost(to="stream"),
        observe=lambda name, result: house.results.append((name, result.value)),
        dice=lambda: 0.0,
        claimant=claimant,
        pace=QUICK,
    )


@asynccontextmanager
async def a_house(url: str, *keys: ApiKey) -> AsyncIterator[House]:
    """Open an installation that these keys hear of."""
    async with a_world(url, joins=Joins(api_keys=keys or (KEY,))) as world:
        await keep_keys(world)
        house = House(world, StoredStreams(world.database, world.keys), sender=None)  # type: ignore[arg-type]  # below
        house.sender = a_sender(house)
        yield house
        await house.sender.close()


async def verified(house: House, got: Sequence[Got], audience: str = "shop") -> list[dict[str, Any]]:
    """Read tokens as a receiver does, by PyJWT and the published keys; anything but a true one of ours raises."""
    keys = jwt.PyJWKSet.from_dict(dict(await house.world.services.signed_tokens.published()))
    claims = []
    for each in got:
        header = jwt.get_unverified_header(each.body)
        assert (header["typ"], header["alg"]) == ("secevent+jwt", "RS256")
        options: Any = {"require": ["iss", "aud", "jti", "iat"], "verify_iat": False}  # the clock of the tests stands
        claims.append(
            jwt.decode(
                each.body, keys[header["kid"]], algorithms=["RS256"], audience=audience, issuer=ORIGIN, options=options
            )
        )
    return claims


def types(tokens: Sequence[dict[str, Any]]) -> list[str]:
    """The types of what tokens tell, without what stands before them."""
    return [kind.rpartition("/")[2] for token in tokens for kind in token["events"]]
