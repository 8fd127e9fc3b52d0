"""The one door of the demonstration: who is let in, and what every answer carries."""

import http.client
import json

import pytest

from tests.demo.demonstration import Demonstration

Answer = tuple[http.client.HTTPResponse, str]


def ask(demo: Demonstration, method: str, path: str, *, body: str | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=30)
    named = {"host": f"localhost:{demo.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers=named)
    response = connection.getresponse()
    content = response.read().decode()
    connection.close()
    return response, content


@pytest.mark.parametrize("path", ["/demo", "/", "/sign-in", "/demo/events"])
def test_a_foreign_name_that_leads_to_this_machine_reads_nothing(demo: Demonstration, path: str) -> None:
    response, content = ask(demo, "GET", path, host="evil.example")

    assert response.status == 307
    assert response.headers["location"] == demo.address
    assert not content


def test_the_address_behind_the_name_leads_to_the_name_and_tells_a_probe_that_it_is_there(demo: Demonstration) -> None:
    address = f"127.0.0.1:{demo.port}"

    statuses = {path: ask(demo, "GET", path, host=address)[0].status for path in ("/demo", "/healthz", "/readyz")}

    assert statuses == {"/demo": 307, "/healthz": 200, "/readyz": 200}


@pytest.mark.parametrize("act", ["pass/1", "start-over", "let-in/jonas", "browser/other", "language/en", "sms"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_presses_anything(demo: Demonstration, act: str, site: str) -> None:
    response, _ = ask(demo, "POST", f"/demo/{act}", sec_fetch_site=site)

    assert response.status == 403
    assert "set-cookie" not in response.headers


def test_nothing_changes_by_being_looked_at(demo: Demonstration) -> None:
    for act in ("pass/1", "start-over", "let-in/jonas", "browser/other"):
        response, _ = ask(demo, "GET", f"/demo/{act}")

        assert response.status == 405


def test_the_page_takes_no_inline_code_and_nothing_from_elsewhere(demo: Demonstration) -> None:
    response, content = ask(demo, "GET", "/demo")

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("http") == policy.count("frame-src 'self' http://localhost:") == 1  # the shop beside it
    assert "style=" not in content
    assert "<style" not in content


def test_the_web_app_lets_itself_be_framed_by_the_page_alone(demo: Demonstration) -> None:
    response, _ = ask(demo, "GET", "/sign-in")

    origin = demo.address.removesuffix("/demo")
    assert response.headers["content-security-policy"].endswith(f"frame-ancestors {origin}")


def test_no_browser_is_asked_to_subscribe_at_the_push_service_of_its_vendor(demo: Demonstration) -> None:
    _, content = ask(demo, "GET", "/device/api/configuration")

    assert json.loads(content)["vapid_public_key"] == ""


def test_the_gateway_takes_what_the_generic_gateway_sends_and_refuses_the_rest(demo: Demonstration) -> None:
    text = {"id": "test-door", "to": "+491713920099", "text": "Hello"}

    statuses = [
        ask(demo, "POST", "/demo/sms", body=json.dumps(body), content_type="application/json")[0].status
        for body in (text, text, {"id": "test-door-2"})
    ]

    assert statuses == [202, 202, 400]


def test_unknown_mails_and_files_are_not_found(demo: Demonstration) -> None:
    for path in ("/demo/mails/none", "/demo/mails/none/text", "/demo/static/..%2Frun.py", "/demo/static/none.js"):
        assert ask(demo, "GET", path)[0].status == 404


def test_a_body_beyond_reason_is_not_passed_on(demo: Demonstration) -> None:
    response, _ = ask(demo, "POST", "/sign-in", body="x" * (1 << 20) + "x")

    assert response.status == 413
    assert "x-request-id" not in response.headers  # the service would have given one
