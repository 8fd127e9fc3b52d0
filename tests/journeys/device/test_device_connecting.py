"""Connecting a phone: by a code that it scans or a link that is pasted, and anew when the key is gone."""

import pytest

from harness.owner import invited, reject
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.handset import (
    CONFIRM_THERE,
    CONNECT,
    CONNECTED,
    NAME,
    NOT_MINE,
    QUIET,
    Connected,
    Handset,
    code_for,
    code_of,
    code_on_profile,
    confirm_on_page,
    digits_at,
)
from tests.journeys.words import Words

REMOVED = Words("Dieses Gerät ist nicht mehr verbunden", "This device is no longer connected")
FIRST = Words("Mit diesem Gerät bestätigen", "Confirm with this device")
CLEARED = Words("Dann wurde der Speicher des Browsers geleert", "Then the browser's storage was cleared")
USED = Words("Dieser Code ist verbraucht oder abgelaufen", "This code has been used or has expired")
ANOTHER_CAME = Words("Mit diesem Code hat sich schon ein anderes Gerät gemeldet.", "Another device came with this code")
ANOTHER_TRIED = Words("Seitdem hat noch ein anderes Gerät", "Another device has scanned the same code since.")
SENT_AWAY = Words("Das Gerät wurde abgewiesen", "That device was sent away")
NOT_ADDED = Words("Dieses Gerät wurde nicht hinzugefügt", "This device wasn't added")
AS_BEFORE = Words("Weiter wie bisher", "Go on as before")
CONFIRM_HERE = Words("Hier bestätigen", "Confirm here")
NOT_A_LINK = Words("Das ist kein Link, um ein Gerät zu verbinden.", "That isn't a link for connecting a device.")
PASTE = Words("Stattdessen den Link einfügen", "Paste the link instead")
PASTED = Words("Link von der Profilseite", "Link from the profile page")
CONTINUE = Words("Weiter", "Continue")
READ_KEY = """async () => {
  const opened = indexedDB.open("renumber-device");
  await new Promise((resolve) => { opened.onsuccess = resolve; });
  const found = opened.result.transaction("device").objectStore("device").get("this");
  await new Promise((resolve) => { found.onsuccess = resolve; });
  const { privateKey } = found.result.keys;
  const tried = (form) => crypto.subtle.exportKey(form, privateKey).then(() => "read", ({ name }) => name);
  return [privateKey.type, ...(await Promise.all(["pkcs8", "jwk"].map(tried)))];
}"""

in_german = pytest.mark.parametrize("language", ["de"])


@in_german
def test_a_phone_removed_on_the_profile_says_so_and_is_connected_anew(
    connected: Connected, travel: Travel, language: str
) -> None:
    phone, desk = connected(language)
    owner = travel(language, person=desk.person)
    owner.go_on()
    owner.open("/profile")
    owner.follow(Words(NAME, NAME))
    owner.press(w.REMOVE)
    owner.press(w.REMOVE)

    phone.reload()
    phone.shows(REMOVED)
    phone.connect(code_on_profile(owner), owner)

    digits_at(desk)
    phone.is_asked()


def test_a_phone_whose_storage_was_cleared_tells_the_way_back(connected: Connected) -> None:
    phone, desk = connected("de")
    session = phone.page.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": desk.server.origin, "storageTypes": "all"})

    phone.reload()

    phone.shows(FIRST)
    phone.says(CLEARED)


def test_a_code_connects_one_phone_and_no_other(travel: Travel) -> None:
    holder = travel("en")
    link = code_for(holder.person)
    Handset(holder).connect(link)

    late = Handset(travel("en", person=holder.person))
    late.scan(link)

    late.says(USED)


@in_german
def test_of_two_phones_with_one_code_the_owner_says_which_is_theirs(travel: Travel, language: str) -> None:
    owner = travel(language)
    owner.arrive_to_manage()
    stranger, own = Handset(travel("en", person=owner.person)), Handset(travel(language, person=owner.person))
    link = code_on_profile(owner)

    stranger.scan(link, "iPhone")
    stranger.shows(CONFIRM_THERE)
    own.scan(link)
    own.says(ANOTHER_CAME)
    owner.sees(ANOTHER_TRIED)
    owner.sees("iPhone")
    confirm_on_page(owner, NOT_MINE)

    owner.sees(SENT_AWAY)
    stranger.shows(NOT_ADDED)
    own.connect(code_of(owner), owner)
    owner.sees(NAME)


def test_a_phone_that_waits_goes_on_waiting_after_a_reload_and_stays_what_it_was(connected: Connected) -> None:
    phone, desk = connected("en")
    phone.scan(f"{desk.server.origin}/device#enrol={invited(desk.person)}")
    phone.shows(CONFIRM_THERE)

    phone.reload()
    phone.shows(CONFIRM_THERE)
    reject(desk.person.browser, phone.confirm_path)
    phone.shows(NOT_ADDED)
    phone.tap(AS_BEFORE)

    phone.shows(QUIET)
    digits_at(desk)
    phone.is_asked()


def test_on_the_very_device_that_shows_the_code_a_link_leads_back_to_it(travel: Travel) -> None:
    owner = travel("en")
    owner.arrive_to_manage()
    phone = Handset(owner)
    phone.scan(code_on_profile(owner))
    phone.shows(CONFIRM_THERE)

    owner.follow(CONFIRM_HERE)
    confirm_on_page(owner)

    owner.sees(NAME)
    phone.open()
    phone.says(CONNECTED)


def test_the_link_can_be_pasted_where_a_camera_opens_another_browser(travel: Travel) -> None:
    phone = Handset(travel("en"))
    link = code_for(phone.traveller.person)
    phone.open()
    phone.shows(FIRST)

    phone.page.get_by_text(PASTE.en).click()
    phone.traveller.type(PASTED, "https://example.com/")
    phone.tap(CONTINUE)
    phone.says(NOT_A_LINK)
    phone.traveller.type(PASTED, link)
    phone.tap(CONTINUE)
    phone.tap(CONNECT)
    phone.be_confirmed()

    phone.shows(QUIET)


def test_the_language_is_switched_while_connecting_and_the_code_still_holds(travel: Travel) -> None:
    phone = Handset(travel("en"))
    phone.open(code_for(phone.traveller.person))

    phone.traveller.press("Deutsch")
    phone.traveller.language = "de"
    phone.tap(CONNECT)
    phone.be_confirmed()

    phone.shows(QUIET)


def test_the_key_is_kept_in_such_a_way_that_no_script_can_read_it(connected: Connected) -> None:
    phone, _ = connected("en")

    assert phone.page.evaluate(READ_KEY) == ["private", "InvalidAccessError", "InvalidAccessError"]
