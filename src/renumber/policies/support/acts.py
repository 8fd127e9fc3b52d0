"""The acts of customer relations, and the roles that may do each: the one table of all of them."""

from enum import StrEnum

from renumber.domain.support.staff import Role


class SupportAct(StrEnum):
    """Something that staff does at the console."""

    ENTER = "enter"
    FIND = "find"
    LOOK = "look"
    NOTE = "note"
    SEND_LINK_AGAIN = "send_link_again"
    CANCEL_CHANGE = "cancel_change"
    RESTORE_FACTOR = "restore_factor"
    END_SESSIONS = "end_sessions"
    FREEZE = "freeze"
    CHECK_CALLER = "check_caller"
    OPEN_CASE = "open_case"
    ADD_EVIDENCE = "add_evidence"
    HAND_OVER = "hand_over"
    SUBMIT_CASE = "submit_case"
    SEND_BACK_CASE = "send_back_case"
    APPROVE_CASE = "approve_case"
    REFUSE_CASE = "refuse_case"
    CANCEL_CASE = "cancel_case"
    SEE_QUEUES = "see_queues"
    READ_HISTORY = "read_history"
    EXPORT_HISTORY = "export_history"
    SEE_STAFF = "see_staff"
    PROPOSE_ROLE = "propose_role"
    CONFIRM_ROLE = "confirm_role"
    REMOVE_STAFF = "remove_staff"


_AGENT, _REVIEWER, _ADMINISTRATOR, _AUDITOR = Role.AGENT, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR
_HELPERS = frozenset({_AGENT, _REVIEWER})

MAY: dict[SupportAct, frozenset[Role]] = {
    SupportAct.ENTER: frozenset(Role),
    SupportAct.FIND: frozenset({_AGENT, _REVIEWER, _AUDITOR}),
    SupportAct.LOOK: frozenset({_AGENT, _REVIEWER, _AUDITOR}),
    SupportAct.NOTE: _HELPERS,
    SupportAct.SEND_LINK_AGAIN: _HELPERS,
    SupportAct.CANCEL_CHANGE: _HELPERS,
    SupportAct.RESTORE_FACTOR: _HELPERS,
    SupportAct.END_SESSIONS: _HELPERS,
    SupportAct.FREEZE: _HELPERS,
    SupportAct.CHECK_CALLER: frozenset({_AGENT}),
    SupportAct.OPEN_CASE: frozenset({_AGENT}),
    SupportAct.ADD_EVIDENCE: frozenset({_AGENT}),
    SupportAct.HAND_OVER: _HELPERS,
    SupportAct.SUBMIT_CASE: frozenset({_AGENT}),
    SupportAct.SEND_BACK_CASE: frozenset({_REVIEWER}),
    SupportAct.APPROVE_CASE: frozenset({_REVIEWER}),
    SupportAct.REFUSE_CASE: frozenset({_REVIEWER}),
    SupportAct.CANCEL_CASE: _HELPERS,
    SupportAct.SEE_QUEUES: _HELPERS,
    SupportAct.READ_HISTORY: frozenset({_AUDITOR}),
    SupportAct.EXPORT_HISTORY: frozenset({_AUDITOR}),
    SupportAct.SEE_STAFF: frozenset({_ADMINISTRATOR, _AUDITOR}),
    SupportAct.PROPOSE_ROLE: frozenset({_ADMINISTRATOR}),
    SupportAct.CONFIRM_ROLE: frozenset({_ADMINISTRATOR}),
    SupportAct.REMOVE_STAFF: frozenset({_ADMINISTRATOR}),
}

ON_STAFF = frozenset({SupportAct.PROPOSE_ROLE, SupportAct.CONFIRM_ROLE, SupportAct.REMOVE_STAFF})
"""The acts on a colleague; all others are on the account of a customer."""

ON_ANYBODY = ON_STAFF | {SupportAct.READ_HISTORY, SupportAct.EXPORT_HISTORY}
"""Those that a colleague's account isn't closed to: an auditor reads what staff does as well."""


def may(role: Role, act: SupportAct) -> bool:
    """Say whether a role may do this."""
    return role in MAY[act]
