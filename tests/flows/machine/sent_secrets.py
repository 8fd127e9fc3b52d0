"""Codes and links as they were sent: each works in its time, once, and only the newest link of a change does."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from renumber.domain.challenge import Challenge, CodePurpose, CodeState
from renumber.domain.messages.message import Notice
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.codes import factor_of
from tests.flows.machine.observed import ObservedAct
from tests.flows.world import Received

TYPED = ("type code", "release number", "restore")
LASTS = {"press": timedelta(hours=24), "choose password": timedelta(hours=1), "freeze": timedelta(days=7)}
CODES_LAST = timedelta(minutes=10)


@dataclass
class SentSecrets:
    """Codes and tokens that the test itself saw sent, and to which address (rows 7, 11, 17)."""

    codes: dict[tuple[str, str], datetime] = field(default_factory=dict)
    bindings: set[str] = field(default_factory=set)
    tokens: dict[str, datetime] = field(default_factory=dict)
    newest_link: str = ""
    proven: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)

    def judge(self, act: ObservedAct) -> None:
        """Hold the use of a code or a link to what was sent before, then remember what was sent now."""
        if act.did(*TYPED):
            self._code_was_good(act)
        if act.token and act.taken:
            self._link_was_good(act)
        for received in act.messages:
            self._remember_code(received, act.at)
            self.tokens |= {token: act.at for token in (received.action, received.stop) if token}
            self.newest_link = received.action if received.notice is Notice.CHANGE_REQUESTED else self.newest_link

    def _remember_code(self, received: Received, at: datetime) -> None:
        """When it was sent first; the same digits after its time are another code."""
        first = self.codes.get((received.code, received.to), at)
        if received.code:
            self.codes[received.code, received.to] = first if at < first + CODES_LAST else at
        if received.message.code:
            self.bindings.add(received.message.code.binding)

    def _code_was_good(self, act: ObservedAct) -> None:
        changed = [one for one in act.after.challenges.values() if one not in act.before.challenges.values()]
        [proven] = [one for one in changed if one.state is CodeState.PROVEN]
        sent_at = self.codes.get((act.code, _owed_to(act, proven)))
        assert sent_at, f"a code for {proven.purpose} was taken that was never sent to its address"
        assert proven.derived.binding in self.bindings, "a code was taken that another sign-in had asked for"
        assert act.at < sent_at + CODES_LAST, "a code was taken too late"
        assert proven.challenge_id not in self.proven, "a code was proven twice"
        factor = factor_of(proven.intent)
        assert factor not in act.before.suspended, "a suspended factor took a code"
        self.proven.add(proven.challenge_id)

    def _link_was_good(self, act: ObservedAct) -> None:
        assert act.token in self.tokens, "a link was taken that nobody was sent"
        assert act.at < self.tokens[act.token] + LASTS[act.verb], f"{act.verb} took a link too late"
        assert act.token not in self.spent, f"{act.verb} used a link twice"
        assert act.verb != "press" or act.token == self.newest_link, "a link was taken that a newer one had ended"
        self.spent.add(act.token)


def _owed_to(act: ObservedAct, code: Challenge) -> str:
    """The address whose code is asked for now: not one that was it when the code was sent (rows 7, 8)."""
    account = act.before.account
    named = next((change.new_number for change in act.before.open_changes), None)
    numbers: dict[CodePurpose, PhoneNumber | None] = {
        CodePurpose.SIGN_IN: account.number,
        CodePurpose.NEW_NUMBER: named,
        CodePurpose.RELEASE_NUMBER: account.number_for_release(act.at),
    }
    return getattr(numbers[code.purpose], "e164", "") if code.purpose in numbers else account.email.text
