"""Customer relations in real browsers: each with an authenticator app, by which they are signed in already."""

import asyncio
from dataclasses import dataclass

from harness.person import Person
from harness.postgres import in_a_thread
from harness.server import Server
from renumber.clock import SystemClock
from renumber.domain.factor import Factor
from renumber.domain.support.staff import Role
from renumber.domain.totp import KEY_BYTES, STEP, Slot, TotpKey, code_at
from renumber.flows.services import Client
from renumber.flows.support.staff import give_role
from renumber.settings import Settings
from renumber.wiring.core import assemble_core

KEY = bytes(range(KEY_BYTES))


@dataclass(frozen=True)
class Desk:
    """The desk of somebody of staff: their account, and the server at which they work."""

    server: Server
    person: Person

    def sign_in(self) -> None:
        """Give the password, and what the app shows now."""
        browser = self.person.browser
        assert self.person.give_password(browser).location == "/sign-in/app"
        browser.get("/sign-in/app")
        reply = browser.post("/sign-in/app", {"code": self._shown()})
        assert reply.location == "/profile", reply.text
        browser.get("/profile")

    def _shown(self) -> str:
        return code_at(KEY, int(SystemClock().now().timestamp() + self.server.offset) // STEP)


def a_desk(server: Server, role: Role, name: str, *, locale: str = "en") -> Desk:
    """Enter somebody of staff, with an app, and sign them in."""
    person = server.person(name, number=None, locale=locale)
    in_a_thread(asyncio.run, _equip(server, person, role))
    desk = Desk(server, person)
    desk.sign_in()
    return desk


async def _equip(server: Server, person: Person, role: Role) -> None:
    core = assemble_core(Settings.from_environment(server.environment))
    await core.database.start()
    try:
        now = core.clock.now()
        async with core.services.store.work(person.account_id) as work:
            work.keep(work.account.add_factor(Factor.TOTP, now).state)
            work.keep(TotpKey(account_id=person.account_id, slot=Slot.IN_USE, key=KEY, made_at=now))
        step = await give_role(core.services, Client(operator="the-operator"), person.account_id, role)
        assert step.refusal is None
    finally:
        core.passwords.close()
        await core.database.close()
