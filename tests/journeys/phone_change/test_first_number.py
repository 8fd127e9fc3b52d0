"""An account that never had a number gets one, and a forgotten password never stands in for it."""

from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.traveller import Traveller
from tests.journeys.words import Words

MAILBOX_CODE = Words("Ihr Code zur Bestätigung", "Your code to confirm that it's you")
ADDED = Words("Ihr Konto hat jetzt eine Telefonnummer", "A phone number was added to your account")
ADD = Words("Telefonnummer hinzufügen", "Add your phone number")
CONNECTED = Words("Ihre Nummer ist verbunden", "Your number is connected")
FORGOTTEN = Words("Passwort vergessen?", "Forgot your password?")
SEND_LINK = Words("Link senden", "Send link")
NEW_PASSWORD = Words("Neues Passwort", "New password")
CHOOSE = Words("Neues Passwort wählen", "Choose a new password")
SAVE = Words("Passwort speichern", "Save password")
COMMON = Words("Dieses Passwort benutzen viele", "Many people use this password")
SHORT = Words("mindestens 8 Zeichen", "at least 8 characters")
CHANGED = Words("Ihr Passwort ist geändert.", "Your password has been changed.")


def test_a_new_account_proves_its_mailbox_and_connects_its_first_number(travel: Travel) -> None:
    someone = travel("de", number=None)

    someone.open("/")
    someone.give_password()
    someone.give_code(someone.mail(MAILBOX_CODE).code)
    someone.sees(ADD)
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.sees(CONNECTED)

    someone.mail(ADDED)
    someone.follow("Weiter")
    someone.sees(f"+49 ••• ••• {someone.new_number[-3:]}")


def ask_for_link(someone: Traveller, email: str) -> str:
    """Ask for a new password; gives the page that answers, but for the address that it repeats."""
    someone.open("/sign-in")
    someone.follow(FORGOTTEN)
    someone.type(w.EMAIL, email)
    someone.press(SEND_LINK)
    return someone.page.get_by_role("main").inner_text().replace(email, "")


def test_a_forgotten_password_is_renewed_by_mail_and_the_code_is_asked_for_all_the_same(travel: Travel) -> None:
    someone = travel("en")
    assert ask_for_link(someone, "nobody@example.com") == ask_for_link(someone, someone.person.email)

    someone.open_mail(someone.mail(CHOOSE), CHOOSE)
    for poor, said in (("short", SHORT), ("password1", COMMON)):
        someone.type(NEW_PASSWORD, poor)
        someone.press(SAVE)
        someone.sees(said)
    someone.type(NEW_PASSWORD, "four new words here")
    someone.press(SAVE)
    someone.sees(CHANGED)
    someone.give_password("four new words here")
    someone.is_at("/sign-in/code")
    someone.give_code(someone.text().code)

    someone.is_at("/profile")


def test_a_used_link_for_a_password_leads_to_another(travel: Travel) -> None:
    someone = travel("de")
    ask_for_link(someone, someone.person.email)
    someone.open_mail(someone.mail(CHOOSE), CHOOSE)
    someone.type(NEW_PASSWORD, "vier ganz neue Wörter")
    someone.press(SAVE)

    someone.open_mail(someone.mail(CHOOSE), CHOOSE)
    someone.follow("Weiteren Link anfordern")

    someone.is_at("/sign-in/forgotten")
