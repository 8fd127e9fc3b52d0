"""Receivers set up streams of security events, and poll them, as SSF 1.0 and RFC 8936 say."""

from tests.web.api.operator_program import Program


async def test_what_happens_is_polled(program: Program) -> None:
    made = (await program.post("/ssf/streams", {})).json()
    print(made)
    account_id = (await program.post("/accounts", {"email": "a@example.com", "name": "A"})).json()["account_id"]
    await program.post(f"/accounts/{account_id}/freeze", {"reason": "reported stolen"})
    await program.parts.webhooks.drain()
    polled = (await program.post(f"/ssf/streams/{made['stream_id']}/poll", {"returnImmediately": True})).json()
    print(polled)
    assert len(polled["sets"]) == 2
