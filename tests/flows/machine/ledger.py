"""What must hold of numbers, sessions and notices, by what the test remembers: SECURITY.md rows 1-5, 20, 30."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from tests.flows.machine.actors import Actor
from tests.flows.machine.observed import ObservedAct
from tests.flows.machine.rules import hold_to_the_rules
from tests.flows.machine.sent_secrets import SentSecrets
from tests.flows.person import Browser

RELEASES = ("release number", "operator release")
FRESH = timedelta(minutes=15)
RELEASABLE = timedelta(days=7)
WAIT, USABLE = timedelta(hours=24), timedelta(days=3)


@dataclass(frozen=True)
class Waited:
    """A wait for the new number of a change, in one browser."""

    change_id: str
    browser: Browser | None
    at: datetime


@dataclass
class Ledger:
    """What the test itself remembers, apart from the code that it judges."""

    email: str
    password: str
    asked: dict[str, Actor] = field(default_factory=dict)
    asked_in: dict[str, Browser | None] = field(default_factory=dict)
    wait: "Waited | None" = None
    pressed: dict[str, datetime] = field(default_factory=dict)
    full: dict[str, Actor] = field(default_factory=dict)
    replaced: tuple[PhoneNumber, datetime] | None = None
    sent: SentSecrets = field(default_factory=SentSecrets)

    def judge(self, act: ObservedAct) -> None:
        """Hold one act to every rule."""
        self.sent.judge(act)
        self._requests_rest_on_a_fresh_session(act)
        self._remember_resets(act)
        self._remember_waits(act)
        self._naming_is_earned(act)
        self._number_keeps_its_order(act)
        self._sessions_rest_on_evidence(act)
        self._oldest_number_can_release(act)
        hold_to_the_rules(act)
        self._everybody_is_told(act)
        self._factors_are_managed_by_who_may(act)

    def _requests_rest_on_a_fresh_session(self, act: ObservedAct) -> None:
        """Only a full session asks, within a quarter of an hour after its password (rows 1, 2)."""
        asked = act.after.changes.keys() - act.before.changes.keys()
        if asked or act.did("ask again"):
            own = {one for one, who in self.full.items() if who is act.actor}
            fresh = [one for one in act.before.sessions.values() if one.authenticated_at + FRESH > act.at]
            asking = own & {one.session_id for one in fresh} & act.before.unended_sessions
            assert asking, f"{act.actor.name} asked for a link without a fresh session of their own"
        self.asked |= dict.fromkeys(asked, act.actor)
        self.asked_in |= dict.fromkeys(asked, act.browser)

    def _remember_resets(self, act: ObservedAct) -> None:
        if act.did("press"):
            [change] = act.after.open_changes
            self.pressed[change.change_id] = act.at
            replaced = self._oldest(act.at) or act.before.account.number
            self.replaced = (replaced, act.at) if replaced else None
        if self.replaced and act.before.account.number is None and act.after.account.number:
            self.replaced = self.replaced[0], act.at
        if act.did(*RELEASES):
            self.replaced = None

    def _oldest(self, at: datetime) -> PhoneNumber | None:
        """The oldest number that was replaced within the last seven days."""
        return self.replaced[0] if self.replaced and at < self.replaced[1] + RELEASABLE else None

    def _oldest_number_can_release(self, act: ObservedAct) -> None:
        oldest = self._oldest(act.at)
        assert oldest in {None, act.after.account.number_for_release(act.at)}, "the oldest number undoes the change"

    def _remember_waits(self, act: ObservedAct) -> None:
        """A wait is told to the mailbox and to the old number, one after the other, and ends with the password."""
        if act.did("choose password"):
            self.wait = None
        if not act.told(Notice.NUMBER_WAIT, self.email):
            return
        [change] = act.after.open_changes
        before = self.wait
        assert change.old_number, "a change has an old number"
        assert act.told(Notice.NUMBER_WAIT, change.old_number.e164), "the old number is told"
        stands = before and before.change_id == change.change_id and act.at < before.at + WAIT + USABLE
        assert not stands, "a wait was begun anew while one stood"
        self.wait = Waited(change.change_id, act.browser, act.at)

    def _naming_is_earned(self, act: ObservedAct) -> None:
        """No text goes to a new number before all is shown that it takes to bind it (row 5)."""
        if act.did("enter number"):
            [change] = act.before.open_changes
            assert act.actor.mailbox or act.actor.app, f"{act.actor.name} came as far as the new number"
            self._more_than_password_and_mailbox(act, change)

    def _number_keeps_its_order(self, act: ObservedAct) -> None:
        before, after = act.before.account.number, act.after.account.number
        if before == after:
            return
        if after is None:
            assert (act.verb, act.taken) == ("press", True), f"{act.verb} took the number away"
        elif act.verb in RELEASES:
            assert after in {act.before.account.former_number, before}, "a release brings back an own number"
        else:
            self._binding_is_earned(act, after)

    def _binding_is_earned(self, act: ObservedAct, number: PhoneNumber) -> None:
        """No new number without a link used, a password given and a code proven, for the same change (row 5)."""
        assert (act.verb, act.taken) == ("type code", True), f"{act.verb} bound a number"
        assert act.before.account.number is None, "the old number was reset before"
        change = act.completed
        assert change.new_number == number, "it is the number of the change"
        assert number in act.actor.phones, "a code for that number was proven"
        assert change.change_id in self.asked, "somebody with a full session asked for it"
        assert change.change_id in self.pressed, "its own link was used"
        assert act.actor.password == self.password, "the password was given"
        assert act.actor.mailbox or act.actor.app, "the mailbox was proven, or its link pressed, or the app"
        self._more_than_password_and_mailbox(act, change)

    def _more_than_password_and_mailbox(self, act: ObservedAct, change: PhoneChange) -> None:
        """They are never enough: it takes the browser that asked, the app, or a wait that was told (rows 4, 46)."""
        asked_here = self.asked_in[change.change_id] is act.browser
        has_app = Factor.TOTP in act.before.account.factors - act.before.account.lost
        wait = self.wait
        is_own = wait is not None and wait.change_id == change.change_id and wait.browser is act.browser
        waited = wait is not None and is_own and act.at >= wait.at + WAIT
        assert asked_here or act.actor.app or (waited and not has_app), f"{act.actor.name} showed too little"

    def _sessions_rest_on_evidence(self, act: ObservedAct) -> None:
        """A session is for somebody with the password and the phone, and for nobody on the way (rows 1, 20)."""
        if act.did("give password", "reauthenticate"):
            assert act.actor.password == self.password, f"{act.actor.name} gave a wrong password"
        for session_id in act.after.sessions.keys() - act.before.sessions.keys():
            assert act.did("type code", "prove app"), f"{act.verb} opened a session"
            assert act.actor.password == self.password, f"{act.actor.name} got in without the password"
            has_it = act.actor.app if act.verb == "prove app" else act.after.account.number in act.actor.phones
            assert has_it, f"{act.actor.name} got in without the phone or the app"
            self.full[session_id] = act.actor

    def _factors_are_managed_by_who_may(self, act: ObservedAct) -> None:
        """Adding and taking back take a fresh session with its second factor, and everybody is told (rows 2, 30)."""
        if act.did("add app", "restore lost"):
            own = {one for one, who in self.full.items() if who is act.actor} & act.before.unended_sessions
            fresh = [one for one in own if act.before.sessions[one].authenticated_at + FRESH > act.at]
            assert fresh, f"{act.actor.name} managed factors without a fresh session of their own"
            words = {act.before.sessions[one].factor for one in fresh}
            found = act.before.account.lost - act.after.account.lost
            assert act.verb == "add app" or words - found, f"{found} came back on its own word"
            assert len(act.after.unended_sessions) == 1, "other sessions end"
        notices = {
            "add app": Notice.FACTOR_ADDED,
            "restore lost": Notice.FACTOR_FOUND,
            "report lost": Notice.FACTOR_LOST,
        }
        if act.did(*notices):
            phones = [phone.e164 for phone in act.before.account.numbers_on_file(act.at)]
            assert all(act.told(notices[act.verb], address) for address in (self.email, *phones))
            assert act.after.account.second_factors - act.after.account.suspended, "there is a way in left"

    def _everybody_is_told(self, act: ObservedAct) -> None:
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

    def _change_is_told(self, act: ObservedAct) -> None:
        assert act.told(Notice.NUMBER_CHANGED, self.email)
        change = act.completed
        assert change.old_number, "a change has an old number"
        again = change.old_number == act.after.account.number
        assert again or act.told(Notice.NUMBER_CHANGED, change.old_number.e164), "the old number is told"
