"""Refusals of what names an account that isn't there: each is written into nobody's history."""

from sqlalchemy import bindparam, delete

from renumber.domain.outcomes import Refusal
from renumber.flows.account.erase import erase_account
from renumber.flows.phone_change.link import press_link
from renumber.flows.push.devices import unsubscribe_device
from renumber.store.database.open import Statement
from renumber.store.erasure import AccountErasure
from renumber.store.schema import tables
from tests.flows.person import Browser, Person
from tests.flows.push.phone import add_phone
from tests.flows.refusals.case import Case, Refused, give_password
from tests.flows.refusals.openings import IN_SESSION, IN_SIGN_IN, act_in_session, act_in_sign_in, cases


async def erase(person: Person) -> None:
    """Let the operator erase the account, which leaves its cookies, links and devices wherever they are."""
    world = person.world
    await erase_account(
        AccountErasure(world.database, world.keys), person.account_id, world.clock.time, joins=world.services.joins
    )


async def signed_in_and_erased(person: Person) -> Browser:
    """A browser with the cookie of a session, after its account was erased."""
    await person.sign_in()
    await erase(person)
    return person.browser


async def begun_and_erased(person: Person) -> Browser:
    """A browser with the cookie of a sign-in, after its account was erased."""
    await give_password(person)
    await erase(person)
    return person.browser


async def use_link_without_account(person: Person) -> Refused:
    """Let a link come whose account the database has lost, as a backup of half a database would."""
    await person.sign_in()
    await person.ask_for_change()
    token = await person.link()
    forget = Statement(delete(tables.account).where(tables.account.c.account_id == bindparam("account_id")))
    await person.world.database.run(forget, {"account_id": person.account_id})
    return press_link(person.world.services, person.browser.client, token)


async def call_by_erased(person: Person) -> Refused:
    """Let a device call whose account is erased just after its signature was verified."""
    phone = await add_phone(person)
    device = phone.known
    await erase(person)
    return unsubscribe_device(person.world.services, person.browser.client, device)


CASES = [
    *cases("erased", Refusal.SESSION_UNKNOWN, act_in_session, signed_in_and_erased, IN_SESSION, of_nobody=True),
    *cases("erased, half-way", Refusal.SIGN_IN_EXPIRED, act_in_sign_in, begun_and_erased, IN_SIGN_IN, of_nobody=True),
    Case("press_link: without its account", Refusal.LINK_UNKNOWN, use_link_without_account, of_nobody=True),
    Case("unsubscribe_device: erased", Refusal.DEVICE_UNKNOWN, call_by_erased, of_nobody=True),
]
