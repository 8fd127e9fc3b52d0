"""The whole journey within the demonstration's page, with nothing but what is on it."""

import re

from playwright.sync_api import expect

from renumber.demo.accounts import ANNA, JONAS
from tests.demo.conftest import OpenPage
from tests.demo.demonstration import DemoPage
from tests.journeys import words as w
from tests.journeys.handset import CONFIRM_THERE, CONNECT, CONNECTED, DIGITS, PUSH
from tests.journeys.passkeys.authenticator import VirtualAuthenticator
from tests.journeys.passkeys.test_passkeys import NO_OFFER
from tests.journeys.phone_change.test_not_me import MAIL_A_CODE
from tests.journeys.words import Words

OWN_BROWSER = Words("Eigener Browser", "Own browser")
OTHER_BROWSER = Words("Anderer Browser", "Another browser")


def test_anna_changes_her_number_with_the_mailbox_and_the_phones_beside_the_page(demo_page: DemoPage) -> None:
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)

    demo_page.ask_for_a_change()
    demo_page.use_the_link()
    demo_page.follow(w.SIGN_IN)
    demo_page.give_password(ANNA)
    demo_page.enter_new_number(ANNA)

    expect(demo_page.texts(ANNA.number.e164)).to_have_count(4)  # the code, the new browser, "was reset", "was changed"
    demo_page.open_profile(ANNA)
    expect(demo_page.app.locator("main")).to_contain_text("+49 ••• ••• 012")
    demo_page.has_tried("change")
    demo_page.page.reload()
    demo_page.has_tried("change")
    expect(demo_page.page.locator("#tried")).to_have_text("1 von 11")


def test_jonas_changes_his_number_without_the_phone_that_he_lost(demo_page: DemoPage) -> None:
    demo_page.choose(JONAS)

    demo_page.press_beside("Als Jonas weiter")
    demo_page.is_at("/profile")
    demo_page.press(w.CHANGE_NUMBER)
    demo_page.fill(w.PASSWORD, JONAS.password)
    with demo_page.turning():
        demo_page.app.get_by_role("main").get_by_role("button").last.click()
    demo_page.press(w.CONFIRM)
    demo_page.sees_mail(w.MAIL_1)
    demo_page.use_the_link()
    demo_page.follow(w.SIGN_IN)
    demo_page.give_password(JONAS)
    demo_page.enter_new_number(JONAS)

    lost = demo_page.texts(JONAS.number.e164)
    expect(lost).to_have_count(2)
    expect(lost.get_by_text("Ungelesene Nachricht")).to_have_count(2)
    expect(lost.locator(".bubble").first).to_be_hidden()
    demo_page.has_tried("lost")


def test_a_day_later_the_link_has_expired(demo_page: DemoPage) -> None:
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)
    demo_page.ask_for_a_change()

    demo_page.page.get_by_role("button", name="24 Stunden später").click()
    expect(demo_page.page.locator("#moved")).to_have_text("24 Std. weiter")
    demo_page.open_in_mail(w.CHANGE_NUMBER)

    expect(demo_page.app.locator("main")).to_contain_text("Dieser Link war 24 Stunden gültig und ist abgelaufen.")
    demo_page.has_tried("expired")


def test_another_browser_is_asked_for_a_code_from_the_mailbox_and_waits(demo_page: DemoPage) -> None:
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)
    demo_page.ask_for_a_change()
    demo_page.use_the_link()

    demo_page.change_browser(OTHER_BROWSER)
    demo_page.give_password(ANNA)

    expect(demo_page.app.get_by_label("Code", exact=True)).to_be_visible()
    expect(demo_page.mail.get_by_text(re.compile(r"^\d{6}$"))).to_be_visible()
    demo_page.give_code(demo_page.mail.get_by_text(re.compile(r"^\d{6}$")).inner_text())
    expect(demo_page.app.locator("main")).to_contain_text("dem Browser weiter, in dem Sie die Änderung gewünscht haben")
    demo_page.has_tried("elsewhere")
    demo_page.change_browser(OWN_BROWSER)
    demo_page.give_password(ANNA)
    expect(demo_page.app.get_by_label("Neue Telefonnummer", exact=True)).to_be_visible()  # this one has asked


