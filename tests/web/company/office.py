"""The pages of a company in the process of the test, with those who sit before them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from tests.flows.organisations.company import Company, a_company
from tests.flows.person import Person
from tests.web.console.desk import Desk, a_desk
from tests.web.oidc.party import Guest

LINK = re.compile(r'action="(/company/(?:changes|recoveries)/[^"]+)"')


@dataclass
class Office:
    """One company at its pages."""

    desk: Desk
    company: Company

    async def administrator(self) -> Person:
        """Somebody who administers the company, confirmed a moment ago."""
        return await self.company.administrator()

    def browser_of(self, person: Person) -> Guest:
        """The browser in which somebody is signed in."""
        return self.desk.browser_of(person)

    async def page(self, person: Person, path: str = "/company") -> httpx2.Response:
        """Open a page as somebody sees it."""
        return await self.browser_of(person).get(path)

    async def answer(self, person: Person, path: str, answer: str) -> httpx2.Response:
        """Open the question, press one of its buttons, and come to the page after it."""
        browser = self.browser_of(person)
        await browser.get(path)
        reply = await browser.post(path, {"answer": answer})
        return await browser.get(reply.headers["location"]) if reply.status_code == 303 else reply


def questions(html: str) -> list[str]:
    """The addresses of what waits for an answer on a page."""
    return LINK.findall(html)


@asynccontextmanager
async def an_office(url: str) -> AsyncIterator[Office]:
    """Run the whole application over one world, with a company in it."""
    async with a_desk(url) as desk:
        yield Office(desk, await a_company(desk.world))
