"""Passkeys of an account: adding, naming and removing them."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.passkey import CeremonyPurpose, Made, Passkey, live, name_of
from renumber.domain.session import Ticket
from renumber.flows.act import Act, SessionAct
from renumber.flows.factors.manage import adding, bind, managing, removing, turn_to_tell, unbind_among
from renumber.flows.passkeys.challenge import Ceremony, issue, spend
from renumber.flows.ports.services import Answer
from renumber.flows.ports.store import Taken
from renumber.flows.services import Client, Services

MOST = 20  # of one account; more would hardly be told apart, and each makes the questions to authenticators longer


@adding(Factor.PASSKEY)
async def begin_passkey(act: SessionAct) -> Step[str | None]:
    """The options for a new one: authenticators that hold one of this account already are left out."""
    known = live(await act.work.load_all(Passkey))
    if len(known) >= MOST:
        return act.refuse(Refusal.TOO_MANY_PASSKEYS)
    challenge = issue(act.services, act.client, _adding(act))
    return act.done(act.services.ceremonies.creation_options(act.account, known, challenge))


def _adding(act: SessionAct) -> Ceremony:
    return Ceremony(CeremonyPurpose.ADD, act.session.session_id)


async def confirm_passkey(
    services: Services, client: Client, ticket: Ticket, *, text: str, name: str
) -> Step[Passkey | None]:
    """Bind the credential that an authenticator has made; one that is bound already stays where it is."""
    answer = services.ceremonies.read(text)
    owner = await services.passkey_owners.owner_of(answer.credential_id, client.browser_id) if answer else None
    try:
        return await _add(services, client, ticket, answer, name, is_known=owner is not None)
    except Taken:  # somebody bound it at the very same moment
        return await _refuse_known(services, client, ticket)


@adding(Factor.PASSKEY)
async def _refuse_known(act: SessionAct) -> Step[None]:
    return act.refuse(Refusal.PASSKEY_KNOWN)


@adding(Factor.PASSKEY)
async def _add(act: SessionAct, answer: Answer | None, name: str, *, is_known: bool) -> Step[Passkey | None]:
    made = await _verify(act, answer)
    if isinstance(made, Refusal):
        return act.refuse(made)
    known = live(await act.work.load_all(Passkey))
    if is_known or any(passkey.credential_id == made.credential_id for passkey in known):
        return act.refuse(Refusal.PASSKEY_KNOWN)
    refusal = Refusal.TOO_MANY_PASSKEYS if len(known) >= MOST else await turn_to_tell(act)
    if refusal:
        return act.refuse(refusal)
    passkey = _passkey(act, made, name=name_of(name) or f"Passkey {len(known) + 1}")
    act.keep(passkey)
    return act.done(passkey, *await bind(act, Factor.PASSKEY))


async def _verify(act: SessionAct, answer: Answer | None) -> Made | Refusal:
    """Look at a new credential; the challenge that it answers is used up."""
    if answer is None:
        return Refusal.WRONG_PASSKEY
    refusal = await spend(act, _adding(act), answer.challenge)
    return refusal or act.services.ceremonies.verify_creation(answer) or Refusal.WRONG_PASSKEY


def _passkey(act: Act, made: Made, *, name: str) -> Passkey:
    return Passkey(
        account_id=act.account.account_id,
        passkey_id=act.services.secrets.new_id(),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        is_backup_eligible=made.is_backup_eligible,
        is_backed_up=made.is_backed_up,
        name=name,
        made_at=act.now,
    )


@managing(Factor.PASSKEY)
async def rename_passkey(act: SessionAct, passkey_id: str, name: str) -> Step[Passkey | None]:
    """Give it another name."""
    passkey = await _live(act, passkey_id)
    if passkey is None:
        return act.refuse(Refusal.PASSKEY_UNKNOWN)
    return act.carry_out(passkey.rename(name))


async def _live(act: SessionAct, passkey_id: str) -> Passkey | None:
    passkey = await act.work.load(Passkey, passkey_id)
    return passkey if passkey and passkey.removed_at is None else None


@removing(Factor.PASSKEY)
async def remove_passkey(act: SessionAct, passkey_id: str) -> Step[None]:
    """Forget its key; with the last one that is trusted the method goes too, and so do those that were lost."""
    passkey = await _live(act, passkey_id)
    if passkey is None:
        return act.refuse(Refusal.PASSKEY_UNKNOWN)
    others = [each for each in live(await act.work.load_all(Passkey)) if each != passkey]
    return await unbind_among(act, Factor.PASSKEY, passkey, others=others)
