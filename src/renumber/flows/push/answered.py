"""The result of an answer that a device has given."""

from dataclasses import dataclass, field

from renumber.domain.push.prompt import PromptState


@dataclass(frozen=True, slots=True)
class Answered:
    """The state of a prompt after an answer; the token leads to freezing, after a *not me* alone."""

    state: PromptState
    freeze_token: str = field(default="", repr=False)
