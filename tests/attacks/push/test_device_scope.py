"""Threat: a service worker that reaches beyond the phone page, or an app whose manifest leads elsewhere."""

import json

from harness.server import Server


def test_the_service_worker_may_serve_the_phone_page_and_nothing_else(server: Server) -> None:
    worker = server.visitor().get("/device/sw.js")

    assert worker.status == 200
    assert worker.header("service-worker-allowed") == "/device"
    assert worker.header("content-type") == "text/javascript; charset=utf-8"
    assert worker.header("cache-control") == "no-cache"


def test_the_manifest_stays_within_the_phone_page_and_speaks_the_language_of_the_page(server: Server) -> None:
    visitor = server.visitor()
    german = json.loads(visitor.get("/device/manifest.webmanifest?language=de").text)
    english = json.loads(visitor.get("/device/manifest.webmanifest?language=en").text)

    assert (german["description"], english["description"]) == ("Anmeldungen bestätigen", "Confirm sign-ins")
    for manifest in (german, english):
        assert {manifest["id"], manifest["scope"], manifest["start_url"]} == {"/device"}
        assert all(visitor.send("HEAD", icon["src"]).status == 200 for icon in manifest["icons"])


def test_the_shell_says_nothing_of_whoever_is_signed_in(server: Server) -> None:
    person = server.person()
    person.sign_in()

    shell = person.browser.get("/device").text

    assert person.email not in shell
    assert "Erika" not in shell
    assert person.account_id not in shell
