"""`renumber keys replace-signing`: other keys for ID tokens, at once, after a theft."""

from renumber.cli.console import say
from renumber.cli.run import run
from renumber.crypto.signed_tokens import replace_signing_keys
from renumber.store.keys.server_keys import ServerKeys
from renumber.wiring.core import Core


def replace_signing() -> None:
    """Replace the keys that ID tokens are signed with."""
    run(_replace)
    say("The keys are replaced: every process signs with others within a second.")
    say("What was signed before counts no more. Applications fetch the new keys with the first token that names one.")


async def _replace(core: Core) -> None:
    await replace_signing_keys(ServerKeys(core.database, core.keys))
