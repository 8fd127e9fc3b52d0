"""The contract with enrolled devices (docs/push.md)."""

from typing import Annotated

import msgspec
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device, Scan, Subscription
from renumber.domain.push.prompt import Decision, Prompt, PromptPurpose
from renumber.flows.push.answer import Answer, answer_prompt, pending
from renumber.flows.push.answered import Answered
from renumber.flows.push.devices import subscribe_device, unsubscribe_device
from renumber.flows.push.enrol import Candidate, enrol_device
from renumber.flows.push.views import account_of
from renumber.web.api.call import ApiCall, decoded
from renumber.web.api.routes import ApiRoutes
from renumber.web.problem import API

Short = Annotated[str, msgspec.Meta(max_length=128)]
Long = Annotated[str, msgspec.Meta(max_length=2048)]
AUTH_LENGTH = 16  # bytes (RFC 8291 3.2)

routes = ApiRoutes(API)


class Enrolment(msgspec.Struct):
    """The request of a device to be enrolled."""

    token: Short
    public_key: Short
    name: Short
    proof: Short


class Reply(msgspec.Struct):
    """A person's answer to a prompt, signed by their device."""

    decision: Decision
    digits: Annotated[str, msgspec.Meta(max_length=6, pattern="^[0-9]*$")]
    signature: Short


class Keys(msgspec.Struct):
    """The keys with which messages to a browser's subscription are encrypted."""

    p256dh: Short
    auth: Short


class Subscribing(msgspec.Struct):
    """A browser's subscription, as its `toJSON` writes it."""

    endpoint: Long
    keys: Keys


@routes.for_anyone("GET", "/configuration")
async def tell_configuration(call: ApiCall) -> ASGIResponse:
    """Give what a device has to know before it is enrolled or subscribes."""
    site, digits = call.site, call.services.rules.limits.push_digits
    return call.answer({"brand": site.brand, "vapid_public_key": await site.vapid_public_key(), "digits": digits})


@routes.for_anyone("POST", "/enrol")
async def enrol(call: ApiCall) -> ASGIResponse:
    """Take in a device with the token of the QR code, which is all that a device without a key yet can show."""
    sent = await call.read(Enrolment)
    if sent is None:
        return call.malformed()
    candidate = Candidate(
        public_key=sent.public_key,
        point=decoded(sent.public_key) or b"",
        name=sent.name,
        proof=decoded(sent.proof) or b"",
    )
    step = await enrol_device(call.services, call.client, sent.token, candidate)
    device = step.state
    if device is None:
        return call.refuse(step.refusal or Refusal.LINK_UNKNOWN)
    return call.answer(_waiting(device, device.scan), 201)


def _waiting(device: Device, scan: Scan | None) -> dict[str, str]:
    """Tell nothing of the account: whoever came with the code may be anybody, until its owner confirms them."""
    told = {"account_id": device.account_id, "device_id": device.device_id, "name": device.name}
    if scan is None:
        return told
    return {**told, "confirm_url": f"/profile/push/code/{scan.link_id}", "expires_at": scan.expires_at.isoformat()}


@routes.for_device("GET", "/prompts")
async def list_prompts(call: ApiCall, device: Device) -> ASGIResponse:
    """List the prompts that the device is to answer now."""
    asked = await pending(call.services, device)
    about = {"account": await account_of(call.services, device), "name": device.name}
    settings = {"digits": call.services.rules.limits.push_digits, "now": call.services.clock.now().isoformat()}
    # A device that knows of sign-ins alone must not take a call for one, and so finds calls nowhere.
    lists = {"prompts": PromptPurpose.SIGN_IN, "calls": PromptPurpose.CALL}
    told = {
        name: [_prompt(prompt, challenge) for prompt, challenge in asked if prompt.purpose is purpose]
        for name, purpose in lists.items()
    }
    return call.answer({**about, **settings, **told})


def _prompt(prompt: Prompt, challenge: str) -> dict[str, str]:
    times = {"asked_at": prompt.asked_at.isoformat(), "expires_at": prompt.expires_at.isoformat()}
    return {"id": prompt.prompt_id, "challenge": challenge, **times, "browser": prompt.browser, "ip": prompt.ip}


@routes.for_device("POST", "/prompts/{prompt_id:str}/answer")
async def answer(call: ApiCall, device: Device) -> ASGIResponse:
    """Take the person's answer to a prompt."""
    sent = await call.read(Reply)
    signature = decoded(sent.signature) if sent else None
    if sent is None or signature is None:
        return call.malformed()
    prompt_id = call.request.param("prompt_id")
    given = Answer(prompt_id=prompt_id, decision=sent.decision, digits=sent.digits, signature=signature)
    step = await answer_prompt(call.services, call.client, device, given)
    if step.state is None:
        return call.refuse(step.refusal or Refusal.PROMPT_UNKNOWN, tries_left=step.tries_left)
    return call.answer(_state(step.state))


def _state(answered: Answered) -> dict[str, str]:
    told = {"state": str(answered.state)}
    return {**told, "freeze_url": f"/freeze/{answered.freeze_token}"} if answered.freeze_token else told


@routes.for_device("PUT", "/subscription")
async def subscribe(call: ApiCall, device: Device) -> ASGIResponse:
    """Wake the device through its browser's push service from now on."""
    sent = await call.read(Subscribing)
    if sent is None:
        return call.malformed()
    subscription = Subscription(sent.endpoint, sent.keys.p256dh, sent.keys.auth)
    if len(decoded(subscription.auth) or b"") != AUTH_LENGTH or not _is_point(call, subscription.p256dh):
        return call.refuse(Refusal.DEVICE_KEY_NOT_VALID)
    step = await subscribe_device(call.services, call.client, device, subscription)
    return call.refuse(step.refusal) if step.refusal else call.answer(None, 204)


def _is_point(call: ApiCall, text: str) -> bool:
    return call.services.signatures.is_key(decoded(text) or b"")


@routes.for_device("DELETE", "/subscription")
async def unsubscribe(call: ApiCall, device: Device) -> ASGIResponse:
    """Send the device no more notifications."""
    step = await unsubscribe_device(call.services, call.client, device)
    return call.refuse(step.refusal) if step.refusal else call.answer(None, 204)
