"""What must hold after every act, whoever acts and in whatever order: SECURITY.md rows 3, 5, 7, 8, 12, 13, 17, 30."""

from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.challenge import State as CodeState
from renumber.domain.message import Channel, Notice
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_change import State as ChangeState
from renumber.domain.phone_number import PhoneNumber
from tests.flows.cast import Actor
from tests.flows.snapshot import Snapshot
from tests.flows.world import Letter

RELEASES = {"release number", "operator release"}
FORGIVES = {"type code": 1, "release number": 1, "choose password": 1, "lift": 3}  # at most so many factors


@dataclass
class Act:
    """One act as it was seen: who did what, whether it was taken, and what left the house because of it."""

    actor: Actor
    verb: str
    taken: bool
    before: Snapshot
    after: Snapshot
    letters: list[Letter]
    at: datetime
    number: PhoneNumber | None = None
    token: str = ""

    def told(self, notice: Notice, to: str) -> bool:
        """Whether this notice went to this address."""
        return any(one.notice is notice and one.to == to for one in self.letters)


@dataclass
class Ledger:
    """What the test itself remembers, apart from the code that it judges."""

    email: str
    password: str
    asked: dict[str, Actor] = field(default_factory=dict)
    pressed: dict[str, datetime] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)
    spent_tokens: set[str] = field(default_factory=set)
    full: dict[str, Actor] = field(default_factory=dict)

    def judge(self, act: Act) -> None:
        """Hold one act to every rule."""
        self._remember(act)
        self._number_keeps_its_order(act)
        self._sessions_rest_on_evidence(act)
        self._codes_and_links_work_once(act)
        _resends_forgive_nothing(act)
        _one_change_at_most(act)
        _frozen_is_frozen(act)
        _reset_ends_everything(act)
        _codes_go_where_they_belong(act)
        self._everybody_is_told(act)

    def _remember(self, act: Act) -> None:
        for change_id in act.after.changes.keys() - act.before.changes.keys():
            asker = act.before.unended_sessions & {one for one, who in self.full.items() if who is act.actor}
            assert asker, f"{act.actor.name} asked for a change without a session of their own"
            self.asked[change_id] = act.actor
        if act.verb == "press" and act.taken:
            [change] = act.after.open_changes
            self.pressed[change.change_id] = act.at

    def _number_keeps_its_order(self, act: Act) -> None:
        before, after = act.before.account.number, act.after.account.number
        if before == after:
            return
        if after is None:
            assert (act.verb, act.taken) == ("press", True), f"{act.verb} took the number away"
        elif act.verb in RELEASES:
            assert after in {act.before.account.former_number, before}, "a release brings back an own number"
        else:
            self._binding_is_earned(act, after)

    def _binding_is_earned(self, act: Act, number: PhoneNumber) -> None:
        """No new number without a link used, a password given and a code proven, for the same change (row 5)."""
        assert (act.verb, act.taken) == ("type code", True), f"{act.verb} bound a number"
        assert act.before.account.number is None, "the old number was reset before"
        [change] = [one for one in act.after.changes.values() if self._was_completed(act, one)]
        assert change.new_number == number, "it is the number of the change"
        assert number in act.actor.phones, "a code for that number was proven"
        assert change.change_id in self.asked, "somebody with a full session asked for it"
        assert change.change_id in self.pressed, "its own link was used"
        assert act.actor.password == self.password, "the password was given"
        self._mailbox_counts_once(act.actor, change)

    def _was_completed(self, act: Act, change: PhoneChange) -> bool:
        before = act.before.changes.get(change.change_id)
        return change.state is ChangeState.COMPLETED and before is not None and before.is_open

    def _mailbox_counts_once(self, actor: Actor, change: PhoneChange) -> None:
        """Reading mail presses the link and chooses a password: both together are still one mailbox (row 4)."""
        rests_on_mail = actor.by_mail and actor.learnt_at >= self.pressed[change.change_id]
        has_asked = self.asked[change.change_id] is actor
        assert not rests_on_mail or has_asked, f"{actor.name} bound a number with nothing but a mailbox"

    def _sessions_rest_on_evidence(self, act: Act) -> None:
        """A session is for somebody with the password and the phone, and for nobody on the way (rows 1, 20)."""
        for session_id in act.after.sessions.keys() - act.before.sessions.keys():
            assert (act.verb, act.taken) == ("type code", True), f"{act.verb} opened a session"
            assert act.actor.password == self.password, f"{act.actor.name} got in without the password"
            assert act.after.account.number in act.actor.phones, f"{act.actor.name} got in without the phone"
            self.full[session_id] = act.actor

    def _codes_and_links_work_once(self, act: Act) -> None:
        now_proven = {one.challenge_id for one in act.after.challenges.values() if one.state is CodeState.PROVEN}
        was_proven = {one.challenge_id for one in act.before.challenges.values() if one.state is CodeState.PROVEN}
        assert not (now_proven - was_proven) & self.proven, "a code was proven twice"
        self.proven |= now_proven
        if act.token and act.taken:
            assert act.token not in self.spent_tokens, f"{act.verb} used a link twice"
            self.spent_tokens.add(act.token)

    def _everybody_is_told(self, act: Act) -> None:
        """Reset, change, freeze and a new password reach the mailbox and the old number (row 30)."""
        account, done = act.before.account, act.after.account
        phones = account.numbers_on_file(act.at)
        if act.verb == "press" and act.taken:
            assert act.told(Notice.NUMBER_RESET, self.email)
            assert act.told(Notice.NUMBER_RESET, getattr(account.number, "e164", ""))
        if done.is_frozen and not account.is_frozen:
            assert act.told(Notice.ACCOUNT_FROZEN, self.email)
            assert all(act.told(Notice.ACCOUNT_FROZEN, phone.e164) for phone in phones)
        if done.password_hash != account.password_hash:
            assert act.told(Notice.PASSWORD_CHANGED, self.email)
            assert all(act.told(Notice.PASSWORD_CHANGED, phone.e164) for phone in phones)
        if act.verb == "type code" and account.number is None and done.number:
            self._change_is_told(act)

    def _change_is_told(self, act: Act) -> None:
        assert act.told(Notice.NUMBER_CHANGED, self.email)
        [change] = [one for one in act.after.changes.values() if self._was_completed(act, one)]
        assert change.old_number, "a change has an old number"
        again = change.old_number == act.after.account.number
        assert again or act.told(Notice.NUMBER_CHANGED, change.old_number.e164), "the old number is told"


