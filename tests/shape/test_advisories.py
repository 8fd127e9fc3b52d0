"""A pinned version that an advisory names fails the check, from whatever source the advisory comes."""

import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from harness.ports import free_port
from scripts import check_advisories as check
from scripts.locked import Pinned, pinned_in, read_locks

PINS = [Pinned("jinja2", "3.1.6", ()), Pinned("typing-extensions", "4.16.0", ())]


def ranged(*events: dict[str, str], name: str = "Jinja2", **more: object) -> dict[str, object]:
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [*events]}]}
    return {"id": "X-1", "affected": [affected], **more}


def ids(*records: dict[str, object]) -> list[str]:
    return [f"{one.library} {one.id}" for one in check.named_by(records, PINS)]


FROM_START, FIXED_LATER, FIXED_BEFORE = {"introduced": "0"}, {"fixed": "3.1.10"}, {"fixed": "3.1.6"}


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (ranged(FROM_START), ["jinja2 X-1"]),
        (ranged(FROM_START, FIXED_LATER), ["jinja2 X-1"]),
        (ranged(FROM_START, FIXED_BEFORE), []),
        (ranged({"introduced": "3.2"}), []),
        (ranged(FROM_START, {"last_affected": "3.1.6"}), ["jinja2 X-1"]),
        (ranged(FROM_START, {"last_affected": "3.1.5"}), []),
        (ranged(FROM_START, {"fixed": "2.0"}, {"introduced": "3.0"}), ["jinja2 X-1"]),
        (ranged({"introduced": "3.0"}, {"fixed": "2.0"}, FROM_START), ["jinja2 X-1"]),
        (ranged(FROM_START, {"fixed": "no version"}), ["jinja2 X-1"]),
        (ranged(FROM_START, name="typing_extensions"), ["typing-extensions X-1"]),
        (ranged(FROM_START, name="something-else"), []),
        (ranged(FROM_START, withdrawn="2026-01-01T00:00:00Z"), []),
        ({"id": "X-1", "affected": [{"package": {"ecosystem": "npm", "name": "jinja2"}, "versions": ["3.1.6"]}]}, []),
        (
            {"id": "X-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "jinja2"}, "versions": ["3.1.6"]}]},
            ["jinja2 X-1"],
        ),
    ],
)
def test_a_record_names_the_versions_that_its_ranges_hold(record: dict[str, object], found: list[str]) -> None:
    assert ids(record) == found


def test_every_lock_is_read_with_its_digests() -> None:
    assert list(pinned_in('a==1.0 ; sys_platform != "win32" \\\n    --hash=sha256:' + "0" * 64 + "\nb-c==2\n")) == [
        Pinned("a", "1.0", ("0" * 64,)),
        Pinned("b-c", "2", ()),
    ]
    assert {"litestar", "pytest", "setuptools"} <= {pin.name for pin in read_locks()}
    assert all(pin.digests for pin in read_locks())


def run(monkeypatch: pytest.MonkeyPatch, *, known: Path | None = None, **environment: str) -> int:
    for name in ("ADVISORIES", "ADVISORY_SERVICE"):
        monkeypatch.setenv(name, environment.get(name, "off" if name == "ADVISORY_SERVICE" else ""))
    if known:
        monkeypatch.setattr(check, "KNOWN", known)
    with pytest.raises(SystemExit) as ended:
        check.main()
    return int(str(ended.value.code))


def test_what_is_pinned_holds_no_known_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch) == 0


def test_a_known_fault_of_a_pinned_version_fails_unless_it_is_accepted_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "advisories.toml"
    entry = 'known = [{ library = "Jinja2", introduced = "3", fixed = "99", id = "X-1" }]\n'

    known.write_text(entry)
    refused = run(monkeypatch, known=known)
    known.write_text(entry + '[accepted]\n"X-1" = "no template of ours comes from outside"\n')
    accepted = run(monkeypatch, known=known)

    told = capsys.readouterr().out
    assert (refused, accepted) == (1, 0)
    assert "X-1 (accepted: no template of ours comes from outside)" in told
    assert "Advisories: 1 open" in told


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_an_export_of_a_database_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    record = json.dumps(ranged(FROM_START))
    place = tmp_path / kind
    if kind == "folder":
        (place / "below").mkdir(parents=True)
        (place / "below" / "X-1.json").write_text(record)
    else:
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("X-1.json", record)

    assert run(monkeypatch, ADVISORIES=str(place)) == 1


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    asked: list[bytes] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/querybatch", asked
        server.shutdown()


def test_a_service_that_can_be_reached_is_told_names_and_versions_alone_and_its_word_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pins = read_locks()
    results: list[dict[str, object]] = [{} for _ in pins]
    results[3] = {"vulns": [{"id": "X-7", "modified": "2026-01-01T00:00:00Z"}]}

    with answering(json.dumps({"results": results}).encode()) as (service, asked):
        assert run(monkeypatch, ADVISORY_SERVICE=service) == 1

    assert f"{pins[3].name} {pins[3].version}: X-7" in capsys.readouterr().out
    queries = json.loads(asked[0])["queries"]
    assert queries[3] == {"package": {"ecosystem": "PyPI", "name": pins[3].name}, "version": pins[3].version}
    assert {frozenset(query) for query in queries} == {frozenset({"package", "version"})}


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b'{"results": []}', b'{"results": 7}'])
def test_a_service_that_says_something_else_is_told_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: bytes
) -> None:
    with answering(answer) as (service, _):
        assert run(monkeypatch, ADVISORY_SERVICE=service) == 0

    assert "The advisory service can't be reached" in capsys.readouterr().out


def test_a_service_that_can_not_be_reached_is_told_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, ADVISORY_SERVICE=f"http://127.0.0.1:{free_port()}/") == 0
    assert "The advisory service can't be reached" in capsys.readouterr().out
