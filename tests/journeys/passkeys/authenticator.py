"""Chromium's own virtual authenticator: the phone or the security key of a traveller."""

from typing import Any

from playwright.sync_api import CDPSession, Page

VERIFYING = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


class VirtualAuthenticator:
    """One authenticator in the browser of one page; its owner is there only when they say so."""

    def __init__(self, page: Page, **wishes: Any) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable", {"enableUI": False})
        options = {**VERIFYING, "automaticPresenceSimulation": False, **wishes}
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def _tell(self, command: str, **values: Any) -> Any:
        return self._cdp.send(f"WebAuthn.{command}", {"authenticatorId": self._id, **values})

    @property
    def credentials(self) -> list[dict[str, Any]]:
        """What it holds."""
        held: list[dict[str, Any]] = self._tell("getCredentials")["credentials"]
        return held

    def touch(self, *, here: bool = True) -> None:
        """Be there, and touch it whenever it asks; or go away."""
        self._tell("setAutomaticPresenceSimulation", enabled=here)

    def recognise(self, *, owner: bool) -> None:
        """Whether finger, face or PIN are those of the owner."""
        self._tell("setUserVerified", isUserVerified=owner)

    def forget(self) -> None:
        """Hold nothing any more."""
        self._tell("clearCredentials")
