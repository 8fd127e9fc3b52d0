"""An e-mail address, which hides itself wherever it might be printed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class EmailAddress:
    """An address as its owner writes it; `key` is the form in which it is looked up."""

    text: str

    @property
    def key(self) -> str:
        """The form for look-ups: case tells no mailboxes apart in practice, but ß and ss do."""
        return self.text.strip().lower()

    @property
    def masked(self) -> str:
        """The first letter and the domain: enough to recognise one's own address."""
        local, _, domain = self.text.rpartition("@")
        return f"{local[:1]}…@{domain}"

    def __repr__(self) -> str:
        return "EmailAddress(…)"
