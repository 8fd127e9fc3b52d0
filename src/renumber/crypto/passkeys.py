"""WebAuthn ceremonies by py_webauthn, for the one origin that is configured."""

import json
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm as UnknownAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_client_data_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from renumber.domain.account import Account
from renumber.domain.passkey import CeremonyPurpose, Made, Passkey, Shown
from renumber.flows.ports.services import Answer

LONGEST_ANSWER = 32 * 1024  # characters; an answer without attestation has one or two thousand
LONGEST_CREDENTIAL_ID = 1023  # bytes: WebAuthn section 5.8.3
_TRANSPORTS = {transport.value: transport for transport in AuthenticatorTransport}
# All that the library and the parsers below it raise on what a stranger wrote; each means no more than "no".
_NOT_AN_ANSWER = (
    WebAuthnException,
    InvalidSignature,
    UnknownAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class RelyingParty:
    """The relying party: this service, by the host that credentials are bound to."""

    def __init__(self, base_url: str, name: str, answer_within: timedelta) -> None:
        self._origin = base_url
        self._id = urlsplit(base_url).hostname or ""
        self._name = name
        self._timeout = answer_within // timedelta(milliseconds=1)

    def creation_options(self, account: Account, known: Sequence[Passkey], challenge: bytes) -> str:
        """Make the options for a new credential; no authenticator is asked for its make."""
        return options_to_json(
            generate_registration_options(
                rp_id=self._id,
                rp_name=self._name,
                user_name=account.email.text,
                user_id=bytes.fromhex(account.account_id),
                user_display_name=account.name or account.email.text,
                challenge=challenge,
                timeout=self._timeout,
                attestation=AttestationConveyancePreference.NONE,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.PREFERRED,
                    user_verification=UserVerificationRequirement.PREFERRED,
                ),
                exclude_credentials=_described(known),
            )
        )

    def request_options(self, known: Sequence[Passkey], purpose: CeremonyPurpose, challenge: bytes) -> str:
        """Make the options for an assertion; without known credentials the authenticator offers those it keeps."""
        verification = (
            UserVerificationRequirement.REQUIRED if purpose.stands_alone else UserVerificationRequirement.PREFERRED
        )
        return options_to_json(
            generate_authentication_options(
                rp_id=self._id,
                challenge=challenge,
                timeout=self._timeout,
                allow_credentials=_described(known),
                user_verification=verification,
            )
        )

    def read(self, text: str) -> Answer | None:
        """Parse an answer of either kind; nothing in it is verified yet."""
        if len(text) > LONGEST_ANSWER:
            return None
        try:
            said = json.loads(text)
            response = said["response"]
            client = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
            handle = base64url_to_bytes(response.get("userHandle") or "").hex()
            answer = Answer(
                text=text,
                credential_id=base64url_to_bytes(said["rawId"]),
                challenge=client.challenge,
                user_handle=handle,
            )
        except _NOT_AN_ANSWER:
            return None
        return None if client.cross_origin else answer  # no page of ours stands in a frame of another's

    def verify_creation(self, answer: Answer) -> Made | None:
        """Verify the creation of a credential (WebAuthn section 7.1)."""
        try:
            verified = verify_registration_response(
                credential=answer.text,
                expected_challenge=answer.challenge,
                expected_rp_id=self._id,
                expected_origin=self._origin,
            )
            transports = parse_registration_credential_json(answer.text).response.transports or []
        except _NOT_AN_ANSWER:
            return None
        if verified.credential_id != answer.credential_id or len(verified.credential_id) > LONGEST_CREDENTIAL_ID:
            return None
        return Made(
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            transports=tuple(dict.fromkeys(transport.value for transport in transports)),
            is_backup_eligible=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            is_backed_up=verified.credential_backed_up,
        )

    def verify_assertion(self, answer: Answer, passkey: Passkey) -> Shown | None:
        """Verify an assertion (WebAuthn section 7.2); counter and user verification are for the passkey to judge."""
        try:
            verified = verify_authentication_response(
                credential=answer.text,
                expected_challenge=answer.challenge,
                expected_rp_id=self._id,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=0,
            )
        except _NOT_AN_ANSWER:
            return None
        return Shown(
            sign_count=verified.new_sign_count,
            is_user_verified=verified.user_verified,
            is_backup_eligible=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            is_backed_up=verified.credential_backed_up,
        )


def _described(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[_TRANSPORTS[name] for name in passkey.transports if name in _TRANSPORTS] or None,
        )
        for passkey in known
    ]
