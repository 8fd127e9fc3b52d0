"""Threat: `kill -9` at any moment, by which an act is half done or a message is lost (SECURITY.md row 33)."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.attacks.person import Person
from tests.attacks.server import Server, new_number, running_server
from tests.attacks.sinks import Sinks
from tests.attacks.stubborn import PowerCut, Stubborn
from tests.attacks.visitor import Reply

CLAIM = 121  # seconds after which a message that a dead process held is taken up by another
MOMENTS = (0.0, 0.004, 0.008, 0.016, 0.032)  # seconds into a request
MESSAGE_WITHIN = 2.0  # seconds


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fragile(
    request: pytest.FixtureRequest,
    fresh_database: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    sinks: Sinks,
) -> Iterator[Server]:
    """A server of its own, to be killed as a whole; one worker, to be back soon."""
    folder = tmp_path_factory.mktemp("fragile")
    with running_server(fresh_database(request.param), folder, sinks, workers=1) as serving:
        yield serving


class Cutter:
    """Cuts the power twice at each kind of post: in the middle of it, and when its first message is accepted."""

    def __init__(self, person: Person) -> None:
        self.person, self.server = person, person.server
        self.in_the_middle: set[str] = set()
        self.at_acceptance: set[str] = set()
        self.cuts = 0

    def post(self, path: str, form: dict[str, str]) -> Reply:
        """Post, with a cut if this kind of post has not had its cuts yet."""
        kind = path[:18]
        if kind not in self.in_the_middle:
            self.in_the_middle.add(kind)
            return self._cut_in_the_middle(path, form)
        if kind not in self.at_acceptance:
            self.at_acceptance.add(kind)
            return self._cut_at_acceptance(path, form)
        return self.person.browser.post(path, form)

    def _cut_in_the_middle(self, path: str, form: dict[str, str]) -> Reply:
        timer = threading.Timer(MOMENTS[self.cuts % len(MOMENTS)], self.server.kill)
        timer.start()
        try:
            return self.person.browser.post(path, form)
        except (ConnectionError, OSError) as cut:
            raise PowerCut from cut
        finally:
            timer.join()
            self._restart()

    def _cut_at_acceptance(self, path: str, form: dict[str, str]) -> Reply:
        accepted = threading.Event()

        def cut(_message: object) -> None:
            if not accepted.is_set():
                self.server.kill()
                accepted.set()

        sinks = (self.server.sinks.mail, self.server.sinks.sms)
        for sink in sinks:
            sink.on_accept = cut
        try:
            reply = self.person.browser.post(path, form)
            if not accepted.wait(MESSAGE_WITHIN):  # this one sends nothing
                self.server.kill()
        except (ConnectionError, OSError) as lost:
            raise PowerCut from lost
        finally:
            for sink in sinks:
                sink.on_accept = None
            self._restart()
        return reply

    def _restart(self) -> None:
        self.cuts += 1
        self.server.start()
        self.server.move(CLAIM)


def arrived(person: Person, *numbers: str) -> list[str]:
    """The id of every message that arrived, as often as it did."""
    sinks = person.server.sinks
    mails = [mail.message_id.strip("<>").partition("@")[0] for mail in sinks.mail.attempts if mail.to == person.email]
    return mails + [text.message_id for text in sinks.sms.attempts if text.to in {person.number, *numbers}]


def test_the_journey_goes_on_through_a_power_cut_at_every_step_and_no_message_is_lost(fragile: Server) -> None:
    person, number = fragile.person(), new_number()
    cutter = Cutter(person)

    Stubborn(person, number, cutter.post).travel()
    fragile.await_sent(person.account_id)

    promised = {row["message_id"]: row["state"] for row in person.rows("outbox")}
    assert cutter.cuts >= 9
    assert set(promised.values()) == {"sent"}
    assert set(arrived(person, number)) == set(promised)
    assert max(Counter(arrived(person, number)).values()) > 1, "a message was accepted but not yet settled"
    assert person.told("change_requested") == {"email": 1}
    assert person.told("number_reset") == person.told("number_changed") == {"email": 1, "sms": 1}
    assert [row["state"] for row in person.rows("phone_change")] == ["completed"]
