"""The labels that stay as they are (PRODUCT.md), in German and English."""

from typing import NamedTuple


class Words(NamedTuple):
    """What a thing is called in each language."""

    de: str
    en: str


EMAIL = Words("E-Mail-Adresse", "E-mail address")
PASSWORD = Words("Passwort", "Password")
SIGN_IN = Words("Anmelden", "Sign in")
CODE = Words("Code", "Code")
CONFIRM = Words("Bestätigen", "Confirm")
SEND_CODE_AGAIN = Words("Code erneut senden", "Send code again")
OTHER_METHOD = Words("Andere Methode ausprobieren", "Try another method")
PHONE = Words("Telefon", "Phone")
RECOVERY_CODE = Words("Wiederherstellungscode", "Recovery code")
NONE_OF_THESE = Words("Ich habe keine davon", "I have none of these")
PROFILE = Words("Profildetails", "Profile details")
SIGN_OUT = Words("Abmelden", "Sign out")
CHANGE_NUMBER = Words("Telefonnummer ändern", "Change phone number")
SEND_AGAIN = Words("Erneut senden", "Send again")
CANCEL_CHANGE = Words("Änderung abbrechen", "Cancel change")
ADD = Words("Hinzufügen", "Add")
REMOVE = Words("Entfernen", "Remove")
RENAME = Words("Umbenennen", "Rename")
CANCEL = Words("Abbrechen", "Cancel")
NOT_ME = Words("Das war ich nicht", "This wasn't me")
COUNTRY = Words("Land", "Country")
NEW_NUMBER = Words("Neue Telefonnummer", "New phone number")
SEND_CODE = Words("Code senden", "Send code")
FREEZE = Words("Konto sperren", "Freeze account")

# The subjects of the mails that a journey waits for.
MAIL_1 = Words("Telefonnummer ändern: bitte bestätigen", "Change your phone number: please confirm")
MAIL_2 = Words("Ihre Telefonnummer wurde zurückgesetzt", "Your phone number was reset")
MAIL_3 = Words("Ihre Telefonnummer wurde geändert", "Your phone number was changed")