def _resends_forgive_nothing(act: Act) -> None:
    """Counts go down by a right proof alone; a repeated code keeps its life and its tries (rows 12, 13)."""
    fewer = {one for one, wrong in act.before.wrong_in_a_row.items() if act.after.wrong_in_a_row[one] < wrong}
    forgivable = FORGIVES.get(act.verb, 0) if act.taken else 0
    assert len(fewer | (act.before.suspended - act.after.suspended)) <= forgivable, f"{act.verb} forgave {fewer}"
    for purpose, code in act.before.challenges.items():
        later = act.after.challenges.get(purpose)
        if later and later.challenge_id == code.challenge_id:
            assert later.wrong_guesses >= code.wrong_guesses
            assert later.expires_at == code.expires_at
            assert code.state is CodeState.LIVE or later.state is code.state, "a used code came back to life"


def _one_change_at_most(act: Act) -> None:
    account = act.after.account
    assert len(act.after.open_changes) <= 1
    if account.number is None and not account.is_frozen:
        [waiting] = act.after.open_changes
        assert waiting.awaits_number, "without a number, the account waits for one"


def _frozen_is_frozen(act: Act) -> None:
    if act.after.account.is_frozen:
        assert not act.after.unended_sessions, "a frozen account has a session"
        assert not act.after.open_changes, "a frozen account has an open change"


def _reset_ends_everything(act: Act) -> None:
    if act.verb == "press" and act.taken:
        assert not act.after.unended_sessions
        assert not act.after.unended_sign_ins


def _codes_go_where_they_belong(act: Act) -> None:
    """The old number gets notices after its reset, and a code only to release a frozen account (row 8)."""
    account = act.before.account
    named = act.number or next((change.new_number for change in act.before.open_changes), None)
    belongs = {
        Notice.SIGN_IN_CODE: account.number,
        Notice.NEW_NUMBER_CODE: named,
        Notice.RELEASE_CODE: account.number_for_release(act.at),
    }
    for letter in (one for one in act.letters if one.channel is Channel.SMS and one.code):
        assert letter.to == getattr(belongs[letter.notice], "e164", ""), f"{letter.notice} went astray"
        assert account.is_frozen == (letter.notice is Notice.RELEASE_CODE), f"{letter.notice} at the wrong time"
