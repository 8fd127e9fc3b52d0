"""What operators and customer relations cost: a webhook's delivery, acts by the API, and pages of the console."""

import hashlib
import json
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_hex
from threading import Semaphore, Thread

from bench import machine
from bench.factors import give_app, sign_in_with_app
from harness.person import Person
from harness.server import Server, running_server
from harness.sinks import running_sinks
from harness.visitor import Visitor

EVENTS, ACTS, PAGES, LATE = 100, 40, 100, 31.0
KEY = f"rnk_{'operators':_<43}"
SECRET = f"whsec_{b64encode(bytes(range(32))).decode()}"
JOINS = f"""
[[api_key]]
name = "operators"
hash = "{hashlib.sha256(KEY.encode()).hexdigest()}"
scopes = ["accounts:write"]

[[webhook]]
id = "shop"
url = "http://127.0.0.1:%d/hooks"
secret_file = "shop.whsec"
events = ["account.created"]
allow_private = true
"""


def measure(url: str) -> dict[str, float]:
    """Server CPU seconds: of one delivery, one act of each kind, and one page."""
    with _listening() as (port, arrived), _serving(url, port) as server:
        server.people(1)  # the connection to the receiver, and what is loaded with the first delivery
        arrived.acquire()
        return {
            "webhook, from the event to its delivery": _spent(server, EVENTS, lambda: _deliver(server, arrived)),
            **_by_api(server, arrived),
            **_at_the_console(server, arrived),
        }


@contextmanager
def _listening() -> Iterator[tuple[int, Semaphore]]:
    """A receiver that keeps its connections, and says how many signed events have arrived."""
    arrived = Semaphore(0)

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(204)
            self.end_headers()
            if self.headers["webhook-signature"]:
                arrived.release()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, arrived
    server.shutdown()
    server.server_close()


@contextmanager
def _serving(url: str, port: int) -> Iterator[Server]:
    with running_sinks() as sinks, tempfile.TemporaryDirectory(prefix="renumber-bench-") as name:
        folder = Path(name)
        (folder / "shop.whsec").touch(mode=0o600)
        (folder / "shop.whsec").write_text(SECRET)
        (folder / "joins.toml").write_text(JOINS % port)
        more = {"console": "yes", "api_acts_per_minute": "1000", "staff_looks_per_hour": "1000"}
        with running_server(url, folder, sinks, workers=2, joins_file=str(folder / "joins.toml"), **more) as server:
            yield server


def _spent(server: Server, count: int, act: Callable[[], object]) -> float:
    assert server.process
    before = machine.cpu_seconds(server.process.pid)
    act()
    return (machine.cpu_seconds(server.process.pid) - before) / count


def _deliver(server: Server, arrived: Semaphore) -> None:
    """Let other processes create accounts: the server has nothing to do with these events but to hand them on."""
    server.people(EVENTS)
    for _ in range(EVENTS):
        arrived.acquire()


def _by_api(server: Server, arrived: Semaphore) -> dict[str, float]:
    """Create accounts, and freeze them, with all that is sent for it."""
    made: list[str] = []

    def create() -> None:
        for number in range(ACTS):
            newcomer = {"email": f"new-{number}@example.com", "name": "Newcomer"}
            made.append(_called(server, "", newcomer)["account_id"])
            arrived.acquire()
        _await_all_sent(server, made)

    def freeze() -> None:
        for account_id in made:
            _called(server, f"/{account_id}/freeze", {"reason": "stolen"})
        _await_all_sent(server, made)

    return {
        "POST /api/v1/accounts, its mail and its webhook": _spent(server, ACTS, create),
        "POST /api/v1/accounts/{id}/freeze and its mail": _spent(server, ACTS, freeze),
    }


def _called(server: Server, path: str, body: dict[str, str]) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": token_hex(8)}
    answer = server.visitor().send("POST", f"/api/v1/accounts{path}", json.dumps(body), headers)
    assert answer.status in {200, 201}, answer.text
    return dict(json.loads(answer.body))


def _await_all_sent(server: Server, account_ids: Sequence[str]) -> None:
    for account_id in account_ids:
        server.await_sent(account_id)


def _at_the_console(server: Server, arrived: Semaphore) -> dict[str, float]:
    """Search for somebody, and open the page of an account that has a timeline."""
    agent, erika = server.people(2)
    for _ in (agent, erika):
        arrived.acquire()
    key = give_app(agent)
    erika.sign_in()
    server.run("staff", "add", agent.email, "--role", "agent")
    server.move(LATE)
    sign_in_with_app(agent, key)
    browser, page = agent.browser, f"/console/accounts/{erika.account_id}"
    browser.get("/console")
    return {
        "console, a search": _spent(server, PAGES, lambda: _search(browser, erika, page)),
        "console, the page of an account": _spent(server, PAGES, lambda: _open(browser, erika, page)),
    }


def _search(browser: Visitor, person: Person, page: str) -> None:
    for _ in range(PAGES):
        reply = browser.press("/console/find", {"search": person.email, "reason": "has called"})
        assert reply.location == page, reply.text


def _open(browser: Visitor, person: Person, page: str) -> None:
    for _ in range(PAGES):
        reply = browser.get(page)
        assert person.account_id in reply.text, reply.text
