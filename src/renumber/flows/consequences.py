"""From facts and refusals to history, messages and events: the only place that writes any of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Channel, Derived, Message, Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.circumstances import Circumstances
from renumber.flows.events import events_of, events_of_end
from renumber.flows.links import Recipient, mailbox_of, new_link, on_file, phone
from renumber.flows.ports.store import AuditEntry, TextNotice
from renumber.policies.notices import TOLD, WORTH_TELLING_FOR, Audience, Telling, allowed_texts, burst_of
from renumber.policies.oidc.logout import listening
from renumber.policies.tally import REFUSED, Tally, is_counted


def conclude(about: Circumstances, facts: Sequence[Fact], refusal: Refusal | None = None) -> None:
    """Write down what came true and was refused, and tell whom it concerns and who has joined, in the same commit."""
    acts = [str(fact) for fact in facts] + ([f"{REFUSED}{refusal}"] if refusal else [])
    told = [one for fact in facts for telling in TOLD[fact] for one in _tell(about, telling)]
    messages = [one for one in told if isinstance(one, Message)]
    texts = [one for one in told if isinstance(one, TextNotice)]
    about.work.record([_entry(about, act) for act in acts], messages, texts, events=events_of(about, facts))


def end_sessions(about: Circumstances, *, keeping: str | None = None) -> None:
    """End the account's sessions and unfinished sign-ins, except the one to keep, and tell who has joined."""
    about.work.end_all(about.now, keeping=keeping)
    about.work.record((), (), events=events_of_end(about, keeping=keeping))
    tell_applications(about)


def tell_applications(about: Circumstances) -> None:
    """Let those that want to hear of it know which sessions this act ends (OpenID Connect Back-Channel Logout 1.0)."""
    about.work.tell_of_ends(about.now, listening(about.services.joins.current()))


def _entry(about: Circumstances, act: str) -> AuditEntry:
    return AuditEntry(
        at=about.now,
        actor=about.actor,
        act=act,
        subject=about.subject,
        evidence=about.evidence.text,
        browser=about.client.browser,
        ip=about.client.ip,
        reason=about.evidence.reason,
    )


def entry_of_operator(act: Fact, account_id: str, now: datetime, *, by: str) -> AuditEntry:
    """The row of an act, by an operator of this name, on an account that isn't there yet, or is no longer there."""
    named, actor = Evidence.operator(name=by).text, Actor.OPERATOR
    return AuditEntry(at=now, actor=actor, act=act, subject=account_id, evidence=named, browser="", ip="")


def entry_of_provider(act: Fact, now: datetime, evidence: Evidence) -> AuditEntry:
    """The first row of somebody whom the company's identity provider has sent."""
    nobody = Actor.SYSTEM
    return AuditEntry(at=now, actor=nobody, act=act, subject="", evidence=evidence.text, browser="", ip="")


def in_rows(tally: Tally, entries: Sequence[AuditEntry]) -> tuple[list[AuditEntry], Tally]:
    """Choose what is written down of what was recorded: every act, and of equal refusals the first of an hour.

    All others are counted, and the count is a row once the hour is over: before whatever is recorded next, or when the
    housekeeping comes by.
    """
    rows: list[AuditEntry] = []
    for entry in entries:
        if tally.is_over(entry.at):
            rows += closing(tally, entry.at)
            tally = Tally()
        is_row = True
        if is_counted(entry.act, entry.actor):
            tally, is_row = tally.add(entry.act, _kind(entry), entry.at)
        rows += [entry] if is_row else []
    return rows, tally


def _kind(entry: AuditEntry) -> str:
    """Tell refusals apart by who was refused what, and on which evidence: short, as it is kept with the account."""
    whole = f"{entry.actor}\x1f{entry.act}\x1f{entry.evidence}"
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def closing(tally: Tally, now: datetime) -> list[AuditEntry]:
    """The row that ends an hour of counting, if anything was counted."""
    if not (tally.since and tally.again):
        return []
    evidence = Evidence.counted(since=tally.since, again=tally.again)
    act, nobody = Fact.REFUSALS_COUNTED, Actor.SYSTEM
    return [AuditEntry(at=now, actor=nobody, act=act, subject="", evidence=evidence.text, browser="", ip="")]


