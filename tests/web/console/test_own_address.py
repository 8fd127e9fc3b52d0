"""The console on a listening address of its own: two `renumber serve` on one database, of which one has its pages."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from harness.server import CHEAP_PASSWORDS, Server
from harness.sinks import running_sinks

CHEAP = {f"RENUMBER_{name.upper()}": value for name, value in CHEAP_PASSWORDS.items()}


def test_the_public_address_has_no_console_and_people_are_helped_all_the_same(
    sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "renumber.db")
    with ExitStack() as stack:
        sinks = stack.enter_context(running_sinks())
        public, inner = (
            Server(f"sqlite:///{tmp_path / 'renumber.db'}", tmp_path, sinks, 1, dict(CHEAP), is_preloaded=True)
            for _ in range(2)
        )
        name = f"localhost:{inner.port}"
        shared = {"RENUMBER_CONSOLE": "on", "RENUMBER_CONSOLE_ORIGIN": f"http://{name}"}
        public.more |= {**shared, "RENUMBER_CONSOLE_HERE": "no"}
        inner.more |= {**shared, "RENUMBER_BASE_URL": public.origin}
        for server in (public, inner):
            stack.callback(server.stop)
            server.start()
        erika, as_console = public.person(), {"Host": name}

        at_public = [public.visitor().send("GET", path) for path in ("/console", "/console/cases")]
        by_name = [public.visitor().send("GET", path, headers=as_console) for path in ("/console", "/sign-in", "/")]
        at_inner = inner.visitor().send("GET", "/console", headers=as_console)
        erika.give_password()
        methods = erika.browser.get("/sign-in/help")

    assert [reply.status for reply in (*at_public, *by_name)] == [404] * 5
    assert (at_inner.status, at_inner.location) == (303, "/sign-in")
    assert "Request recovery" in methods.text
