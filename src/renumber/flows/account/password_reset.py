"""Choosing a new password by a link to the account's address. It never stands in for the second factor."""

from dataclasses import replace
from datetime import datetime, timedelta

from renumber.domain.account import Account, is_nobody
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.wait import WaitPurpose
from renumber.flows.act import Act, LinkAct, as_visitor, behind_link
from renumber.flows.attempts import restore
from renumber.flows.consequences import end_sessions, send
from renumber.flows.links import new_link
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.same_press import is_pressed_again
from renumber.flows.services import Client, Rules, Services, nobody
from renumber.flows.support.case import stop_approved_case
from renumber.flows.waits import stop_wait
from renumber.policies.limits import ip_allowances, send_allowances
from renumber.policies.passwords import PasswordProblem, judge
from renumber.policies.release import about_release, has_stronger

PROBLEMS = {
    PasswordProblem.TOO_SHORT: Refusal.PASSWORD_TOO_SHORT,
    PasswordProblem.TOO_LONG: Refusal.PASSWORD_TOO_LONG,
    PasswordProblem.TOO_COMMON: Refusal.PASSWORD_TOO_COMMON,
}


async def forget_password(services: Services, client: Client, email: EmailAddress, *, form_id: str = "") -> None:
    """Send a link if there is such an account; the page says the same either way, so nothing is given away.

    `form_id` tells the page that was filled in from the same page opened again: sent twice, it sends one mail.
    """
    credentials = await services.store.credentials(email.key, client.browser_id)
    account_id = credentials.account_id if credentials else nobody(services, email.key)
    await _send_link(services, client, account_id, email, form_id=form_id)


@as_visitor
async def _send_link(act: Act, email: EmailAddress, *, form_id: str) -> Step[None]:
    if await is_pressed_again(act, form_id):
        return act.done(None)
    if await act.work.take(_quotas(act, email), act.now):
        return act.refuse(Refusal.SEND_LIMIT_REACHED)
    if is_nobody(act.account.account_id):
        return act.refuse(Refusal.WRONG_CREDENTIALS)
    if act.account.is_frozen:
        return _send_release_link(act)
    send_link(act, act.limits.password_link_for)
    return act.done(None)


def _send_release_link(act: Act) -> Step[None]:
    """Send a link that begins a release, at whose end the password is chosen: the mail alone releases nothing.

    It holds for a day, as long as the sends are counted: who uses them up leaves one that still holds in the mailbox.
    """
    until, account = act.now + act.limits.link_for, act.account
    if account.number_for_release(act.now) is None:
        send(act, Notice.PASSWORD_LINK_FROZEN, Channel.EMAIL, to=account.email.text, until=until)
        return act.refuse(Refusal.RELEASE_NEEDS_NUMBER)
    about = about_release(account)
    link, derived = new_link(act.services, account.account_id, LinkPurpose.RELEASE, subject=about, until=until)
    act.keep(link, replace(account, password_link_id=link.link_id))
    told = replace(act, action=derived, action_until=until, extra={"stronger": "yes" if has_stronger(account) else ""})
    return told.done(None, Fact.RELEASE_LINK_SENT)


def send_link(act: Act, link_for: timedelta) -> None:
    """Send a link to choose a password with; an account that has none yet is told so in words of its own."""
    until = act.now + link_for
    link, derived = new_link(act.services, act.account.account_id, LinkPurpose.PASSWORD, subject="", until=until)
    act.keep(link, replace(act.account, password_link_id=link.link_id))
    told = replace(act, action=derived, action_until=until, extra={"expires_at": until.isoformat()})
    told.record(Fact.PASSWORD_LINK_SENT if act.account.has_password else Fact.ACTIVATION_LINK_SENT)


def _quotas(act: Act, email: EmailAddress) -> list[Quota]:
    hashed = act.services.secrets.fingerprints
    return [
        Quota(hashed(KeyedHash.SENDS_OF_PASSWORD, email.key), send_allowances(act.limits)),
        Quota(hashed(KeyedHash.SENDS_TO_IP, act.client.place), ip_allowances(act.limits)),
    ]


async def look_at_password_link(services: Services, token: str) -> Refusal | None:
    """Say whether this link still lets its owner choose a password, changing nothing."""
    link = await services.store.find_link(LinkPurpose.PASSWORD, token)
    account = await services.store.find_account(link.account_id) if link else None
    return _examine(account, link, services.clock.now()) if link and account else Refusal.LINK_UNKNOWN


def _examine(account: Account, link: Link, now: datetime) -> Refusal | None:
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if link.used_at:
        return Refusal.LINK_USED
    if account.password_link_id != link.link_id:
        return Refusal.LINK_REPLACED
    return Refusal.LINK_EXPIRED if now >= link.expires_at else None


async def choose_password(services: Services, client: Client, token: str, *, password: str) -> Step[Account | None]:
    """Set the new password: every session ends, an open phone change that still waits for its link is cancelled."""
    link = await services.store.find_link(LinkPurpose.PASSWORD, token)
    account = await services.store.find_account(link.account_id) if link else None
    unfit = judge_password(services.rules, account, password) if account else None
    is_good = link and account and not unfit and _examine(account, link, services.clock.now()) is None
    hashed = await services.passwords.hash(password) if is_good else ""
    return await _set_password(services, client, token, hashed, unfit)


def judge_password(rules: Rules, account: Account, password: str) -> Refusal | None:
    """Say why a password is not good enough, if it isn't."""
    context = (account.email.text, account.name, rules.brand)
    minimum, maximum = rules.limits.password_min, rules.limits.password_max
    problem = judge(password, minimum=minimum, maximum=maximum, context=context)
    return PROBLEMS[problem] if problem else None


@behind_link(LinkPurpose.PASSWORD)
async def _set_password(act: LinkAct, hashed: str, unfit: Refusal | None) -> Step[Account]:
    refusal = _examine(act.account, act.link, act.now) or unfit
    if refusal or not hashed:
        return act.refuse(refusal or Refusal.NOT_NOW, act.account)
    step = act.account.change_password_by_mail(hashed, act.now)
    act.keep(act.link.use(act.now), step.state)
    end_sessions(act)
    await restore(act, Factor.MAILBOX)  # the link has proven it, so that wrong codes sent to it are forgiven
    await _cancel_change(act)
    await stop_wait(act, WaitPurpose.NEW_NUMBER)  # it was begun with the password before
    await stop_approved_case(act)  # its link comes to the mailbox that has just vouched for the password
    return act.done(act.account, *step.facts)


async def _cancel_change(act: Act) -> None:
    change = await act.work.open_change()
    step = _ended(change, act.now) if change else None
    if step and step.refusal is None:
        replace(act, subject=step.state.change_id).carry_out(step)


def _ended(change: PhoneChange, now: datetime) -> Step[PhoneChange] | None:
    """End a change that waits for its link, and one that a recovery case began: else one mailbox would count twice."""
    return change.stop(now) if change.is_recovery else change.cancel(now)
