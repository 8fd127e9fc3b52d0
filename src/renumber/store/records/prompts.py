"""Push prompts as rows."""

from sqlalchemy import bindparam, select

from renumber.domain.push.prompt import Prompt, PromptPurpose, PromptState
from renumber.store.database.open import Statement
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables

RECENT = 32  # more than one sign-in can ask for, and one account in the time in which an approval holds


def to_row(prompt: Prompt) -> Cells:
    """Seal the browser and its address; the digits and the challenge are derived, and never stored."""
    return {
        "account_id": prompt.account_id,
        "prompt_id": prompt.prompt_id,
        "sign_in_id": prompt.sign_in_id,
        "purpose": prompt.purpose.value,
        "state": prompt.state.value,
        "key_id": prompt.key_id,
        "browser": prompt.browser,
        "ip": prompt.ip,
        "asked_at": prompt.asked_at,
        "expires_at": prompt.expires_at,
        "wrong_digits": prompt.wrong_digits,
        "answered_at": prompt.answered_at,
        "device_id": prompt.device_id,
        "version": prompt.version,
    }


def from_row(row: Cells) -> Prompt:
    """Read a prompt."""
    return Prompt(
        account_id=row["account_id"],
        prompt_id=row["prompt_id"],
        sign_in_id=row["sign_in_id"],
        key_id=row["key_id"],
        browser=row["browser"] or "",
        ip=row["ip"] or "",
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        purpose=PromptPurpose(row["purpose"]),
        state=PromptState(row["state"]),
        wrong_digits=row["wrong_digits"],
        answered_at=row["answered_at"],
        device_id=row["device_id"],
        version=row["version"],
    )


mapper = Mapper(Prompt, tables.prompt, "prompt_id", to_row=to_row, from_row=from_row)
mapper.load_all = Statement(
    select(tables.prompt)
    .where(tables.prompt.c.account_id == bindparam("account_id"))
    .order_by(tables.prompt.c.asked_at.desc(), tables.prompt.c.prompt_id)
    .limit(RECENT)
)
