"""Passkeys of an account: several, each bound once, named, and gone with its last proof."""

import asyncio
import json

import pytest

from harness.soft_authenticator import BACKED_UP, BACKUP_ELIGIBLE, PRESENT, VERIFIED, SoftAuthenticator, decoded
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.passkey import Passkey
from renumber.flows.passkeys.register import MOST, begin_passkey, confirm_passkey, remove_passkey, rename_passkey
from tests.builders import NEW
from tests.flows.passkeys.ceremonies import add_passkey, asked_after_password, confirm, with_passkey
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World


async def begun(browser: Browser) -> str:
    step = await begin_passkey(browser.world.services, browser.client, browser.ticket)
    assert step.state, step.refusal
    return step.state


async def confirmed(browser: Browser, answer: str) -> Refusal | None:
    services, ticket = browser.world.services, browser.ticket
    return (await confirm_passkey(services, browser.client, ticket, text=answer, name="")).refusal


async def kept(world: World, person: Person) -> list[Passkey]:
    return sorted(await world.reads.passkeys(person.account_id), key=lambda passkey: passkey.name, reverse=True)


async def remove(browser: Browser, passkey: Passkey) -> Refusal | None:
    services, ticket = browser.world.services, browser.ticket
    return (await remove_passkey(services, browser.client, ticket, passkey.passkey_id)).refusal


async def test_a_new_passkey_is_bound_told_everywhere_and_ends_other_sessions(world: World, erika: Person) -> None:
    elsewhere = await erika.sign_in(Browser(world))
    world.clock.move(seconds=31)

    await with_passkey(erika)

    (passkey,) = await kept(world, erika)
    assert (passkey.name, passkey.transports, passkey.last_used_at) == ("My phone", ("internal", "hybrid"), None)
    assert (await world.account(erika.account_id)).factors == {Factor.PASSKEY}
    assert len(await erika.mails(Notice.FACTOR_ADDED)) == len(await erika.texts(Notice.FACTOR_ADDED)) == 1
    assert not await elsewhere.is_signed_in()
    assert await erika.browser.is_signed_in()


