"""The whole journey of one person: two password sign-ins, all pages and all posts."""

from dataclasses import dataclass

from bench.sinks import CODE, LINK, Sinks
from bench.wire import Browser

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
REQUESTS = 18


@dataclass(frozen=True)
class Traveller:
    """One account, and the number it will have."""

    email: str
    old_number: str
    new_number: str
    ip: str


def traveller(index: int) -> Traveller:
    """A person of their own, at an address of their own."""
    ip = f"10.{index // 62500}.{index // 250 % 250}.{index % 250}"
    return Traveller(f"traveller-{index}@example.com", f"+4915121{index:06}", f"+4915122{index:06}", ip)


async def sign_in(port: int, sinks: Sinks, who: Traveller) -> list[float]:
    """Sign in by password and text message; gives the seconds of each request."""
    browser = Browser(port, who.ip)
    await browser.open()
    try:
        await _sign_in(browser, sinks, who)
    finally:
        await browser.close()
    return browser.seconds


async def travel(port: int, sinks: Sinks, who: Traveller) -> list[float]:
    """Make the journey; gives the seconds of each request."""
    browser = Browser(port, who.ip)
    await browser.open()
    try:
        await _ask(browser, sinks, who)
        await _reset(browser, sinks, who)
        await _enter(browser, sinks, who)
    finally:
        await browser.close()
    return browser.seconds


async def _sign_in(browser: Browser, sinks: Sinks, who: Traveller) -> None:
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=who.email, password=PASSWORD)
    await browser.get("/sign-in/code")
    await browser.post("/sign-in/code", code=await sinks.next(who.old_number, CODE))


async def _ask(browser: Browser, sinks: Sinks, who: Traveller) -> None:
    await _sign_in(browser, sinks, who)
    await browser.get("/profile")
    await browser.post("/phone-change")
    await browser.get("/profile?notice=change_requested")


async def _reset(browser: Browser, sinks: Sinks, who: Traveller) -> None:
    link = await sinks.next(who.email, LINK)
    await browser.get(link)
    await browser.post(link)
    await browser.get("/phone-change/removed")


async def _enter(browser: Browser, sinks: Sinks, who: Traveller) -> None:
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=who.email, password=PASSWORD)
    await browser.get("/sign-in/number")
    await browser.post("/sign-in/number", country="DE", number=who.new_number)
    await browser.get("/sign-in/number/code")
    await browser.post("/sign-in/number/code", code=await sinks.next(who.new_number, CODE))
    await browser.get("/phone-change/finished")