def test_a_thief_signs_in_and_the_owner_freezes_the_account_from_the_phone_and_releases_it(
    demo_page: DemoPage,
) -> None:
    demo_page.change_browser(OTHER_BROWSER)
    demo_page.sign_in(ANNA)
    expect(demo_page.texts(ANNA.number.e164)).to_have_count(2)  # the code, the new browser
    demo_page.change_browser(OWN_BROWSER)  # which knows nothing of the session

    with demo_page.turning():
        demo_page.texts(ANNA.number.e164).last.get_by_role("link").click()
    expect(demo_page.page.locator("#address")).to_contain_text("/freeze/")
    asked = demo_page.app.locator("label[for=digits]").inner_text()  # this browser is strange to the account
    demo_page.app.locator("#digits").fill(re.sub(r"\D", "", asked))
    demo_page.press(w.FREEZE)
    expect(demo_page.app.locator("main")).to_contain_text("gesperrt")
    expect(demo_page.page.locator("[data-trial=thief].begun")).to_be_attached()
    demo_page.follow(w.SIGN_IN)
    demo_page.give_password(ANNA)
    demo_page.press(MAIL_A_CODE)
    demo_page.fill(w.CODE, demo_page.mail.get_by_text(re.compile(r"^\d{6}$")).inner_text())
    demo_page.press(w.CONFIRM)
    demo_page.is_at("/sign-in/release/phone")  # the field on the page before is called the same
    demo_page.give_code_number(4, ANNA.number.e164)

    expect(demo_page.app.locator("main")).to_contain_text("Ihr Konto ist nicht mehr gesperrt.")
    demo_page.has_tried("thief")


def test_the_page_the_web_app_and_the_messages_follow_the_language(demo_page: DemoPage, open_page: OpenPage) -> None:
    demo_page.press_beside("English")
    demo_page.language = "en"

    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)
    demo_page.ask_for_a_change()

    expect(demo_page.texts(ANNA.number.e164).first).to_contain_text("is your code to sign in")
    expect(demo_page.page.get_by_role("button", name="Start over")).to_be_visible()
    demo_page.press_beside("Deutsch")
    expect(demo_page.page.get_by_role("button", name="Neu anfangen")).to_be_visible()
    demo_page.is_at("/profile")


def test_anna_adds_a_passkey_since_the_demonstration_has_a_name(demo_page: DemoPage) -> None:
    demo_page.page.add_init_script(NO_OFFER)  # the field would offer it by itself, before the button is pressed
    key = VirtualAuthenticator(demo_page.page)
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)

    demo_page.follow(Words("Passkey hinzufügen", "Add a passkey"))
    demo_page.is_at("/reauthenticate")
    demo_page.fill(w.PASSWORD, ANNA.password)
    demo_page.press(w.ADD)
    key.touch()
    demo_page.press(Words("Passkey anlegen", "Add passkey"))

    expect(demo_page.app.get_by_role("main")).to_contain_text("Der Passkey ist hinzugefügt.")
    demo_page.is_at("/profile")
    demo_page.sign_out(ANNA)
    demo_page.press(Words("Mit Passkey anmelden", "Sign in with a passkey"))
    demo_page.is_at("/profile")
    demo_page.has_tried("passkey")


def test_anna_confirms_a_sign_in_on_the_phone_beside_the_page(demo_page: DemoPage) -> None:
    phone = demo_page.page.frame_locator("#device-page")
    demo_page.sign_in(ANNA)
    demo_page.open_profile(ANNA)
    with demo_page.turning():
        demo_page.app.get_by_role("button", name=PUSH.de).click()
    demo_page.fill(w.PASSWORD, ANNA.password)
    demo_page.press(w.ADD)

    demo_page.page.get_by_role("button", name="QR-Code scannen").click()
    phone.get_by_role("button", name=CONNECT.de).click()
    expect(phone.get_by_text(CONFIRM_THERE.de)).to_be_visible()
    demo_page.press(w.ADD)
    demo_page.is_at("/profile")
    expect(phone.get_by_text(CONNECTED.de)).to_be_visible()
    demo_page.sign_out(ANNA)
    demo_page.give_password(ANNA)
    demo_page.is_at("/sign-in/push")
    phone.get_by_label(DIGITS.de).fill(demo_page.app.locator(".digits [aria-hidden]").inner_text().replace(" ", ""))
    phone.get_by_role("button", name="Bestätigen").click()

    demo_page.is_at("/profile")
    demo_page.has_tried("push")
