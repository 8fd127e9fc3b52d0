"""A form that names nothing of its own, sent twice by a double click where no script runs (decision 65)."""

from renumber.domain.sign_in import SAME_PRESS_FOR
from renumber.flows.act import Act
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.policies.limits import Allowance


async def is_pressed_again(act: Act, form_id: str) -> bool:
    """Say whether this account's same form came a moment ago: what was sent then is what is meant now.

    The count waits for whoever counts under the same key, so that of two at once one is the first.
    """
    if not form_id:
        return False
    pressed = act.services.secrets.fingerprints(KeyedHash.FORM_PRESSED, f"{act.account.account_id}\x1f{form_id}")
    return await act.work.take([Quota(pressed, (Allowance(1, SAME_PRESS_FOR),))], act.now) is not None
