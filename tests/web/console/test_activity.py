"""The history of an account as its owner reads it."""

import re

from renumber.domain.support.staff import Role
from tests.web.console.desk import Desk

REASON = "Sounded unsure of the address."


async def test_the_owner_reads_that_somebody_of_staff_has_looked_and_not_what_was_noted(desk: Desk) -> None:
    erika, agent = await desk.person(), await desk.staff(Role.AGENT)
    await erika.sign_in()
    await agent.find(erika.email, REASON)

    page = await desk.browser_of(erika).get("/profile/activity")

    assert page.status_code == 200
    assert "Customer relations looked at the account" in page.text
    assert "Signed in" in page.text
    assert REASON not in page.text
    assert erika.email not in page.text


async def test_it_goes_on_to_the_beginning_and_whatever_is_no_place_shows_the_newest(desk: Desk) -> None:
    erika = await desk.person()
    for _ in range(8):
        desk.world.clock.move(minutes=10)
        await erika.sign_in()
    browser = desk.browser_of(erika)

    newest, odd = await browser.get("/profile/activity"), await browser.get("/profile/activity?after=x.y")
    [onward] = re.findall(r'href="(/profile/activity\?after=[^"]+)"', newest.text)
    older = await browser.get(onward)

    assert newest.text.count("<li>") == odd.text.count("<li>") == 30
    assert "The account was created" in older.text
    assert "The account was created" not in newest.text
