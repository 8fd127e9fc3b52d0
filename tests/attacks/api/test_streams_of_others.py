"""Threat: a receiver that reads, changes or ends the stream of another, or uses a token for what it isn't."""

from renumber.policies.events.streams import TYP
from tests.attacks.api.test_api_keys import everything_of
from tests.web.api.operator_program import Program
from tests.web.api.test_streams import PUSH, Receiver, happen


async def test_the_stream_of_another_key_is_unknown_to_every_operation_and_stays_as_it_is(
    sqlite_program: Program,
) -> None:
    owner, stranger = Receiver(sqlite_program), Receiver(sqlite_program, "watch")
    made = await owner.create()
    account_id = await happen(sqlite_program)
    named = {"stream_id": owner.stream_id}
    subject = {"format": "iss_sub", "iss": made["iss"], "sub": account_id}
    waiting = (await owner.poll())["sets"]

    answers = [
        await stranger.call(method, path, body)
        for method, path, body in (
            ("GET", f"/streams?stream_id={owner.stream_id}", None),
            ("PATCH", "/streams", {**named, "delivery": PUSH}),
            ("PUT", "/streams", {**named, "delivery": PUSH}),
            ("DELETE", f"/streams?stream_id={owner.stream_id}", None),
            ("GET", f"/status?stream_id={owner.stream_id}", None),
            ("POST", "/status", {**named, "status": "disabled"}),
            ("POST", "/subjects/add", {**named, "subject": subject}),
            ("POST", "/subjects/remove", {**named, "subject": subject}),
            ("POST", "/verification", named),
            ("POST", f"/streams/{owner.stream_id}/poll", {"ack": list(waiting), "returnImmediately": True}),
        )
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "stream_unknown")}
    assert (await stranger.call("GET", "/streams")).json() == []
    assert (await owner.call("GET", "/streams")).json() == [made]
    assert (await owner.poll())["sets"].keys() == waiting.keys()


async def test_a_token_acknowledged_along_another_stream_stays(sqlite_program: Program) -> None:
    owner, stranger = Receiver(sqlite_program), Receiver(sqlite_program, "watch")
    await owner.create()
    await stranger.create()
    await happen(sqlite_program)
    waiting = (await owner.poll())["sets"]

    await stranger.poll(ack=list(waiting), setErrs={jti: {"err": "invalid_key"} for jti in waiting})

    assert (await owner.poll())["sets"].keys() == waiting.keys()


async def test_a_security_event_is_no_id_token_of_ours(sqlite_program: Program) -> None:
    """RFC 8417 4.5: it is signed by the same keys, and told apart by its type alone."""
    signing = sqlite_program.parts.services.signed_tokens
    claims = {"iss": "https://account.example.com", "aud": "shop", "sub": "a" * 32}

    assert await signing.read(await signing.sign(claims, "RS256")) == claims
    assert await signing.read(await signing.sign(claims, "RS256", kind=TYP)) is None


async def test_no_secret_of_a_receiver_stands_in_the_database(sqlite_program: Program) -> None:
    receiver = Receiver(sqlite_program)
    header = "Bearer a-secret-of-the-receiver"
    await receiver.create(delivery={**PUSH, "authorization_header": header}, description="a private word")
    kept = [dict(row) for row in await everything_of(sqlite_program, "stream")]

    assert len(kept) == 1
    for secret in (b"a-secret-of-the-receiver", b"shop.example", b"a private word"):
        assert secret not in repr(kept).encode()
