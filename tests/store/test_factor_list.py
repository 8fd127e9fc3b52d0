"""The profile's list: every second factor by one query, removed ones left out, names and codes sealed."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from renumber.crypto import KeyRing, add_key, retire_previous
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.factor_list import FactorItem
from renumber.domain.passkey import Passkey
from renumber.domain.push.device import Device, Scan
from renumber.domain.recovery_codes import IN_USE, RecoveryCodes, keep_codes, make_codes
from renumber.domain.totp import Slot, TotpKey
from renumber.flows.factors.views import method_view
from renumber.flows.views import find_visit, profile_view
from renumber.store.database.open import counting
from renumber.store.keys.rotation import Rotation
from tests.builders import seconds
from tests.flows.person import Browser, Person
from tests.flows.world import START, World, a_world
from tests.store.conftest import a_person

CODES = make_codes([f"{turn:032x}" for turn in range(10)])


def a_passkey(account_id: str, serial: int = 1) -> Passkey:
    """A passkey on a notebook."""
    return Passkey(
        account_id=account_id,
        passkey_id=f"{serial:032x}",
        credential_id=bytes([serial]) * 16,
        public_key=b"key",
        sign_count=0,
        transports=(),
        is_backup_eligible=True,
        is_backed_up=False,
        name=f"MacBook {serial}",
        made_at=START + seconds(serial),
    )


def a_device(account_id: str, device_id: str, name: str, *, made_at: datetime) -> Device:
    """A phone that answers prompts."""
    point = b"point"
    scan = Scan(link_id="1" * 32, session_id="2" * 32, expires_at=made_at + seconds(600))
    made = Device(account_id=account_id, device_id=device_id, public_key=point, name=name, made_at=made_at, scan=scan)
    return made.confirm(made_at).state


def lost_push(account_id: str, at: datetime) -> FactorStatus:
    """The status of push after its device was reported lost."""
    return FactorStatus(account_id=account_id, factor=Factor.PUSH, suspended_at=at, lost_at=at)


async def keep_everything(world: World, account_id: str) -> None:
    """Give an account one of each, some removed, and a lost one."""
    async with world.services.store.work(account_id) as work:
        work.keep(
            a_passkey(account_id),
            a_passkey(account_id, 2).remove(START),
            a_device(account_id, "d" * 32, "Pixel 9", made_at=START + seconds(5)).use(START + seconds(9)),
            a_device(account_id, "e" * 32, "Old phone", made_at=START).remove(START),
            replace(a_device(account_id, "f" * 32, "A stranger's", made_at=START), confirmed_at=None),
            TotpKey(account_id=account_id, slot=Slot.IN_USE, key=b"k" * 20, made_at=START + seconds(3)),
            TotpKey(account_id=account_id, slot=Slot.PENDING, key=b"p" * 20, made_at=START + seconds(4)),
            keep_codes(account_id, CODES, b"salt", over=None, now=START + seconds(7)),
            FactorStatus(account_id=account_id, factor=Factor.PHONE, last_used_at=START + seconds(8)),
            lost_push(account_id, START + seconds(9)),
        )


async def test_all_that_an_account_has_is_listed_oldest_first_by_one_query(world: World, erika: Person) -> None:
    await keep_everything(world, erika.account_id)

    with counting() as counted:
        found = await world.reads.factor_list(erika.account_id)

    assert found.items == [
        FactorItem(factor=Factor.PASSKEY, key=f"{1:032x}", made_at=START + seconds(1), name="MacBook 1"),
        FactorItem(factor=Factor.TOTP, key="in_use", made_at=START + seconds(3)),
        FactorItem(
            factor=Factor.PUSH,
            key="d" * 32,
            made_at=START + seconds(5),
            last_used_at=START + seconds(9),
            name="Pixel 9",
        ),
        FactorItem(factor=Factor.RECOVERY_CODE, key="in_use", made_at=START + seconds(7), left=10),
    ]
    assert (found.used_at, found.lost_at) == ({Factor.PHONE: START + seconds(8)}, {Factor.PUSH: START + seconds(9)})
    assert [found.is_lost(item) for item in found.items] == [False, False, True, False]
    assert counted.statements == 1


async def test_another_account_s_are_not_among_them(world: World, erika: Person) -> None:
    other = await a_person(world, "max@example.com")
    await keep_everything(world, other.account_id)

    assert (await world.reads.factor_list(erika.account_id)).items == []


async def test_codes_that_are_used_up_are_not_listed(world: World, erika: Person) -> None:
    codes = keep_codes(erika.account_id, CODES[:1], b"salt", over=None, now=START)
    async with world.services.store.work(erika.account_id) as work:
        work.keep(codes.use(CODES[0], START).state)

    assert (await world.reads.factor_list(erika.account_id)).items == []


async def test_the_whole_profile_takes_two_queries(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(seconds=31)
    elsewhere = await erika.sign_in(Browser(world, "Safari on iPhone"))
    await keep_everything_but_the_status(world, erika.account_id)

    with counting() as counted:
        visit = await find_visit(world.services, elsewhere.ticket)
        assert visit
        shown = await profile_view(world.services, visit)

    assert len(shown.factor_list.items) == 2
    assert [session.browser for session in shown.sessions] == ["Safari on iPhone", "Firefox on Windows"]
    assert counted.statements == 2


async def test_the_page_of_a_method_takes_two_queries_and_knows_the_number_since_the_account_began(
    world: World, erika: Person
) -> None:
    session = await erika.sign_in()

    with counting() as counted:
        visit = await find_visit(world.services, session.ticket)
        assert visit
        shown = await method_view(world.services, visit, Factor.PHONE)

    assert shown.made_at == visit.account.created_at
    assert shown.used_at
    assert counted.statements == 2


async def keep_everything_but_the_status(world: World, account_id: str) -> None:
    async with world.services.store.work(account_id) as work:
        work.keep(a_passkey(account_id), keep_codes(account_id, CODES, b"salt", over=None, now=START))


async def test_ended_and_idle_sessions_are_left_out(world: World, erika: Person) -> None:
    idle = await erika.sign_in(Browser(world))
    world.clock.move(minutes=61)
    await erika.sign_in()
    visit = await find_visit(world.services, erika.browser.ticket)
    assert visit

    shown = await profile_view(world.services, visit)

    assert [session.session_id for session in shown.sessions] == [erika.browser.ticket.id]
    assert idle.ticket.id != erika.browser.ticket.id


async def test_names_and_codes_outlive_the_key_that_they_were_sealed_with(database_url: str, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as world:
        erika = await a_person(world, "erika@example.com")
        await keep_everything(world, erika.account_id)
        before = await world.reads.factor_list(erika.account_id)

        add_key(key_file)
        world.clock.move(seconds=3)
        await Rotation(world.database, KeyRing.from_file(key_file), world.clock).run(lambda _: None)
        retire_previous(key_file)

    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as world:
        assert await world.reads.factor_list(erika.account_id) == before
        async with world.services.store.work(erika.account_id) as work:
            codes = await work.load(RecoveryCodes, IN_USE)
        assert codes
        assert codes.use(CODES[4], START).refusal is None
