"""Receivers set up streams of security events, and poll them, as SSF 1.0 and RFC 8936 say."""

import asyncio
from typing import Any

import jwt
import pytest
from sqlalchemy import text

from renumber.policies.events.signals import SUPPORTED
from renumber.store.database.open import Statement
from renumber.store.keys.server_keys import ServerKeys
from renumber.web.api.operator import signals
from tests.observability.service import BASE
from tests.web.api.operator_program import Program
from tests.web.oidc.party import keep_keys_of

FAILURE = Statement(text("SELECT failure FROM stream"))
DISABLED = "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
PURGED = "https://schemas.openid.net/secevent/risc/event-type/account-purged"
PUSH = {
    "method": "urn:ietf:rfc:8935",
    "endpoint_url": "https://shop.example/events",
    "authorization_header": "Bearer s",
}


class Receiver:
    """A receiver at the other end of a key."""

    def __init__(self, program: Program, key: str = "signals") -> None:
        self.program, self.key, self.stream_id = program, key, ""

    async def call(self, method: str, path: str, body: object = None) -> Any:
        return await self.program.call(method, f"/ssf{path}", body, key=self.key)

    async def create(self, **more: object) -> dict[str, Any]:
        """Make a stream, which is meant from now on."""
        parts = self.program.parts
        await keep_keys_of(ServerKeys(parts.database, parts.keys), parts.clock.now())
        made = await self.call("POST", "/streams", more)
        assert made.status_code == 201
        self.stream_id = made.json()["stream_id"]
        return made.json()  # type: ignore[no-any-return]

    async def poll(self, **more: object) -> dict[str, Any]:
        """Poll, and read the tokens by PyJWT; anything but a true one of ours raises."""
        asked = {"returnImmediately": True, **more}
        answer = (await self.call("POST", f"/streams/{self.stream_id}/poll", asked)).json()
        keys = jwt.PyJWKSet.from_dict((await self.program.visitor.get("/oauth/jwks")).json())
        read = {jti: self._verified(token, keys) for jti, token in answer["sets"].items()}
        assert all(jti == claims["jti"] for jti, claims in read.items())
        return {"sets": read, "more": answer["moreAvailable"]}

    def _verified(self, token: str, keys: jwt.PyJWKSet) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        assert header["typ"] == "secevent+jwt"
        return jwt.decode(token, keys[header["kid"]], algorithms=["RS256"], audience=self.key, issuer=BASE)

    async def types(self, **more: object) -> list[str]:
        """Poll, and give the types alone."""
        return [kind for claims in (await self.poll(**more))["sets"].values() for kind in claims["events"]]


async def happen(program: Program, email: str = "a@example.com") -> str:
    """Let an account be created, frozen and erased, and publish it."""
    account_id: str = (await program.post("/accounts", {"email": email, "name": "A"})).json()["account_id"]
    await program.post(f"/accounts/{account_id}/freeze", {"reason": "reported stolen"})
    await program.post(f"/accounts/{account_id}/erase")
    await program.parts.webhooks.drain()
    return account_id


async def test_two_receivers_poll_each_its_own_until_it_is_acknowledged(program: Program) -> None:
    one, other = Receiver(program), Receiver(program, "watch")
    await one.create(events_requested=[DISABLED, PURGED, "https://example.com/unknown"])
    await other.create()
    account_id = await happen(program)

    first = await one.poll(maxEvents=1)
    again = await one.poll()
    taken = await one.poll(ack=list(again["sets"]))
    theirs = await other.poll()

    assert (len(first["sets"]), first["more"]) == (1, True)
    assert [kind for claims in again["sets"].values() for kind in claims["events"]] == [DISABLED, PURGED]
    assert first["sets"].keys() < again["sets"].keys()
    assert (taken["sets"], taken["more"]) == ({}, False)
    assert {DISABLED, PURGED} < {kind for claims in theirs["sets"].values() for kind in claims["events"]}
    assert not theirs["sets"].keys() & again["sets"].keys()
    assert {claims["sub_id"]["sub"] for claims in again["sets"].values()} == {account_id}


async def test_what_a_receiver_refuses_is_not_given_again_and_the_operator_is_told(sqlite_program: Program) -> None:
    receiver = Receiver(sqlite_program)
    await receiver.create(events_requested=[DISABLED])
    await happen(sqlite_program)
    waiting = (await receiver.poll())["sets"]

    refused = await receiver.poll(setErrs={jti: {"err": "invalid_key", "description": "which?"} for jti in waiting})
    failure = (await sqlite_program.parts.database.fetch(FAILURE))[0]["failure"]

    assert len(waiting) == 1
    assert refused["sets"] == {}
    assert failure == "refused: invalid_key"


async def test_settings_are_changed_one_by_one_or_replaced_as_a_whole(sqlite_program: Program) -> None:
    receiver = Receiver(sqlite_program)
    made = await receiver.create(delivery=PUSH, description="of the shop", events_requested=[DISABLED])
    named = {"stream_id": made["stream_id"]}

    patched = (await receiver.call("PATCH", "/streams", {**named, "events_requested": [PURGED]})).json()
    wrong = await receiver.call("PATCH", "/streams", {**named, "aud": "somebody else"})
    replaced = (await receiver.call("PUT", "/streams", {**named, "iss": BASE})).json()
    listed = (await receiver.call("GET", "/streams")).json()
    gone = [await receiver.call("DELETE", f"/streams?stream_id={made['stream_id']}") for _ in range(2)]

    assert made["delivery"] == {"method": PUSH["method"], "endpoint_url": PUSH["endpoint_url"]}, "and no secret"
    assert (made["iss"], made["aud"], made["events_delivered"]) == (BASE, "signals", [DISABLED])
    assert patched == {**made, "events_requested": [PURGED], "events_delivered": [PURGED]}
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_request")
    assert replaced["delivery"]["method"] == "urn:ietf:rfc:8936"
    assert replaced["delivery"]["endpoint_url"].startswith(BASE)
    assert (replaced["description"], replaced["events_delivered"]) == ("", list(SUPPORTED))
    assert listed == [replaced]
    assert [answer.status_code for answer in gone] == [204, 404]
    assert (await receiver.call("GET", "/streams")).json() == []


