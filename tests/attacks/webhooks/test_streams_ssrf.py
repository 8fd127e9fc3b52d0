"""A stream whose receiver wants to be pushed to our own network, or leads there by a redirect (SECURITY 57).

Unlike that of a webhook the address comes from outside: whoever has a key with `ssf` chooses it.
"""

from dataclasses import replace

import pytest

from renumber.delivery.webhooks.post import PRIVATE
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.operator.streams import create_stream
from renumber.flows.services import NOWHERE
from renumber.policies.events.streams import Method, NotValid, Stream, Wanted, configured
from renumber.store.streams.states import stream_states
from tests.delivery.streams.house import KEY, a_house
from tests.delivery.webhooks.receiver import answering, receiving
from tests.flows.person import a_person
from tests.flows.world import START

OUTSIDE = replace(KEY, allow_private=False)
ADDRESSES = (
    "", "shop.example", "//shop.example", "http://shop.example", "ftp://shop.example", "file:///etc/passwd",
    "https://", "https:///x", "https://user:secret@shop.example", "https://shop.example@127.0.0.1",
    "javascript:alert(1)",
    "https://shop.example/#fragment", "https://shop.example/a b", "https://shop.example\\@127.0.0.1", "HTTPS://[::1",
    "https://shop.example:99999", "https://shop.example:0", "https://shop.example/\r\nHost: evil.example",
    f"https://shop.example/{'x' * 2000}",
)  # fmt: skip


BARE = Stream(stream_id="s", owner="shop", audience="shop", created_at=START)


@pytest.mark.parametrize("url", ADDRESSES)
@pytest.mark.parametrize("allow_private", [False, True])
def test_no_address_is_taken_that_could_be_read_as_another(url: str, *, allow_private: bool) -> None:
    wanted = Wanted(method=Method.PUSH, endpoint_url=url)
    is_plain_http = url == "http://shop.example"

    made = configured(BARE, wanted, poll_url="", allow_private=allow_private)

    assert isinstance(made, Stream) == (is_plain_http and allow_private)


@pytest.mark.parametrize("header", ["Bearer a\r\nHost: evil.example", "\n", " Bearer a", "Bearer a ", "ä", "x" * 1001])
def test_no_header_is_taken_that_could_be_two(header: str) -> None:
    wanted = Wanted(method=Method.PUSH, endpoint_url="https://shop.example", authorization_header=header)

    assert isinstance(configured(BARE, wanted, poll_url="", allow_private=True), NotValid)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254"])
async def test_nothing_is_pushed_to_an_address_of_our_own_network(host: str, sqlite_url: str) -> None:
    async with a_house(sqlite_url, OUTSIDE) as house, receiving() as hidden:
        wanted = Wanted(method=Method.PUSH, endpoint_url=f"https://{host}:{hidden.port}/events")
        assert isinstance(await create_stream(house.receiver(OUTSIDE), wanted), Stream)
        erika = await a_person(house.world)
        await freeze_by_operator(house.world.services, NOWHERE, erika.account_id, "stolen")
        await house.send()

        assert (await stream_states(house.world.database))[0].failure == PRIVATE
        assert hidden.got == []


async def test_a_push_follows_no_redirect(sqlite_url: str) -> None:
    async with a_house(sqlite_url) as house, receiving() as listener, receiving() as hidden:
        await house.pushed_to(listener)
        listener.answer = answering(307, f"Location: {hidden.url}")
        erika = await a_person(house.world)
        await freeze_by_operator(house.world.services, NOWHERE, erika.account_id, "stolen")
        await house.send()

        assert len(listener.got) == 1
        assert hidden.got == []
        assert (await stream_states(house.world.database))[0].failure == "answered 307"
