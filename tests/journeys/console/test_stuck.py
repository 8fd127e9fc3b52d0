"""Somebody is stuck and calls: what the agent reads, what they say or do, and how the person gets on."""

from datetime import timedelta

from playwright.sync_api import expect

from harness.owner import owner_of
from harness.server import new_number
from renumber.domain.support.staff import Role
from tests.journeys import words as w
from tests.journeys.conftest import Travel
from tests.journeys.console.conftest import SitDown
from tests.journeys.console.team import SEND_LINK
from tests.journeys.handset import PUSH, shown_digits
from tests.journeys.words import Words

LATE = timedelta(minutes=2)
TEXT_LATE = Words("verspätet sich", "is late: ask them to wait a little")
LINK_UNUSED = Words("der Link noch nicht genutzt", "the link isn't used yet")
SENT_AGAIN = Words("Der Link wird erneut gesendet.", "The link is being sent again.")
LINK_EXPIRED = Words("abgelaufen", "The link of the change expired")
CODE_SENT = Words("Der Code ging um", "The code went to the new number")
CHANGE_NUMBER = Words("Nummer ändern", "Change number")
SIGNED_IN = Words("Angemeldet", "Signed in")
BOUND = Words("Die Telefonnummer wurde geändert", "The phone number was changed")
NOBODY = Words("Dazu gibt es kein Konto.", "No account is found for it.")
SHARED = Words("Mehrere Konten haben diese Nummer:", "Several accounts share this number:")
LOOKED = Words("Der Kundenservice hat das Konto angesehen", "Customer relations looked at the account")


def test_stuck_on_a_late_text(travel: Travel, sit_down: SitDown) -> None:
    someone, agent = travel("en"), sit_down(Role.AGENT)
    gateway = someone.server.sinks.sms
    gateway.busy.add(someone.person.number)
    someone.open("/sign-in")
    someone.give_password()
    someone.server.move(LATE.total_seconds())

    agent.finds(someone.person.email, "No text arrives.")
    agent.reads(TEXT_LATE)
    gateway.busy.clear()
    someone.server.move(LATE.total_seconds())
    agent.sees_in_history("Accepted by: gateway-1")

    someone.give_code(someone.text().code)
    someone.is_at("/profile")
    agent.sees_in_history(SIGNED_IN)


def test_the_link_has_expired(travel: Travel, sit_down: SitDown) -> None:
    someone = travel("en")
    someone.arrive()
    someone.ask_for_change()
    someone.server.move(timedelta(hours=25).total_seconds())
    agent = sit_down(Role.AGENT)

    agent.finds(someone.person.email, "The link leads nowhere.")
    agent.reads(LINK_EXPIRED)
    assert not agent.offers(SEND_LINK), "nothing expired is sent again"

    someone.person.sign_in()
    someone.go_on()
    someone.ask_for_change()
    agent.reads(LINK_UNUSED)
    someone.server.move(61)
    agent.seat.reload()
    agent.does(SEND_LINK, "It isn't in the spam folder either.")
    agent.seat.sees(SENT_AGAIN)
    someone.open_mail(someone.mail(w.MAIL_1, turn=3), w.CHANGE_NUMBER)
    someone.press(w.CHANGE_NUMBER)
    someone.is_at("/phone-change/removed")


def test_the_number_was_typed_wrong(travel: Travel, sit_down: SitDown) -> None:
    someone, agent, wrong = travel("de"), sit_down(Role.AGENT, "de"), new_number()
    someone.come_to_number()
    someone.enter_number(wrong)

    agent.finds(someone.person.email, "Der Code kommt nicht an.")
    agent.reads(CODE_SENT)
    assert wrong[3:] not in agent.seat.page.content().replace(" ", ""), "nobody of staff reads a new number"

    someone.follow(CHANGE_NUMBER)
    someone.enter_number()
    someone.give_code(someone.text(someone.new_number).code)
    someone.is_at("/phone-change/finished")
    agent.sees_in_history(BOUND)


def test_the_phone_is_lost_and_another_with_push_is_at_hand(travel: Travel, sit_down: SitDown) -> None:
    someone, agent = travel("en"), sit_down(Role.AGENT)
    device = owner_of(someone.person).phone

    agent.finds(someone.person.email, "Her phone is gone, she has a tablet.")
    expect(agent.seat.page.locator("[data-part=methods]")).to_contain_text(PUSH.en)

    someone.open("/sign-in")
    someone.give_password()
    [prompt] = device.prompts()
    assert device.answer(prompt, "approve", shown_digits(someone)).status == 200
    someone.page.wait_for_url(f"{someone.server.origin}/profile")
    agent.sees_in_history("The device has confirmed")


def test_the_wrong_account_is_found(travel: Travel, sit_down: SitDown) -> None:
    agent, number = sit_down(Role.AGENT), new_number()
    someone = travel("en", number=number)
    other = someone.server.person("Otto Muster", number=number)

    agent.finds("nobody@example.com", "They spelled it out.")
    agent.seat.sees(NOBODY)
    agent.finds(f"{number[:3]} {number[3:7]} {number[7:]}", "They gave their number.")
    agent.seat.sees(SHARED)
    agent.seat.go_by(agent.seat.page.locator(f"a[href$='{other.account_id}']"))
    assert agent.path == f"/console/accounts/{other.account_id}"
    agent.finds(someone.person.email, "It was the other one.")
    assert agent.path == f"/console/accounts/{someone.person.account_id}"

    otto = travel("en", person=other)
    otto.arrive()
    otto.open("/profile/activity")
    otto.sees(LOOKED)
    assert "They gave their number" not in otto.page.content(), "the reason stays with the staff"
