"""Threat: `kill -9` at any moment, by which an act is half done or a message is lost (SECURITY.md row 33)."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from harness.person import Person
from harness.server import Server, new_number, quick_server
from harness.sinks import Sinks
from harness.visitor import Reply
from tests.attacks.faults.stubborn import PowerCut, Stubborn

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
    with quick_server(fresh_database(request.param), folder, sinks, workers=1) as serving:
        yield serving


@dataclass
class Plan:
    """Which kinds of post have had the power cut in the middle of them, and when their first message was accepted."""

    in_the_middle: set[str] = field(default_factory=set)
    at_acceptance: set[str] = field(default_factory=set)

    @property
    def is_done(self) -> bool:
        return bool(self.in_the_middle) and self.in_the_middle == self.at_acceptance


class Cutter:
    """Cuts the power twice at each kind of post that the plan still lacks."""

    def __init__(self, person: Person, plan: Plan) -> None:
        self.person, self.server, self.plan = person, person.server, plan
        self.cuts = 0

    def post(self, path: str, form: dict[str, str]) -> Reply:
        """Post, with a cut if this kind of post has not had its cuts yet."""
        kind = path[:18]
        if kind not in self.plan.in_the_middle:
            self.plan.in_the_middle.add(kind)
            return self._cut_in_the_middle(path, form)
        if kind not in self.plan.at_acceptance:
            self.plan.at_acceptance.add(kind)
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
    plan, travelled, twice = Plan(), 0, 0
    while not plan.is_done:  # a post that was done before the cut is not repeated: the next journey has its other cut
        twice += travel_through_cuts(fragile.person(), plan)
        travelled += 1

    assert len(plan.in_the_middle) >= 6
    assert travelled <= 4
    assert twice > 0, "a message was accepted but not yet settled"


def travel_through_cuts(person: Person, plan: Plan) -> int:
    """Make one journey; give how many messages were handed over twice, under one id."""
    server, number = person.server, new_number()

    Stubborn(person, number, Cutter(person, plan).post).travel()
    server.await_sent(person.account_id)

    promised = {row["message_id"]: row["state"] for row in person.rows("outbox")}
    assert set(promised.values()) == {"sent"}
    assert set(arrived(person, number)) == set(promised)
    assert person.told("change_requested") == {"email": 1}
    assert person.told("number_reset") == person.told("number_changed") == {"email": 1, "sms": 1}
    assert [row["state"] for row in person.rows("phone_change")] == ["completed"]
    return sum(times > 1 for times in Counter(arrived(person, number)).values())
