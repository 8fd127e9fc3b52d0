"""The part of a browser in the change of a number: it asked, it pressed the link, it waits or has waited."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.account import Account
from renumber.domain.phone_change import PhoneChange
from renumber.domain.wait import WaitPurpose
from renumber.flows.act import Act
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Client, Services
from renumber.flows.waits import is_kept_here, standing_wait
from renumber.policies.sign_in_path import NO_PART, Part, must_wait, pressed_in_this_browser
from renumber.policies.waits import number_wait


def asked_in(services: Services, client: Client, change: PhoneChange) -> bool:
    """Tell whether this browser asked for the change, by the cookie that names it."""
    return change.was_asked_in(services.secrets.fingerprints(KeyedHash.BROWSER, client.browser_id))


def wait_ahead(services: Services, client: Client, account: Account, *, change: PhoneChange) -> timedelta:
    """The time that will have to pass in this browser, once it has shown the mailbox."""
    waits = must_wait(account, change, Part(asked=asked_in(services, client, change)))
    return number_wait(account, services.rules.limits) if waits else timedelta(0)


async def part_in(act: Act, change: PhoneChange | None) -> Part:
    """Look at the cookies of this browser, and at the wait that may have begun in it."""
    if change is None or not change.awaits_number:
        return NO_PART
    if asked_in(act.services, act.client, change):
        return Part(asked=True, pressed=_is_pressed_here(act, change))
    wait = await standing_wait(act, WaitPurpose.NEW_NUMBER, change.change_id)
    if wait is None or not is_kept_here(act, wait):
        return replace(NO_PART, pressed=_is_pressed_here(act, change))
    return Part(waits=not wait.is_over(act.now), has_waited=wait.is_over(act.now))


def _is_pressed_here(act: Act, change: PhoneChange) -> bool:
    matches = change.reset_key in act.services.secrets.fingerprints(KeyedHash.RESET, act.client.reset_token)
    return pressed_in_this_browser(change, act.now, window=act.limits.reset_browser_for, key_matches=matches)
