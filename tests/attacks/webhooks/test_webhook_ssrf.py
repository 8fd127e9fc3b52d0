"""A webhook that leads into our own network: by its name, its spelling, a changed answer, or a redirect (SECURITY 57).

The addresses of webhooks come from the operator, but the names in them are answered by whoever owns those names.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.delivery.channel import Fault
from renumber.delivery.public_addresses import is_public, look_up
from renumber.delivery.webhooks.post import PRIVATE, PinnedPost
from renumber.settings.joins.addresses import page_address
from tests.delivery.servers import Certificates, issue
from tests.delivery.webhooks.receiver import Receiver, answering, receiving

HOST = "hooks.example.com"
WITHIN = (
    "127.0.0.1", "192.88.99.1",
    "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - nothing is bound to it

    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "2001:db8::1", "3fff::1", "100::1", "5f00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::7f00:1",
    "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001:0:7f00:1::", "2001::1", "2001:10::1", "2001:20::1",
    "", "localhost", "hooks.example.com", "127.1", "0x7f000001",
)  # fmt: skip
OUTSIDE = (
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
)


def answers(*turns: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """Resolve a name to these addresses, one answer after another; what is asked more often gets the last."""
    left = list(turns)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


async def fault_of(post: PinnedPost, url: str) -> Fault:
    """Post, which fails, and give the fault."""
    with pytest.raises(Fault) as failed:
        await post.send(url, b"{}", {}, allow_private=False)
    await post.close()
    return failed.value


@pytest.mark.parametrize("address", WITHIN)
def test_an_address_of_any_network_of_our_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_judged_as_the_one_within(within: IPv4Address) -> None:
    for around in (f"::ffff:{within}", f"64:ff9b::{within}"):
        assert is_public(around) <= is_public(str(within))
    assert not is_public(f"2002:{int(within) >> 16:x}:{int(within) & 0xFFFF:x}::1")
    assert not is_public(f"::{within}")


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_or_multicast_is_public(address: object) -> None:
    given_address = ip_address(str(address))

    assert is_public(str(address)) <= (given_address.is_global and not given_address.is_multicast)


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"], ["::ffff:127.0.0.1"]],
)
async def test_a_name_with_a_single_private_address_is_not_asked_at_all(found: list[str]) -> None:
    async with receiving() as receiver:
        fault = await fault_of(PinnedPost(resolve=answers(found)), f"https://{HOST}:{receiver.port}/hooks")

        assert fault.reason == PRIVATE
        assert receiver.got == []


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "localhost"],
)
async def test_loopback_is_not_asked_however_it_is_spelt(host: str) -> None:
    async with receiving() as receiver:
        fault = await fault_of(PinnedPost(resolve=look_up), f"https://{host}:{receiver.port}/hooks")

        assert fault.reason == PRIVATE or fault.reason.startswith("webhook: no answer")
        assert receiver.got == []


async def test_a_private_address_is_not_asked_by_plain_http_either(sqlite_url: str) -> None:
    async with receiving() as receiver:
        assert (await fault_of(PinnedPost(), receiver.url)).reason == PRIVATE
        assert receiver.got == []


@pytest.mark.parametrize("url", ["https://user:secret@hooks.example.com/", "https://hooks.example.com@127.0.0.1/"])
def test_an_address_with_a_user_before_the_host_is_refused_when_the_file_is_read(url: str) -> None:
    with pytest.raises(ValueError, match="remove the user before the host"):
        page_address(url)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority of the tests, and its word for the host."""
    return issue(tmp_path_factory.mktemp("tls"), HOST)


@asynccontextmanager
async def over_tls(certificates: Certificates) -> AsyncIterator[Receiver]:
    """A receiver with the certificate of the host."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=certificates.for_server())
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()


async def test_the_name_is_resolved_once_and_tls_is_verified_for_it_at_that_address(certificates: Certificates) -> None:
    async with over_tls(certificates) as receiver:
        asked: list[str] = []

        async def resolve(host: str, _port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.1"]

        post = PinnedPost(tls=certificates.for_client(), resolve=resolve)
        url = f"https://{HOST}:{receiver.port}/hooks?a=b"
        answer = await post.send(url, b"{}", {"webhook-id": "1"}, allow_private=True)
        await post.close()

        assert answer.status == 204
        assert asked == [HOST]
        (got,) = receiver.got
        assert (got.path, got.headers["host"], got.body) == ("/hooks?a=b", f"{HOST}:{receiver.port}", b"{}")


@pytest.mark.parametrize("trusts", [False, True])
async def test_another_name_or_an_unknown_authority_gets_nothing(certificates: Certificates, *, trusts: bool) -> None:
    """An answer of the name server must not be enough to read what others are told."""
    async with over_tls(certificates) as receiver:
        tls = certificates.for_client() if trusts else ssl.create_default_context()
        post = PinnedPost(tls=tls, resolve=answers(["127.0.0.1"]))
        host = "other.example.com" if trusts else HOST

        with pytest.raises(Fault, match="no answer"):
            await post.send(f"https://{host}:{receiver.port}/hooks", b"{}", {}, allow_private=True)
        await post.close()

        assert receiver.got == []


async def test_a_name_that_changes_its_answer_is_judged_by_the_one_that_is_connected_to() -> None:
    """Rebinding: public when it is judged, private when it is connected to; here there is one answer for both."""
    async with receiving() as receiver:
        post = PinnedPost(resolve=answers(["203.0.113.9"], ["127.0.0.1"]))

        fault = await fault_of(post, f"https://{HOST}:{receiver.port}/hooks")

        assert fault.reason == PRIVATE
        assert receiver.got == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with receiving() as receiver, receiving() as hidden:
        receiver.answer = answering(status, f"Location: {hidden.url}")
        post = PinnedPost()

        answer = await post.send(receiver.url, b"{}", {}, allow_private=True)
        await post.close()

        assert answer.status == status
        assert hidden.got == []


async def test_no_proxy_of_the_environment_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as receiver, receiving() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        post = PinnedPost()

        await post.send(receiver.url, b"{}", {}, allow_private=True)
        await post.close()

        assert len(receiver.got) == 1
        assert proxy.got == []


async def test_a_receiver_that_answers_without_end_is_cut_off(tmp_path: Path) -> None:
    async with receiving() as receiver:
        receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * (1 << 20)
        post = PinnedPost()

        answer = await post.send(receiver.url, b"{}", {}, allow_private=True)
        await post.close()

        assert answer.status == 200
        assert len(answer.body) <= 1 << 16


async def test_the_next_address_of_a_name_is_tried_if_nobody_listens_at_the_first() -> None:
    async with receiving() as receiver:
        post = PinnedPost(resolve=answers(["127.0.0.2", "127.0.0.1"]))
        answer = await post.send(f"http://{HOST}:{receiver.port}/hooks", b"{}", {}, allow_private=True)
        await post.close()

        assert answer.status == 204
        assert receiver.got[0].headers["host"] == f"{HOST}:{receiver.port}"


def test_the_client_keeps_no_connection_that_would_serve_another_name() -> None:
    client = PinnedPost()._client()
    assert isinstance(client, httpx2.AsyncClient)
    assert client._transport._pool._max_keepalive_connections == 0  # type: ignore[attr-defined]  # as the library keeps it
