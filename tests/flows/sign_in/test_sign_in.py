"""Signing in: the password, the code to the phone, a session."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from renumber.domain.account import NOBODIES, NOBODY, is_nobody
from renumber.domain.challenge import CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.account.release import release_by_operator
from renumber.store.database.open import Statement
from renumber.store.schema import tables
from tests.builders import WRONG
from tests.flows.person import PASSWORD, PROVE, Browser, Person
from tests.flows.slow_passwords import let_happen
from tests.flows.world import World

HEADS = Statement(select(tables.account.c.account_id, tables.account.c.audit_seq))


async def test_password_and_code_open_a_session_with_its_second_factor(world: World, erika: Person) -> None:
    result = await erika.browser.give_password(erika.email)
    assert (result.state, result.signed_in) == (SignInState.AWAITING_FACTOR, False)
    assert not await erika.browser.is_signed_in()

    result = await erika.browser.type_code(await erika.code(CodePurpose.SIGN_IN))

    assert (result.refusal, result.signed_in) == (None, True)
    assert await erika.browser.is_signed_in()
    [session] = await world.live_sessions(erika.account_id)
    assert (session.factor, session.factor_at) == (Factor.PHONE, world.clock.time)
    history = await world.history(erika.account_id)
    assert history[-3:] == ["code_proven", "signed_in", "signed_in_from_new_browser"]


async def test_the_password_alone_opens_nothing(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)

    assert await world.live_sessions(erika.account_id) == []
    assert [received.notice for received in await erika.texts()] == [Notice.SIGN_IN_CODE]


async def test_an_address_is_known_in_any_spelling(erika: Person) -> None:
    assert (await erika.browser.give_password("  ERIKA@Example.com ")).state is SignInState.AWAITING_FACTOR


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(world: World, erika: Person) -> None:
    known = await erika.browser.give_password(erika.email, "wrong password")
    unknown = await erika.browser.give_password("nobody@example.com", "wrong password")

    assert known == unknown
    assert known.refusal is Refusal.WRONG_CREDENTIALS
    assert "refused:wrong_credentials" in await world.history(erika.account_id)
    assert await world.history(NOBODY) == ["refused:wrong_credentials"]
    assert await world.deliver() == []


async def test_both_are_slowed_in_the_same_way(world: World, erika: Person) -> None:
    for email in (erika.email, "nobody@example.com"):
        answers = [await Browser(world).give_password(email, "wrong password") for _ in range(6)]

        assert [answer.refusal for answer in answers[:5]] == [Refusal.WRONG_CREDENTIALS] * 5
        assert answers[5].refusal is Refusal.TOO_MANY_SIGN_INS
        assert answers[5].open_at == world.clock.time + timedelta(seconds=1)


async def test_a_slowed_account_opens_again_after_the_delay_and_forgets(world: World, erika: Person) -> None:
    for _ in range(5):
        await Browser(world).give_password(erika.email, "wrong password")
    assert (await Browser(world).give_password(erika.email)).refusal is Refusal.TOO_MANY_SIGN_INS

    world.clock.move(seconds=1)

    assert (await Browser(world).give_password(erika.email)).refusal is None
    assert (await Browser(world).give_password(erika.email, "wrong password")).refusal is Refusal.WRONG_CREDENTIALS


async def test_failures_elsewhere_never_slow_the_browser_that_the_owner_knows(world: World, erika: Person) -> None:
    await erika.sign_in()
    for _ in range(20):
        await Browser(world).give_password(erika.email, "wrong password")

    assert (await Browser(world).give_password(erika.email)).refusal is Refusal.TOO_MANY_SIGN_INS
    assert (await erika.browser.give_password(erika.email)).refusal is None


async def test_many_failures_from_one_address_slow_that_address_alone(world: World, erika: Person) -> None:
    attacker = Browser(world)
    for number in range(20):
        await attacker.give_password(f"nobody{number}@example.com", "wrong password")

    assert (await attacker.give_password(erika.email)).refusal is Refusal.TOO_MANY_SIGN_INS
    assert (await erika.browser.give_password(erika.email)).refusal is None


async def news(person: Person) -> list[tuple[str, str]]:
    """The channel and the browser of each sign-in that was told."""
    told = [*await person.mails(Notice.NEW_BROWSER), *await person.texts(Notice.NEW_BROWSER)]
    assert all(one.stop for one in told)
    return [(str(one.channel), one.message.params["browser"]) for one in told]


def on_every_channel(*browsers: str) -> list[tuple[str, str]]:
    return [(channel, browser) for channel in ("email", "sms") for browser in browsers]


async def test_the_first_sign_in_of_all_and_that_of_every_new_browser_is_told_on_each_channel(
    world: World, erika: Person
) -> None:
    await erika.sign_in()
    assert await news(erika) == on_every_channel("Firefox on Windows")
    world.clock.move(minutes=1)

    await erika.sign_in(Browser(world, "Safari on iPhone"))

    assert await news(erika) == on_every_channel("Firefox on Windows", "Safari on iPhone")


async def test_a_known_browser_is_no_news(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=1)
    await erika.sign_in()

    assert len(await erika.mails()) == 1


async def freeze_and_release(person: Person) -> None:
    services, at = person.world.services, person.browser.client
    await freeze_by_operator(services, at, person.account_id, "a call")
    await release_by_operator(services, at, person.account_id, "a call")


async def renew_password(person: Person) -> None:
    await person.choose_password("vurmix gapolde 27")


@pytest.mark.parametrize("forget", [freeze_and_release, renew_password])
async def test_after_a_freeze_a_release_and_a_password_by_mail_no_browser_is_known(
    world: World, erika: Person, forget: Callable[[Person], Awaitable[None]]
) -> None:
    await erika.sign_in()
    world.clock.move(minutes=1)
    await forget(erika)
    world.clock.move(minutes=1)
    assert not (await known(erika)), "and guesses elsewhere slow it as any other"

    await erika.sign_in()
    world.clock.move(minutes=1)
    await erika.sign_in()

    assert await news(erika) == on_every_channel("Firefox on Windows", "Firefox on Windows")
    assert await known(erika)


async def known(person: Person) -> bool:
    found = await person.world.services.store.credentials(person.email, person.browser.client.browser_id)
    assert found
    return found.knows_browser


async def test_a_password_that_was_replaced_while_it_was_compared_opens_nothing(world: World, erika: Person) -> None:
    let_happen(world, lambda: erika.choose_password("vurmix gapolde 27"))

    result = await Browser(world).give_password(erika.email, PASSWORD)

    assert (result.refusal, result.ticket) == (Refusal.WRONG_CREDENTIALS, None)
    assert await erika.texts(Notice.SIGN_IN_CODE) == []


async def test_a_sign_in_takes_half_an_hour_at_most(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    code = await erika.code(CodePurpose.SIGN_IN)
    world.clock.move(minutes=30)

    result = await erika.browser.type_code(code)

    assert result.refusal is Refusal.SIGN_IN_EXPIRED
    assert (await erika.browser.send_again()).refusal is Refusal.SIGN_IN_EXPIRED


async def test_a_cookie_with_another_token_or_another_account_is_no_sign_in(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    code, ticket = await erika.code(CodePurpose.SIGN_IN), erika.browser.sign_in
    assert ticket

    others = [Ticket(account_id, ticket.id, ticket.token) for account_id in (NOBODY, NOBODIES[-1])]
    for forged in (Ticket(ticket.account_id, ticket.id, "0" * 32), *others):
        erika.browser.sign_in = forged
        assert (await erika.browser.type_code(code, at=SignInState.AWAITING_FACTOR)).refusal is Refusal.SIGN_IN_EXPIRED

    assert await world.live_sessions(erika.account_id) == []


async def test_a_code_typed_on_another_page_of_the_sign_in_is_not_due(erika: Person) -> None:
    await erika.browser.give_password(erika.email)
    code = await erika.code(CodePurpose.SIGN_IN)

    for state in set(PROVE) - {SignInState.AWAITING_FACTOR}:
        assert (await erika.browser.type_code(code, at=state)).refusal is Refusal.NOT_NOW

    assert (await erika.browser.type_code(code)).signed_in


async def test_a_wrong_code_after_a_right_password_is_told_once_in_a_row(world: World, erika: Person) -> None:
    await erika.browser.give_password(erika.email)

    for _ in range(3):
        assert (await erika.browser.type_code(WRONG)).refusal is Refusal.WRONG_CODE

    assert len(await erika.mails(Notice.WRONG_FACTOR)) == 1
    assert await world.wrong_in_a_row(erika.account_id, Factor.PHONE) == 3


async def test_a_hash_of_another_system_is_renewed_by_the_right_password(world: World) -> None:
    old = "pbkdf2_sha256$1000$salt$hHq2CwjSpsUCltVF/ZDe25M5jA5hBHN9+inXRaOGbjU="
    account_id = await world.enter("old@example.com", "", None, hashed=old)

    await Browser(world).give_password("old@example.com", "wrong password")
    assert (await world.account(account_id)).password_hash == old

    assert (await Browser(world).give_password("old@example.com", PASSWORD)).refusal is None
    assert (await world.account(account_id)).password_hash.startswith("$argon2id$")
    assert "password_upgraded" in await world.history(account_id)


async def test_unknown_addresses_share_no_lock(world: World) -> None:
    """Or under load they would wait for each other, and known ones would not (SECURITY.md row 48)."""
    for one in range(64):
        await Browser(world).give_password(f"nobody-{one}@example.com", "wrong password")

    rows = await world.database.fetch(HEADS, {})
    lengths = [row["audit_seq"] for row in rows if is_nobody(row["account_id"])]
    assert len(lengths) == len(NOBODIES)
    assert sum(lengths) == 64
    assert max(lengths) <= 6


async def test_one_unknown_address_has_one_history_as_a_known_one_has(world: World) -> None:
    for _ in range(5):
        await Browser(world).give_password("nobody@example.com", "wrong password")

    rows = await world.database.fetch(HEADS, {})
    assert sorted(row["audit_seq"] for row in rows if is_nobody(row["account_id"]))[-2:] == [0, 5]


@pytest.mark.parametrize("other", ["page", "browser", "time", "done"])
async def test_only_the_same_form_in_the_same_browser_within_moments_is_a_double_click(
    world: World, erika: Person, other: str
) -> None:
    first = await erika.browser.give_password(erika.email, form_id="a page")
    if other == "time":
        world.clock.move(seconds=10)
    if other == "done":
        await erika.browser.type_code(await erika.code(CodePurpose.SIGN_IN))

    browser = Browser(world) if other == "browser" else erika.browser
    again = await browser.give_password(erika.email, form_id="another page" if other == "page" else "a page")

    assert again.ticket
    assert first.ticket
    assert again.ticket.id != first.ticket.id
    assert again.ticket.token != first.ticket.token
    assert (await world.history(erika.account_id)).count("sign_in_started") == 2
