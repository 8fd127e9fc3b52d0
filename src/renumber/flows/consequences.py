"""From facts and refusals to history and messages: the only place that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.link import LinkPurpose
from renumber.domain.message import Channel, Derived, Message
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_number import PhoneNumber, masked
from renumber.flows.act import Client, Services
from renumber.flows.links import new_link
from renumber.flows.ports.store import AuditEntry, UnitOfWork
from renumber.policies.notices import TOLD, WORTH_TELLING_FOR, Audience, Telling


@dataclass(frozen=True, slots=True)
class Scene:
    """Around an act: whose account, who acts, from where, on which evidence, about what."""

    services: Services
    client: Client
    account: Account
    now: datetime
    actor: Actor = Actor.OWNER
    evidence: str = ""
    subject: str = ""
    number: PhoneNumber | None = field(default=None, repr=False)
    action: Derived | None = None
    action_until: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    from_known_browser: bool = True

    def of(self, account: Account) -> "Scene":
        """The same scene with the account as it is after the act."""
        return replace(self, account=account)

    def params(self) -> dict[str, str]:
        """What every message may say; numbers only masked."""
        return {
            "name": self.account.name,
            "at": self.now.isoformat(),
            "time_zone": self.client.time_zone,
            "browser": self.client.browser,
            "ip": self.client.ip,
            "number": masked(self.number or self.account.number),
            **self.extra,
        }


def conclude(work: UnitOfWork, scene: Scene, facts: Sequence[Fact], *, refusal: Refusal | None = None) -> None:
    """Write what happened, and whom it is told, into the same transaction."""
    entries = [_entry(scene, fact) for fact in facts]
    if refusal:
        entries.append(_entry(scene, refusal))
    messages = [message for fact in facts for telling in TOLD[fact] for message in _tell(work, scene, telling)]
    work.record(entries, messages)


def _entry(scene: Scene, act: Fact | Refusal) -> AuditEntry:
    name = f"refused:{act}" if isinstance(act, Refusal) else str(act)
    client = scene.client
    return AuditEntry(scene.now, scene.actor, name, scene.subject, scene.evidence, client.browser, client.ip)


def _tell(work: UnitOfWork, scene: Scene, telling: Telling) -> list[Message]:
    addresses = _addresses(scene, telling.audience)
    stop = _stop_link(work, scene) if telling.stoppable and addresses else None
    return [_message(scene, telling, address, stop=stop) for address in addresses]


def _addresses(scene: Scene, audience: Audience) -> list[str]:
    account = scene.account
    if audience is Audience.MAILBOX:
        return [account.email.text]
    numbers = account.numbers_on_file(scene.now)
    if audience is Audience.FORMER_NUMBER:
        before = dict.fromkeys((scene.number, *numbers))
        numbers = tuple(number for number in before if number and number != account.number)
    return [number.e164 for number in numbers]


def _message(scene: Scene, telling: Telling, address: str, *, stop: Derived | None) -> Message:
    mail = telling.channel is Channel.EMAIL
    return Message(
        scene.services.secrets.new_id(),
        scene.account.account_id,
        telling.channel,
        telling.notice,
        address,
        scene.account.locale,
        scene.params(),
        created_at=scene.now,
        expires_at=scene.action_until if mail and scene.action else scene.now + WORTH_TELLING_FOR,
        action=scene.action if mail else None,
        stop=stop,
    )


def _stop_link(work: UnitOfWork, scene: Scene) -> Derived:
    until = scene.now + scene.services.rules.limits.stop_link_for
    link, derived = new_link(
        scene.services, scene.account.account_id, LinkPurpose.STOP, subject=scene.subject, until=until
    )
    work.keep(link)
    return derived