def _tell(about: Circumstances, telling: Telling) -> list[Message] | list[TextNotice]:
    addresses = _addresses(about, telling.audience)
    if telling.channel is Channel.SMS:
        return [_text(about, telling, address) for address in addresses]
    return [_mail(about, telling, address) for address in addresses]


def _addresses(about: Circumstances, audience: Audience) -> list[str]:
    account = about.addressed or about.account
    if audience is Audience.MAILBOX:
        return [account.email.text]
    numbers = account.numbers_on_file(about.now)
    if audience is Audience.FORMER_NUMBER:
        before = dict.fromkeys((about.number, *numbers))
        numbers = tuple(number for number in before if number and number != account.number)
    return [number.e164 for number in numbers]


def _mail(about: Circumstances, telling: Telling, address: str) -> Message:
    own = mailbox_of(about.account)
    link, stop = _stop_link(about, own, telling.notice) if telling.stoppable else (None, None)
    about.work.keep(*([link] if link else []))
    message = _notice(about, telling.notice, Channel.EMAIL, to=address, stop=stop)
    return replace(message, expires_at=about.action_until, action=about.action) if about.action else message


def _text(about: Circumstances, telling: Telling, address: str) -> TextNotice:
    """The notice, and the one that it is joined into where its number had enough of them today."""
    number = phone(PhoneNumber(address))
    link, stop = _stop_link(about, number, telling.notice) if _may_stop(about, telling, number) else (None, None)
    joined_link, joined_stop = _stop_link(replace(about, subject=""), number, Notice.NOTICES_JOINED)
    return TextNotice(
        message=_notice(about, telling.notice, Channel.SMS, to=address, stop=stop),
        link=link,
        joined=_notice(about, Notice.NOTICES_JOINED, Channel.SMS, to=address, stop=joined_stop),
        joined_link=joined_link,
        allowed=allowed_texts(telling.notice, about.limits),
        burst_for=burst_of(telling.notice),
    )


def _may_stop(about: Circumstances, telling: Telling, number: Recipient) -> bool:
    """Whoever is told of an act that took the account out of their hands for good can stop nothing."""
    counts = telling.audience is Audience.FORMER_NUMBER or number in on_file(about.account, about.now)
    return telling.stoppable and counts


def _stop_link(about: Circumstances, to: Recipient, notice: Notice) -> tuple[Link, Derived]:
    account_id, until, subject = about.account.account_id, about.now + about.limits.stop_link_for, about.subject
    return new_link(about.services, account_id, LinkPurpose.STOP, subject=subject, until=until, to=to, notice=notice)


def _notice(about: Circumstances, notice: Notice, channel: Channel, *, to: str, stop: Derived | None) -> Message:
    return replace(_message(about, notice, channel, to=to, until=about.now + WORTH_TELLING_FOR), stop=stop)


def send(
    about: Circumstances, notice: Notice, channel: Channel, *, to: str, until: datetime, code: Derived | None = None
) -> None:
    """Send a message that no fact tells, such as one with a code."""
    message = _message(about, notice, channel, to=to, until=until)
    about.work.record((), [replace(message, code=code)])


def wake(
    about: Circumstances, device_id: str, *, prompt_id: str, until: datetime, notice: Notice = Notice.SIGN_IN_PROMPT
) -> None:
    """Wake a device by a push that holds nothing but an id: push services and lock screens see it."""
    message = _message(about, notice, Channel.PUSH, to=device_id, until=until)
    about.work.record((), [replace(message, params={"prompt": prompt_id})])


def _message(about: Circumstances, notice: Notice, channel: Channel, *, to: str, until: datetime) -> Message:
    account = about.account
    return Message(
        message_id=about.services.secrets.new_id(),
        account_id=account.account_id,
        channel=channel,
        notice=notice,
        to=to,
        locale=account.locale,
        params=about.params(),
        created_at=about.now,
        expires_at=until,
    )