async def test_a_stream_that_is_paused_gives_nothing_and_loses_nothing(sqlite_program: Program) -> None:
    receiver = Receiver(sqlite_program)
    await receiver.create(events_requested=[DISABLED])
    about = {"stream_id": receiver.stream_id}
    paused = await receiver.call("POST", "/status", {**about, "status": "paused", "reason": "moving house"})
    await happen(sqlite_program)

    during = await receiver.types()
    read = await receiver.call("GET", f"/status?stream_id={receiver.stream_id}")
    await receiver.call("POST", "/status", {**about, "status": "enabled"})
    after = await receiver.types()
    await receiver.call("POST", "/status", {**about, "status": "disabled"})
    await receiver.call("POST", "/status", {**about, "status": "enabled"})

    assert paused.json() == read.json() == {**about, "status": "paused", "reason": "moving house"}
    assert (during, after) == ([], [DISABLED])
    assert await receiver.types() == [], "one that is disabled keeps nothing"


async def test_a_verification_comes_back_with_its_state_once_a_minute(sqlite_program: Program) -> None:
    receiver = Receiver(sqlite_program)
    made = await receiver.create()
    asked = {"stream_id": receiver.stream_id, "state": "VGhpcyBpcw=="}

    answers = [await receiver.call("POST", "/verification", asked) for _ in range(2)]
    [claims] = (await receiver.poll())["sets"].values()

    assert [answer.status_code for answer in answers] == [204, 429]
    assert answers[1].headers["retry-after"] == str(made["min_verification_interval"])
    assert claims["sub_id"] == {"format": "opaque", "id": receiver.stream_id}
    assert list(claims["events"].values()) == [{"state": "VGhpcyBpcw=="}]


async def test_an_account_is_left_out_and_taken_in_again_and_nobody_learns_which_there_are(
    program: Program,
) -> None:
    receiver = Receiver(program)
    await receiver.create(events_requested=[DISABLED])
    account_id = await program.entered()

    def about(sub: str) -> dict[str, object]:
        return {"stream_id": receiver.stream_id, "subject": {"format": "iss_sub", "iss": BASE, "sub": sub}}

    removed = [await receiver.call("POST", "/subjects/remove", about(sub)) for sub in (account_id, "0" * 32, "x")]
    await program.post(f"/accounts/{account_id}/freeze", {"reason": "stolen"})
    await program.parts.webhooks.drain()
    without = await receiver.types()
    added = [await receiver.call("POST", "/subjects/add", about(sub)) for sub in (account_id, "0" * 32)]
    await program.post(f"/accounts/{account_id}/release", {"reason": "found"})
    await program.post(f"/accounts/{account_id}/freeze", {"reason": "stolen"})
    await program.parts.webhooks.drain()
    other = await receiver.call(
        "POST", "/subjects/add", {**about(""), "subject": {"format": "email", "email": "a@b.c"}}
    )

    assert {(answer.status_code, answer.content) for answer in removed} == {(204, b"")}
    assert {(answer.status_code, answer.content) for answer in added} == {(200, b"")}
    assert (without, await receiver.types()) == ([], [DISABLED])
    assert other.status_code == 400


async def test_a_long_poll_answers_as_soon_as_something_happens(
    sqlite_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "LOOK_EVERY", 0.02)
    receiver = Receiver(sqlite_program)
    await receiver.create(events_requested=[DISABLED])

    polling = asyncio.create_task(receiver.types(returnImmediately=False))
    await asyncio.sleep(0.1)
    waited = not polling.done()
    await happen(sqlite_program)

    async with asyncio.timeout(signals.WAIT_FOR / 2):
        assert await polling == [DISABLED]
    assert waited


async def test_a_long_poll_is_answered_after_its_time_and_no_receiver_has_more_than_its_streams(
    sqlite_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "WAIT_FOR", 0.05)
    monkeypatch.setattr(signals, "LOOK_EVERY", 0.02)
    receiver = Receiver(sqlite_program)
    for _ in range(8):
        await receiver.create()

    assert (await receiver.poll(returnImmediately=False))["sets"] == {}
    assert (await receiver.call("POST", "/streams", {})).json()["code"] == "too_many_streams"


async def test_the_transmitter_says_where_everything_is(sqlite_program: Program) -> None:
    told = (await sqlite_program.visitor.get("/.well-known/ssf-configuration")).json()

    assert (told["spec_version"], told["issuer"], told["default_subjects"]) == ("1_0", BASE, "ALL")
    assert (
        told["jwks_uri"] == (await sqlite_program.visitor.get("/.well-known/openid-configuration")).json()["jwks_uri"]
    )
    for name, method, body in (
        ("configuration_endpoint", "POST", {}),
        ("status_endpoint", "POST", {"stream_id": "x", "status": "paused"}),
        ("verification_endpoint", "POST", {"stream_id": "x"}),
        ("add_subject_endpoint", "POST", {"stream_id": "x", "subject": {}}),
        ("remove_subject_endpoint", "POST", {"stream_id": "x", "subject": {}}),
    ):
        path = told[name].removeprefix(f"{BASE}/api/v1")
        assert (await sqlite_program.call(method, path, body, key="signals")).status_code in (201, 404), name
