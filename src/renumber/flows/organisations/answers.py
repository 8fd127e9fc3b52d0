"""The answers of a company's administrator: a change may go on or not, and whether somebody is a colleague."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.support.case_evidence import CaseEvidence, EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.flows.act import SessionAct, in_session
from renumber.flows.organisations.opening import CompanyAct, CompanyRequest, by_administrator
from renumber.flows.phone_change.request import send_change_link
from renumber.flows.services import Client, Services
from renumber.flows.support.case import carry_out


class Answer(StrEnum):
    """The word of an administrator."""

    YES = "yes"
    NO = "no"


_WORDS: Mapping[Answer, EvidenceKind] = {Answer.YES: EvidenceKind.COMPANY, Answer.NO: EvidenceKind.COMPANY_DENIES}


async def answer_change(
    services: Services, client: Client, asked: CompanyRequest, *, answer: Answer
) -> Step[PhoneChange | None]:
    """Let a change that waits go on, or refuse it; both histories keep it, and the person is told."""
    step = await _answer_change(services, client, asked, answer)
    if step.refusal is None:
        await _remember(services, client, asked.holder, asked.subject, answer=answer)
    return step


@by_administrator
async def _answer_change(act: CompanyAct, answer: Answer) -> Step[PhoneChange | None]:
    change = await act.work.load(PhoneChange, act.subject)
    if change is None or change.organisation_id != act.administrator.organisation_id:
        return act.refuse(Refusal.NO_OPEN_CHANGE)
    by = act.administrator.account_id
    if answer is Answer.NO:
        told = replace(act, extra={"about": "change", "answer": answer.value})
        return told.carry_out(change.decline(act.now, by=by))
    step = change.confirm(act.now, by=by, link_for=act.limits.link_for)
    if step.refusal:
        return act.refuse(step.refusal, change)
    return send_change_link(replace(act, extra={"company": answer.value}), step)


async def answer_recovery(
    services: Services, client: Client, asked: CompanyRequest, *, answer: Answer
) -> Step[RecoveryCase | None]:
    """Say whether somebody who asks for recovery is a colleague: it is evidence among other, and approves nothing."""
    step = await _answer_recovery(services, client, asked, answer)
    if step.refusal is None:
        await _remember(services, client, asked.holder, asked.subject, answer=answer)
    return step


@by_administrator
async def _answer_recovery(act: CompanyAct, answer: Answer) -> Step[RecoveryCase | None]:
    case = await act.work.load(RecoveryCase, act.subject)
    if case is None:
        return act.refuse(Refusal.CASE_CLOSED)
    word = CaseEvidence(kind=_WORDS[answer], by=act.administrator.account_id, at=act.now)
    return carry_out(replace(act, extra={"about": "case", "answer": answer.value}), case.take_word(word))


@in_session
async def _remember(act: SessionAct, subject: str, *, answer: Answer) -> Step[None]:
    """Write down in the administrator's own history what they have answered."""
    told = replace(act, subject=subject, evidence=act.evidence.with_answer(answer))
    return told.done(None, Fact.COMPANY_REPLIED)
