"""A change of the number asks the database no more often than it has to; `BEGIN` and `COMMIT` are not counted."""

from collections.abc import Awaitable

from renumber.domain.challenge import CodePurpose
from renumber.store.database.open import counting
from tests.builders import NEW
from tests.flows.person import a_person
from tests.flows.world import a_world


async def cost(act: Awaitable[object]) -> tuple[int, int]:
    """Count the statements and commits of an act, with the look at the cookie where a page has it."""
    with counting() as counted:
        await act
    return counted.statements, counted.commits


async def test_each_act_of_a_change_takes_few_statements(postgresql_url: str) -> None:
    async with a_world(postgresql_url) as world:
        person = await a_person(world)
        browser, costs = person.browser, {}

        costs["password"] = await cost(browser.give_password(person.email, form_id="a page"))
        costs["code"] = await cost(browser.type_code(await person.code(CodePurpose.SIGN_IN)))
        costs["request"] = await cost(person.ask_for_change())
        costs["press"] = await cost(browser.press(await person.link()))
        costs["password after it"] = await cost(browser.give_password(person.email, form_id="another page"))
        costs["number"] = await cost(browser.enter_number(NEW))
        costs["code of the number"] = await cost(browser.type_code(await person.code(CodePurpose.NEW_NUMBER)))

    assert costs == {
        "password": (6, 2),
        "code": (3, 1),
        "request": (3, 1),
        "press": (3, 1),
        "password after it": (5, 2),
        "number": (3, 1),
        "code of the number": (3, 1),
    }