async def test_the_options_ask_for_no_attestation_and_name_the_account_by_its_id(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()

    options = json.loads(await begun(erika.browser))

    assert decoded(options["user"]["id"]) == bytes.fromhex(erika.account_id)
    assert options["rp"] == {"name": "Example Card", "id": "account.example.com"}
    assert options["attestation"] == "none"
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("preferred", "preferred")
    assert len(decoded(options["challenge"])) >= 32
    assert options["timeout"] == 300_000


async def test_an_authenticator_that_holds_one_already_is_left_out(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)

    left_out = json.loads(await begun(erika.browser))["excludeCredentials"]

    assert [decoded(each["id"]) for each in left_out] == [authenticator.credential_id]


async def test_several_are_kept_and_each_confirms(world: World, erika: Person) -> None:
    first = await with_passkey(erika)
    second = SoftAuthenticator(flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP, counts=False)
    await add_passkey(erika, second, "")

    for authenticator in (first, second, second):
        await erika.browser.give_password(erika.email)
        assert (await confirm(erika.browser, authenticator.sign(await asked_after_password(erika.browser)))).signed_in

    assert [passkey.name for passkey in await kept(world, erika)] == ["Passkey 2", "My phone"]
    assert [passkey.is_backed_up for passkey in await kept(world, erika)] == [True, False]


@pytest.mark.parametrize("own", [True, False])
async def test_a_bound_credential_is_refused_whosever_it_is(world: World, erika: Person, own: bool) -> None:  # noqa: FBT001
    authenticator = await with_passkey(erika)
    other = erika if own else await a_person(world, "max@example.com", NEW)
    if not own:
        await other.sign_in_to_manage()

    refusal = await confirmed(other.browser, authenticator.make(await begun(other.browser)))

    assert refusal is Refusal.PASSKEY_KNOWN
    assert len(await kept(world, erika)) == 1
    assert own or not await kept(world, other)


async def test_one_credential_claimed_by_two_accounts_at_once_is_bound_once(either_world: World) -> None:
    world, authenticator = either_world, SoftAuthenticator()
    people = [await a_person(world, f"{name}@example.com", NEW) for name in ("anna", "ben", "carl", "dora")]
    answers = []
    for person in people:
        await person.sign_in_to_manage()
        answers.append(authenticator.make(await begun(person.browser)))

    refusals = await asyncio.gather(
        *(confirmed(person.browser, answer) for person, answer in zip(people, answers, strict=True))
    )

    assert sorted(map(str, refusals)) == ["None"] + ["passkey_known"] * 3
    assert sum([len(await kept(world, person)) for person in people]) == 1


@pytest.mark.parametrize(
    "bent",
    [
        SoftAuthenticator(origin="https://account.example.com.evil.example"),
        SoftAuthenticator(origin="http://account.example.com"),
        SoftAuthenticator(rp_id="evil.example"),
        SoftAuthenticator(cross_origin=True),
        SoftAuthenticator(flags=VERIFIED),
        SoftAuthenticator(flags=PRESENT | BACKED_UP),
    ],
    ids=["origin", "scheme", "relying party", "frame", "nobody present", "backed up against its word"],
)
async def test_what_was_not_made_for_us_is_not_bound(world: World, erika: Person, bent: SoftAuthenticator) -> None:
    await erika.sign_in_to_manage()

    assert await confirmed(erika.browser, bent.make(await begun(erika.browser))) is Refusal.WRONG_PASSKEY
    assert not await kept(world, erika)


async def test_an_answer_is_taken_once_and_for_five_minutes(world: World, erika: Person) -> None:
    await erika.sign_in_to_manage()
    options = await begun(erika.browser)
    world.clock.move(seconds=299)
    assert await confirmed(erika.browser, SoftAuthenticator().make(options)) is None

    assert await confirmed(erika.browser, SoftAuthenticator().make(options)) is Refusal.PASSKEY_TOO_LATE
    late = await begun(erika.browser)
    world.clock.move(seconds=300)
    assert await confirmed(erika.browser, SoftAuthenticator().make(late)) is Refusal.PASSKEY_TOO_LATE
    assert len(await kept(world, erika)) == 1


async def test_a_stale_session_adds_names_and_removes_nothing(world: World, erika: Person) -> None:
    await with_passkey(erika)
    (passkey,) = await kept(world, erika)
    options = await begun(erika.browser)
    world.clock.move(minutes=20)
    services, browser = world.services, erika.browser

    begin = await begin_passkey(services, browser.client, browser.ticket)
    renamed = await rename_passkey(services, browser.client, browser.ticket, passkey_id=passkey.passkey_id, name="X")

    stale = Refusal.NEEDS_FRESH_AUTHENTICATION
    assert begin.refusal is renamed.refusal is await remove(browser, passkey) is stale
    assert await confirmed(browser, SoftAuthenticator().make(options)) is stale
    assert await kept(world, erika) == [passkey]


async def test_a_name_is_changed_and_written_down(world: World, erika: Person) -> None:
    await with_passkey(erika)
    (passkey,) = await kept(world, erika)
    services, browser = world.services, erika.browser

    for name in ("  Old\tlaptop\r\n", "", "Old laptop"):
        renamed = await rename_passkey(services, browser.client, browser.ticket, passkey.passkey_id, name)
        assert renamed.refusal is None

    assert [each.name for each in await kept(world, erika)] == ["Old laptop"]
    assert (await world.history(erika.account_id)).count(Fact.PASSKEY_RENAMED) == 1


async def test_another_account_s_passkey_is_neither_named_nor_removed(world: World, erika: Person) -> None:
    await with_passkey(erika)
    (passkey,) = await kept(world, erika)
    other = await a_person(world, "max@example.com", NEW)
    await with_passkey(other)
    services, browser = world.services, other.browser

    renamed = await rename_passkey(services, browser.client, browser.ticket, passkey_id=passkey.passkey_id, name="X")

    assert renamed.refusal is await remove(browser, passkey) is Refusal.PASSKEY_UNKNOWN
    assert await kept(world, erika) == [passkey]


async def test_one_of_two_is_removed_and_the_other_still_confirms(world: World, erika: Person) -> None:
    first = await with_passkey(erika)
    second = SoftAuthenticator()
    await add_passkey(erika, second, "Key")

    assert await remove(erika.browser, (await kept(world, erika))[0]) is None

    assert (await world.account(erika.account_id)).factors == {Factor.PASSKEY}
    assert len(await erika.mails(Notice.FACTOR_REMOVED)) == len(await erika.texts(Notice.FACTOR_REMOVED)) == 1
    await erika.browser.give_password(erika.email)
    gone = await confirm(erika.browser, first.sign(await asked_after_password(erika.browser)))
    assert gone.refusal is Refusal.WRONG_PASSKEY
    assert (await confirm(erika.browser, second.sign(await asked_after_password(erika.browser)))).signed_in


async def test_with_the_last_one_the_method_goes(world: World, erika: Person) -> None:
    await with_passkey(erika)

    assert await remove(erika.browser, (await kept(world, erika))[0]) is None

    assert (await world.account(erika.account_id)).factors == frozenset()
    world.clock.move(minutes=1)
    assert (await erika.browser.give_password(erika.email)).method is Factor.PHONE


async def test_a_removed_one_can_be_bound_again(world: World, erika: Person) -> None:
    authenticator = await with_passkey(erika)
    await remove(erika.browser, (await kept(world, erika))[0])

    await add_passkey(erika, authenticator, "Again")

    assert [each.name for each in await kept(world, erika)] == ["Again"]


async def test_for_three_days_after_a_change_of_two_only_the_newer_is_removed(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    world.clock.move(seconds=31)
    await with_passkey(erika)
    world.clock.move(seconds=1)
    await add_passkey(erika, SoftAuthenticator(), "Key")

    first, second = sorted(await kept(world, erika), key=lambda passkey: passkey.made_at)
    assert await remove(erika.browser, first) is Refusal.FACTOR_HELD
    assert await remove(erika.browser, second) is None, "the newest stood before no change"
    assert await remove(erika.browser, first) is Refusal.FACTOR_HELD
    assert len(await kept(world, erika)) == 1


async def test_twenty_are_enough(world: World, erika: Person) -> None:
    await with_passkey(erika)
    for _ in range(MOST - 1):
        await add_passkey(erika, SoftAuthenticator(), "")

    step = await begin_passkey(world.services, erika.browser.client, erika.browser.ticket)

    assert step.refusal is Refusal.TOO_MANY_PASSKEYS
