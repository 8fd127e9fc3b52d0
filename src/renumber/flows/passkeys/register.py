"""Passkeys of an account: adding, naming and removing them."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.passkey import CeremonyPurpose, Made, Passkey, live, name_of
from renumber.domain.session import Ticket
from renumber.flows.act import Client, Services
from renumber.flows.consequences import conclude
from renumber.flows.factors.manage import Managing, adding, bind, managing, unbind_among
from renumber.flows.passkeys.challenge import Ceremony, issue, spend
from renumber.flows.ports.services import Answer
from renumber.flows.ports.store import Taken, UnitOfWork

MOST = 20  # of one account; more would hardly be told apart, and each makes the questions to authenticators longer


async def begin_passkey(services: Services, client: Client, ticket: Ticket) -> Step[str]:
    """The options for a new one: authenticators that hold one of this account already are left out."""
    async with adding(services, client, ticket, factor=Factor.PASSKEY) as managed:
        known = [] if managed.refusal else live(await managed.work.load_all(Passkey))
        refusal = managed.refusal or _too_many(managed, known)
        if refusal:
            return Step("", refusal=refusal)
        challenge = issue(services, client, _adding(ticket))
        return Step(services.ceremonies.creation_options(managed.work.account, known, challenge))


def _adding(ticket: Ticket) -> Ceremony:
    return Ceremony(CeremonyPurpose.ADD, ticket.id)


def _too_many(managed: Managing, known: list[Passkey]) -> Refusal | None:
    if len(known) < MOST:
        return None
    return _refused(managed, Refusal.TOO_MANY_PASSKEYS)


def _refused(managed: Managing, refusal: Refusal) -> Refusal:
    conclude(managed.work, managed.scene, (), refusal=refusal)
    return refusal


async def confirm_passkey(
    services: Services, client: Client, ticket: Ticket, *, text: str, name: str
) -> Step[Passkey | None]:
    """Bind the credential that an authenticator has made; one that is bound already stays where it is."""
    answer = services.ceremonies.read(text)
    owner = await services.passkey_owners.owner_of(answer.credential_id, client.browser_id) if answer else None
    try:
        async with adding(services, client, ticket, factor=Factor.PASSKEY) as managed:
            if managed.refusal:
                return Step(None, refusal=managed.refusal)
            step = await _made(managed, _adding(ticket), answer)
            if step.state is None or owner:
                return Step(None, refusal=_refused(managed, step.refusal or Refusal.PASSKEY_KNOWN))
            refusal = await managed.told()
            return Step(None, refusal=refusal) if refusal else await _add(managed, step.state, name)
    except Taken:  # somebody bound it at the very same moment
        return Step(None, refusal=Refusal.PASSKEY_KNOWN)


async def _made(managed: Managing, ceremony: Ceremony, answer: Answer | None) -> Step[Made | None]:
    if answer is None:
        return Step(None, refusal=Refusal.WRONG_PASSKEY)
    refusal = await spend(managed.work, managed.scene, ceremony, challenge=answer.challenge)
    made = None if refusal else managed.scene.services.ceremonies.verify_creation(answer)
    return Step(made, refusal=refusal or (None if made else Refusal.WRONG_PASSKEY))


async def _add(managed: Managing, made: Made, name: str) -> Step[Passkey | None]:
    work, scene = managed.work, managed.scene
    known = live(await work.load_all(Passkey))
    refusal = _too_many(managed, known)
    if refusal or any(passkey.credential_id == made.credential_id for passkey in known):
        return Step(None, refusal=refusal or _refused(managed, Refusal.PASSKEY_KNOWN))
    passkey = Passkey(
        scene.account.account_id,
        scene.services.secrets.new_id(),
        made.credential_id,
        made.public_key,
        made.sign_count,
        made.transports,
        made.is_backup_eligible,
        made.is_backed_up,
        name_of(name) or f"Passkey {len(known) + 1}",
        scene.now,
    )
    work.keep(passkey)
    await bind(managed, Factor.PASSKEY)
    return Step(passkey, (Fact.FACTOR_ADDED,))


async def rename_passkey(
    services: Services, client: Client, ticket: Ticket, *, passkey_id: str, name: str
) -> Refusal | None:
    """Give it another name."""
    async with managing(services, client, ticket, factor=Factor.PASSKEY) as managed:
        if managed.refusal:
            return managed.refusal
        passkey = await _live(managed.work, passkey_id)
        if passkey is None:
            return _refused(managed, Refusal.PASSKEY_UNKNOWN)
        step = passkey.rename(name)
        if step.facts:
            managed.work.keep(step.state)
            conclude(managed.work, managed.scene, step.facts)
        return None


async def _live(work: UnitOfWork, passkey_id: str) -> Passkey | None:
    passkey = await work.load(Passkey, passkey_id)
    return passkey if passkey and passkey.removed_at is None else None


async def remove_passkey(services: Services, client: Client, ticket: Ticket, *, passkey_id: str) -> Refusal | None:
    """Forget its key; with the last one that is trusted the method goes too, and so do those that were lost."""
    async with managing(services, client, ticket, factor=Factor.PASSKEY) as managed:
        if managed.refusal:
            return managed.refusal
        passkey = await _live(managed.work, passkey_id)
        if passkey is None:
            return _refused(managed, Refusal.PASSKEY_UNKNOWN)
        others = [each for each in live(await managed.work.load_all(Passkey)) if each != passkey]
        return await unbind_among(managed, Factor.PASSKEY, passkey, others=others)
