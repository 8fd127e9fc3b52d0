"""What must hold after every act whoever acts: SECURITY.md rows 8, 12, 13, 20."""

from renumber.domain.challenge import CodeState
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal
from tests.flows.machine.observed import ObservedAct

# At most so many factors; a proof that opens a session opens what wrong codes have suspended, too (NIST 3.2.2).
FORGIVES = {
    "type code": 1,
    "release number": 2,
    "choose password": 1,
    "restore": 4,
    "prove app": 1,
    "add app": 1,
    "restore lost": 1,
    "operator release": 1,
}
COMPARED = {Refusal.WRONG_CODE, Refusal.WRONG_CODE_WARNED}


def hold_to_the_rules(act: ObservedAct) -> None:
    """Judge what needs no memory."""
    _resends_forgive_nothing(act)
    _misses_are_counted(act)
    _one_change_at_most(act)
    _frozen_is_frozen(act)
    _reset_ends_everything(act)
    _new_password_ends_everything(act)
    _codes_go_where_they_belong(act)
    _lost_stays_lost(act)


def _resends_forgive_nothing(act: ObservedAct) -> None:
    """Counts go down by a right proof alone; a repeated code keeps its life and its tries (rows 12, 13)."""
    fewer = {one for one, wrong in act.before.wrong_in_a_row.items() if act.after.wrong_in_a_row[one] < wrong}
    forgivable = FORGIVES.get(act.verb, 0) if act.taken else 0
    if act.taken and act.after.sessions.keys() - act.before.sessions.keys():
        forgivable += len(act.before.suspended)
    assert len(fewer | (act.before.suspended - act.after.suspended)) <= forgivable, f"{act.verb} forgave {fewer}"
    for slot, code in act.before.challenges.items():
        later = act.after.challenges.get(slot)
        if later and later.challenge_id == code.challenge_id:
            assert later.wrong_guesses >= code.wrong_guesses
            assert later.expires_at == code.expires_at
            assert code.state is CodeState.LIVE or later.state is code.state, "a used code came back to life"


def _misses_are_counted(act: ObservedAct) -> None:
    """A refusal is committed with its count: a wrong code costs a try of the code and of the factor (row 12)."""
    if act.refusal in COMPARED:
        before, after = act.before, act.after
        assert sum(after.wrong_in_a_row.values()) == sum(before.wrong_in_a_row.values()) + 1, "a miss in the row"
        guesses = {one.challenge_id: one.wrong_guesses for one in before.challenges.values()}
        more = [one for one in after.challenges.values() if one.wrong_guesses == guesses.get(one.challenge_id, 0) + 1]
        assert len(more) == (act.verb != "prove app"), "a miss on the code"


def _one_change_at_most(act: ObservedAct) -> None:
    account = act.after.account
    assert len(act.after.open_changes) <= 1
    if account.number is None and not account.is_frozen:
        [waiting] = act.after.open_changes
        assert waiting.awaits_number, "without a number, the account waits for one"


def _frozen_is_frozen(act: ObservedAct) -> None:
    if act.after.account.is_frozen:
        assert not act.after.unended_sessions, "a frozen account has a session"
        assert not act.after.open_changes, "a frozen account has an open change"


def _reset_ends_everything(act: ObservedAct) -> None:
    if act.verb == "press" and act.taken:
        assert not act.after.unended_sessions
        assert not act.after.unended_sign_ins
        assert act.after.account.number is None, "the reset takes the number away"


def _new_password_ends_everything(act: ObservedAct) -> None:
    if act.did("choose password"):
        assert not act.after.unended_sessions
        assert not act.after.unended_sign_ins
        assert not [change for change in act.after.open_changes if not change.awaits_number], "a request stays open"


def _lost_stays_lost(act: ObservedAct) -> None:
    """Neither a mailbox nor any other proof opens it, but its owner in a session, or something new in its place."""
    found = act.before.account.lost - act.after.account.lost
    may = {"restore lost", "add app", "operator release"} | (
        {"type code"} if act.before.account.number is None else set()
    )
    assert not found or act.did(*may, "release number"), f"{act.verb} opened {found}"
    assert act.after.account.suspended == act.after.suspended, "the account knows what is suspended"


def _codes_go_where_they_belong(act: ObservedAct) -> None:
    """The old number gets notices after its reset, and a code only to release a frozen account (row 8)."""
    account = act.before.account
    named = act.number or next((change.new_number for change in act.before.open_changes), None)
    belongs = {
        Notice.SIGN_IN_CODE: account.number,
        Notice.NEW_NUMBER_CODE: named,
        Notice.RELEASE_CODE: account.number_for_release(act.at),
    }
    for received in (one for one in act.messages if one.channel is Channel.SMS and one.code):
        assert received.to == getattr(belongs[received.notice], "e164", ""), f"{received.notice} went astray"
        assert account.is_frozen == (received.notice is Notice.RELEASE_CODE), f"{received.notice} at the wrong time"
