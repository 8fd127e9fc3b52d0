"""Who is told what: every channel on file, never only the new number (NIST 4.6)."""

import pytest

from renumber.domain.challenge import CodePurpose
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Channel, Notice
from renumber.policies.notices import CODE_NOTICE, TOLD, Audience

MAILBOX, FORMER, ALL = Audience.MAILBOX, Audience.FORMER_NUMBER, Audience.NUMBERS
NUMBERS = {
    Fact.NUMBER_RESET: FORMER,
    Fact.NUMBER_WAIT_STARTED: FORMER,
    Fact.PASSWORD_WAIT_STARTED: ALL,
    Fact.RELEASE_WAIT_STARTED: ALL,
    Fact.LAST_RELEASE_WAIT_STARTED: ALL,
    Fact.RELEASE_STOPPED: ALL,
    Fact.NUMBER_CHANGED: FORMER,
    Fact.ACCOUNT_FROZEN: ALL,
    Fact.ACCOUNT_RELEASED: ALL,
    Fact.PASSWORD_CHANGED: ALL,
    Fact.SESSIONS_ENDED: ALL,
    Fact.SESSION_ENDED: ALL,
    Fact.FACTOR_SUSPENDED: ALL,
    Fact.FACTOR_ADDED: ALL,
    Fact.FACTOR_REMOVED: ALL,
    Fact.PASSKEY_CLONED: ALL,
    Fact.FACTOR_LOST: ALL,
    Fact.FACTOR_FOUND: ALL,
    Fact.SIGNED_IN_FROM_NEW_BROWSER: ALL,
    Fact.RECOVERY_CODE_USED: ALL,
    Fact.CASE_OPENED: ALL,
    Fact.CASE_APPROVED: ALL,
    Fact.CASE_REMINDED: ALL,
    Fact.CALLER_PROVEN: ALL,
}
BY_MAIL_ALONE = {
    Fact.CHANGE_REQUESTED,
    Fact.CHANGE_LINK_REPLACED,
    Fact.NUMBER_BOUND,
    Fact.NUMBER_PROVEN,
    Fact.PASSWORD_LINK_SENT,
    Fact.RELEASE_LINK_SENT,
    Fact.ACTIVATION_LINK_SENT,
    Fact.WRONG_FACTOR_GIVEN,
    Fact.RELEASE_PAUSED,
    Fact.RECOVERY_LINK_SENT,
    Fact.STAFF_HELPED,
    Fact.CASE_REFUSED,
    Fact.CASE_CANCELLED,
    Fact.CASE_EXPIRED,
    Fact.CASE_VOUCHED,
    Fact.CASE_DENIED,
    Fact.CHANGE_WAITS,
    Fact.CHANGE_CONFIRMED,
    Fact.CHANGE_WENT_ON,
    Fact.CHANGE_REFUSED,
    Fact.CHANGE_UNANSWERED,
    Fact.COMPANY_ASKED,
    Fact.CALLER_ASKED,
    Fact.CALLER_ASKED_BY_MAIL,
    Fact.CALLER_DENIED,
}
# The mail alone has the link that opens it again, or leads on.
BOTH_IN_THEIR_WORDS = {Fact.MAILBOX_SUSPENDED, Fact.FACTOR_DISABLED, Fact.CASE_READY}
NOTHING_TO_STOP = {
    Notice.RELEASE_STOPPED,
    Notice.ACCOUNT_FROZEN,
    Notice.PASSWORD_LINK,
    Notice.PASSWORD_LINK_FROZEN,
    Notice.LAST_RELEASE_WAIT,
    Notice.ACTIVATION_LINK,
    Notice.RELEASE_PAUSED,
    Notice.CASE_ENDED,
    Notice.RECOVERY_REQUEST,
    Notice.COMPANY_ASKED,
}


def test_for_every_fact_it_is_decided_who_is_told() -> None:
    assert set(TOLD) == set(Fact)


@pytest.mark.parametrize("fact", NUMBERS)
def test_what_changes_who_gets_in_is_told_to_the_mailbox_and_to_the_old_number(fact: Fact) -> None:
    assert [telling.audience for telling in TOLD[fact]] == [MAILBOX, NUMBERS[fact]]
    assert len({telling.notice for telling in TOLD[fact]}) == 1


def test_nothing_is_ever_told_to_numbers_alone() -> None:
    for fact, tellings in TOLD.items():
        audiences = {telling.audience for telling in tellings}
        assert not audiences or MAILBOX in audiences, fact


def test_nothing_else_is_told_but_by_mail() -> None:
    told = {fact for fact, tellings in TOLD.items() if tellings}

    assert told == set(NUMBERS) | BY_MAIL_ALONE | BOTH_IN_THEIR_WORDS


def test_every_notice_can_stop_what_it_tells_of_unless_there_is_nothing_to_stop() -> None:
    for telling in (telling for tellings in TOLD.values() for telling in tellings):
        assert telling.stoppable is (telling.notice not in NOTHING_TO_STOP), telling.notice


def test_the_mailbox_gets_mail_and_numbers_get_texts() -> None:
    for telling in (telling for tellings in TOLD.values() for telling in tellings):
        assert telling.channel is (Channel.EMAIL if telling.audience is MAILBOX else Channel.SMS)


def test_every_purpose_of_a_code_has_its_notice_and_its_channel() -> None:
    by_mail = {CodePurpose.MAILBOX, CodePurpose.RESTORE, CodePurpose.RELEASE_MAILBOX}

    assert set(CODE_NOTICE) == set(CodePurpose)
    assert {purpose for purpose, (_, channel) in CODE_NOTICE.items() if channel is Channel.EMAIL} == by_mail


def test_every_notice_is_sent_by_something() -> None:
    told = {telling.notice for tellings in TOLD.values() for telling in tellings}
    codes = {notice for notice, _ in CODE_NOTICE.values()}

    others = {Notice.LONG_CODE, Notice.SIGN_IN_PROMPT, Notice.CALLER_PROMPT, Notice.NOTICES_JOINED}
    assert told | codes | others == set(Notice)
