"""Choosing a new password by a link to the account's address. It never stands in for the second factor."""

from dataclasses import replace
from datetime import datetime

from renumber.domain.account import NOBODY, Account
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.message import Channel, Message, Notice
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.flows.act import Client, Services
from renumber.flows.attempts import keep_status
from renumber.flows.consequences import Scene, conclude
from renumber.flows.links import new_link
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota, UnitOfWork
from renumber.policies.limits import ip_allowances, send_allowances
from renumber.policies.notices import WORTH_TELLING_FOR
from renumber.policies.passwords import PasswordProblem, judge

PROBLEMS = {
    PasswordProblem.TOO_SHORT: Refusal.PASSWORD_TOO_SHORT,
    PasswordProblem.TOO_LONG: Refusal.PASSWORD_TOO_LONG,
    PasswordProblem.TOO_COMMON: Refusal.PASSWORD_TOO_COMMON,
}


async def forget_password(services: Services, client: Client, email: EmailAddress) -> None:
    """Send a link if there is such an account; the page says the same either way, so nothing is given away."""
    credentials = await services.store.credentials(email.key, client.browser_id)
    async with services.store.work(credentials.account_id if credentials else NOBODY) as work:
        scene = Scene(services, client, work.account, services.clock.now(), Actor.VISITOR)
        open_at = await work.take(_quotas(scene, email), scene.now)
        if credentials is None or open_at:
            conclude(work, scene, (), refusal=Refusal.SEND_LIMIT_REACHED if open_at else Refusal.WRONG_CREDENTIALS)
        elif work.account.is_frozen:
            conclude(work, scene, (), refusal=Refusal.ACCOUNT_FROZEN)
            work.record((), [_frozen_message(scene)])
        else:
            _send_link(work, scene)


def _quotas(scene: Scene, email: EmailAddress) -> list[Quota]:
    limits, secrets = scene.services.rules.limits, scene.services.secrets
    return [
        Quota(secrets.fingerprints(KeyedHash.SENDS_OF_PASSWORD, email.key)[0], send_allowances(limits)),
        Quota(secrets.fingerprints(KeyedHash.SENDS_TO_IP, scene.client.place)[0], ip_allowances(limits)),
    ]


def _frozen_message(scene: Scene) -> Message:
    account = scene.account
    place = (account.account_id, Channel.EMAIL, Notice.PASSWORD_LINK_FROZEN, account.email.text, account.locale)
    until = scene.now + WORTH_TELLING_FOR
    return Message(scene.services.secrets.new_id(), *place, scene.params(), created_at=scene.now, expires_at=until)


def _send_link(work: UnitOfWork, scene: Scene) -> None:
    until = scene.now + scene.services.rules.limits.password_link_for
    link, derived = new_link(scene.services, scene.account.account_id, LinkPurpose.PASSWORD, subject="", until=until)
    work.keep(link, replace(work.account, password_link_id=link.link_id))
    told = replace(scene, action=derived, action_until=until, extra={"expires_at": until.isoformat()})
    conclude(work, told, (Fact.PASSWORD_LINK_SENT,))


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
    if link is None or account is None:
        return Step(None, refusal=Refusal.LINK_UNKNOWN)
    refusal = _examine(account, link, services.clock.now()) or _judge(services, account, password)
    if refusal:
        return Step(account, refusal=refusal)
    hashed = await services.passwords.hash(password)
    async with services.store.work(link.account_id) as work:
        evidence = f"link {link.link_id}"
        scene = Scene(services, client, work.account, services.clock.now(), Actor.VISITOR, evidence)
        return await _set_password(work, scene, link, hashed=hashed)


def _judge(services: Services, account: Account, password: str) -> Refusal | None:
    limits = services.rules.limits
    context = (account.email.text, account.name, services.rules.brand)
    problem = judge(password, minimum=limits.password_min, maximum=limits.password_max, context=context)
    return PROBLEMS[problem] if problem else None


async def _set_password(work: UnitOfWork, scene: Scene, link: Link, *, hashed: str) -> Step[Account | None]:
    current = await work.load(Link, link.link_id) or link
    refusal = _examine(work.account, current, scene.now)
    if refusal:
        conclude(work, scene, (), refusal=refusal)
        return Step(work.account, refusal=refusal)
    step = work.account.change_password_by_mail(hashed, scene.now)
    work.keep(current.use(scene.now), step.state)
    work.end_all(scene.now)
    await _restore_mailbox(work, scene)
    await _cancel_change(work, scene)
    conclude(work, scene.of(step.state), step.facts)
    return Step(step.state, step.facts)


async def _restore_mailbox(work: UnitOfWork, scene: Scene) -> None:
    """The link proved the mailbox, so that wrong codes sent to it are forgiven."""
    mailbox = await work.load(FactorStatus, Factor.MAILBOX)
    if mailbox:
        step = mailbox.restore()
        keep_status(work, step.state)
        conclude(work, scene, step.facts)


async def _cancel_change(work: UnitOfWork, scene: Scene) -> None:
    change = await work.open_change()
    step = change.cancel(scene.now) if change else None
    if step and step.refusal is None:
        work.keep(step.state)
        conclude(work, replace(scene, subject=step.state.change_id), step.facts)
