"""Another Renumber as the company's identity provider: a whole sign-in between two services, over HTTP on loopback."""

import shutil
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from harness.server import quick_server
from harness.sinks import running_sinks
from renumber.clock import SystemClock
from renumber.policies.oidc.assurance import Acr
from tests.flows.support.company import Company
from tests.flows.world import ORIGIN
from tests.web.console.desk import a_desk
from tests.web.console.provider.company import newcomer

SECRET = "the secret of the console, as long as it takes to be one"
JOINS = f"""
[[client]]
id = "console"
name = "Customer relations"
secret_file = "client.secret"
redirect_uris = ["{ORIGIN}/console/sign-in/done"]
scopes = ["openid", "profile", "email"]
"""


def written(path: Path, text: str) -> str:
    """A file for its owner alone."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return str(path)


async def test_staff_of_one_service_works_at_the_console_of_another(sqlite_template: Path, tmp_path: Path) -> None:
    for name in ("company.db", "renumber.db"):
        shutil.copyfile(sqlite_template, tmp_path / name)
    secret, joins = written(tmp_path / "client.secret", SECRET), written(tmp_path / "joins.toml", JOINS)
    company_url, url = (f"sqlite:///{tmp_path / name}" for name in ("company.db", "renumber.db"))
    with running_sinks() as sinks, quick_server(company_url, tmp_path, sinks, workers=1, joins_file=joins) as company:
        anna = company.person()
        anna.change_number("+4915123456780")
        named = {
            "provider_issuer": company.origin,
            "provider_client_id": "console",
            "provider_client_secret_file": secret,
            "provider_groups_claim": "email",
            "provider_roles": f"{anna.email}=agent",
            "provider_acr": Acr.TWO_FACTORS.value,
        }
        async with a_desk(url, **named) as desk:
            desk.world.clock.time = SystemClock().now()
            here = newcomer(desk, Company(company.origin))
            there = urlsplit(await here.sent())
            reply = anna.browser.send("GET", f"{there.path}?{there.query}")
            while reply.location.startswith("/"):
                reply = anna.browser.send("GET", reply.location)
            answer = dict(parse_qsl(urlsplit(reply.location).query))
            entered = await here.browser.ask("GET", "/console/sign-in/done", params=answer)
            page = await here.browser.get("/console")

    assert answer["iss"] == company.origin
    assert entered.headers["location"] == "/console"
    assert "Search" in page.text
