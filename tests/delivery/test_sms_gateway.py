"""The generic gateway, Twilio, and what their answers mean: a real server on loopback."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
import uvloop

from renumber.delivery import http
from renumber.delivery.channel import Fault
from renumber.delivery.direct import DirectClient
from renumber.delivery.http import ProxiedClient, open_client, retry_after
from renumber.delivery.sms import open_sms_gateways
from renumber.delivery.sms.generic import GenericGateway
from renumber.settings.sms_url import sms_urls
from tests.delivery.builders import an_sms
from tests.delivery.servers import SmsServer, running_sms_server


@pytest.fixture
async def server() -> AsyncIterator[SmsServer]:
    async with running_sms_server() as running:
        yield running


@pytest.fixture
async def gateway(server: SmsServer) -> AsyncIterator[GenericGateway]:
    (opened,) = open_sms_gateways(sms_urls(f"http+json://127.0.0.1:{server.port}/send?tenant=7"))
    assert isinstance(opened, GenericGateway)
    yield opened
    await opened.close()


async def test_the_gateway_gets_the_id_the_number_and_the_text(server: SmsServer, gateway: GenericGateway) -> None:
    sms = an_sms()

    await gateway.send(sms)

    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/send?tenant=7")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == sms.message_id
    assert request.json == {"id": sms.message_id, "to": "+4915112345001", "text": sms.text}


async def test_one_connection_carries_several_texts(server: SmsServer, gateway: GenericGateway) -> None:
    for _ in range(3):
        await gateway.send(an_sms())

    assert (server.connections, len(server.requests)) == (1, 3)


async def test_a_server_that_speaks_unasked_or_more_than_it_was_asked_is_connected_to_anew(server: SmsServer) -> None:
    server.raw = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n" * 2
    (gateway,) = open_sms_gateways(sms_urls(f"http+json://127.0.0.1:{server.port}/"))
    for _ in range(2):
        await gateway.send(an_sms())
    await gateway.close()

    assert (server.connections, len(server.requests)) == (2, 2)


async def test_a_connection_that_the_server_has_closed_is_made_anew(server: SmsServer, gateway: GenericGateway) -> None:
    server.headers = {"Connection": "close"}

    for _ in range(2):
        await gateway.send(an_sms())

    assert (server.connections, len(server.requests)) == (2, 2)


def test_the_loop_of_the_server_sends_as_that_of_the_standard_library() -> None:
    async def sent() -> int:
        async with running_sms_server() as server:
            (gateway,) = open_sms_gateways(sms_urls(f"http+json://127.0.0.1:{server.port}/"))
            await gateway.send(an_sms())
            await gateway.close()
            return len(server.requests)

    assert uvloop.run(sent()) == 1


async def test_where_a_proxy_stands_between_it_is_asked(server: SmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    (near,) = open_sms_gateways(sms_urls(f"http+json://127.0.0.1:{server.port}/near"))
    client = ProxiedClient(open_client(through_proxy=True))
    far = GenericGateway("far", "http://gateway.example/far", client)
    for gateway in (near, far):
        await gateway.send(an_sms())
        await gateway.close()

    assert [request.path for request in server.requests] == ["/near", "http://gateway.example/far"]


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
async def test_2xx_is_accepted(server: SmsServer, gateway: GenericGateway, status: str) -> None:
    server.status, server.body = status, ""

    await gateway.send(an_sms())


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "404 Not Found", "422 Unprocessable"])
async def test_4xx_is_permanent(server: SmsServer, gateway: GenericGateway, status: str) -> None:
    server.status = status

    with pytest.raises(Fault) as refused:
        await gateway.send(an_sms())

    assert refused.value.permanent
    assert refused.value.reason == f"gateway-1: answered {status[:3]}"


@pytest.mark.parametrize(
    "status", ["408 Request Timeout", "429 Too Many Requests", "500 Error", "503 Unavailable", "302 Found"]
)
async def test_429_408_and_5xx_may_pass(server: SmsServer, gateway: GenericGateway, status: str) -> None:
    server.status = status

    with pytest.raises(Fault) as refused:
        await gateway.send(an_sms())

    assert not refused.value.permanent


async def test_a_redirect_does_not_take_the_text_elsewhere(server: SmsServer, gateway: GenericGateway) -> None:
    server.status, server.headers = "307 Temporary Redirect", {"Location": "/elsewhere"}

    with pytest.raises(Fault):
        await gateway.send(an_sms())

    assert [request.path for request in server.requests] == ["/send?tenant=7"]


async def test_the_wait_that_the_gateway_asks_for_is_passed_on(server: SmsServer, gateway: GenericGateway) -> None:
    server.status, server.headers = "429 Too Many Requests", {"Retry-After": "120"}

    with pytest.raises(Fault) as refused:
        await gateway.send(an_sms())

    assert refused.value.retry_after == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "0"}, timedelta()),
        ({"retry-after": "Tue, 24 Nov 2026 13:33:00 GMT"}, timedelta(seconds=60)),
        ({"retry-after": "Tue, 24 Nov 2026 13:00:00 GMT"}, timedelta()),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_seconds_or_a_date(headers: dict[str, str], wait: timedelta | None) -> None:
    now = {"date": "Tue, 24 Nov 2026 13:32:00 GMT"}

    assert retry_after({**now, **headers}) == wait


async def test_a_gateway_that_hangs_up_may_come_back(server: SmsServer, gateway: GenericGateway) -> None:
    server.is_silent = True

    with pytest.raises(Fault) as refused:
        await gateway.send(an_sms())

    assert not refused.value.permanent
    assert refused.value.reason == "gateway-1: no answer (RemoteProtocolError)"


async def test_a_gateway_that_never_answers_is_given_up(server: SmsServer) -> None:
    client = DirectClient(within=0.1)
    slow = GenericGateway("slow", f"http://127.0.0.1:{server.port}/", client)
    server.is_late = True

    with pytest.raises(Fault) as refused:
        await slow.send(an_sms())
    await slow.close()

    assert not refused.value.permanent
    assert refused.value.reason == "slow: no answer (TimeoutError)"


async def test_a_gateway_that_is_not_there_may_come_back() -> None:
    async with running_sms_server() as gone:
        (gateway,) = open_sms_gateways(sms_urls(f"http+json://127.0.0.1:{gone.port}/"))

    with pytest.raises(Fault) as refused:
        await gateway.send(an_sms())
    await gateway.close()

    assert not refused.value.permanent


async def test_every_wait_has_an_end() -> None:
    client = open_client(through_proxy=True)

    assert None not in client.timeout.as_dict().values()
    assert client.timeout == http.TIMEOUT
    await client.aclose()


async def test_a_user_and_password_in_the_url_become_basic_authentication(server: SmsServer) -> None:
    (gateway,) = open_sms_gateways(sms_urls(f"http+json://renumber:p%40ss@127.0.0.1:{server.port}/"))

    await gateway.send(an_sms())
    await gateway.close()

    assert server.requests[0].headers["authorization"] == httpx2.BasicAuth("renumber", "p@ss")._auth_header
    assert "renumber" not in gateway.name


async def test_providers_keep_the_order_of_the_setting() -> None:
    gateways = open_sms_gateways(
        sms_urls("https+json://a.example.com/, twilio://AC1:t@+4915112345, https+json://b.example.com/")
    )

    assert [gateway.name for gateway in gateways] == ["gateway-1", "twilio-2", "gateway-3"]
    for gateway in gateways:
        await gateway.close()


def twilio_url(server: SmsServer, sender: str = "%2B4915199999999") -> str:
    return f"twilio://AC123:t0ken@{sender}?api=http://127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    ("sender", "field", "value"),
    [
        ("%2B4915199999999", "From", "+4915199999999"),
        ("ExampleCard", "From", "ExampleCard"),
        ("MG0123456789abcdef", "MessagingServiceSid", "MG0123456789abcdef"),
    ],
)
async def test_twilio_gets_a_form_with_the_right_kind_of_sender(
    server: SmsServer, sender: str, field: str, value: str
) -> None:
    server.status = "201 Created"
    (twilio,) = open_sms_gateways(sms_urls(twilio_url(server, sender)))
    sms = an_sms()

    await twilio.send(sms)
    await twilio.close()

    (request,) = server.requests
    assert request.path == "/2010-04-01/Accounts/AC123/Messages.json"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["authorization"] == httpx2.BasicAuth("AC123", "t0ken")._auth_header
    assert request.form == {"To": "+4915112345001", "Body": sms.text, field: value}


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        ("400 Bad Request", 21211, True),
        ("400 Bad Request", 21610, True),
        ("400 Bad Request", 21614, True),
        ("400 Bad Request", 21408, False),
        ("400 Bad Request", 21606, False),
        ("401 Unauthorized", 20003, False),
        ("429 Too Many Requests", 20429, False),
        ("500 Error", 0, False),
    ],
)
async def test_twilio_refuses_a_number_for_good_and_our_account_there_for_now(
    server: SmsServer, status: str, code: int, *, permanent: bool
) -> None:
    server.status, server.body = status, f'{{"code": {code}, "message": "+4915112345001 is not …"}}'
    (twilio,) = open_sms_gateways(sms_urls(twilio_url(server)))

    with pytest.raises(Fault) as refused:
        await twilio.send(an_sms())
    await twilio.close()

    assert refused.value.permanent is permanent
    assert "4915112345001" not in refused.value.reason


async def test_an_answer_of_twilios_that_is_not_json_may_pass(server: SmsServer) -> None:
    server.status, server.body = "502 Bad Gateway", "<html>"
    (twilio,) = open_sms_gateways(sms_urls(twilio_url(server)))

    with pytest.raises(Fault) as refused:
        await twilio.send(an_sms())
    await twilio.close()

    assert refused.value.reason == "twilio-1: answered 502 (no code)"
