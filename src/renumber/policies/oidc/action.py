"""The action of an authorization request: to lead the person to one thing to do here, and back, instead of a code."""

from collections.abc import Mapping, Sequence

from renumber.domain.applications.journey import JourneyKind
from renumber.policies.joins import Application

ACTIONS = tuple(kind.value for kind in JourneyKind)


def read_action(text: str) -> JourneyKind | None:
    """Read the name of an action; None for anything else."""
    return JourneyKind(text) if text in ACTIONS else None


def mistake_of_action(application: Application, params: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """Find what is wrong with a request that names an action, as an error and its description."""
    if "action" not in params:
        return None
    if any(read_action(each) is None for each in params["action"]):
        return "invalid_request", f"The action is one of {', '.join(ACTIONS)}."
    if not application.initiate_login_uri:
        return "invalid_request", "An action leads back by the initiate_login_uri, of which the application has none."
    if "none" in " ".join(params.get("prompt", ())).split():  # OpenID Connect Core 3.1.2.6
        return "interaction_required", "An action is done by a person, on pages of ours."
    return None
