"""The contract with enrolled devices (docs/push.md)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import msgspec
from litestar import Request, route
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device, Subscription
from renumber.domain.push.prompt import Decision, Prompt
from renumber.flows.push.answer import Answer, Answered, answer_prompt, pending
from renumber.flows.push.devices import authenticate, subscribe_device, unsubscribe_device
from renumber.flows.push.enrol import Candidate, enrol_device
from renumber.web.api.call import ApiCall, decoded
from renumber.web.site import Site

BASE = "/device/api"

Endpoint = Callable[[ApiCall], Awaitable[ASGIResponse]]
SignedEndpoint = Callable[[ApiCall, Device], Awaitable[ASGIResponse]]
Short = Annotated[str, msgspec.Meta(max_length=128)]
Long = Annotated[str, msgspec.Meta(max_length=2048)]


class Enrolment(msgspec.Struct):
    """What a device sends to be enrolled."""

    token: Short
    public_key: Short
    name: Short
    proof: Short


class Reply(msgspec.Struct):
    """A signed answer to a prompt."""

    decision: Decision
    digits: Annotated[str, msgspec.Meta(max_length=6, pattern="^[0-9]*$")]
    signature: Short


class Keys(msgspec.Struct):
    """What a browser's subscription encrypts with."""

    p256dh: Short
    auth: Short


class Subscribing(msgspec.Struct):
    """A browser's subscription, as its `toJSON` writes it."""

    endpoint: Long
    keys: Keys


def handlers(site: Site) -> Sequence[HTTPRouteHandler]:
    """Every endpoint."""
    return [
        _handler(site, "GET /configuration", tell_configuration),
        _handler(site, "POST /enrol", enrol),
        _handler(site, "GET /prompts", _signed(list_prompts)),
        _handler(site, "POST /prompts/{prompt_id:str}/answer", _signed(answer)),
        _handler(site, "PUT /subscription", _signed(subscribe)),
        _handler(site, "DELETE /subscription", _signed(unsubscribe)),
    ]


def _handler(site: Site, place: str, endpoint: Endpoint) -> HTTPRouteHandler:
    methods: Any = [place.partition(" ")[0]]
    path = f"{BASE}{place.partition(' ')[2]}"

    async def serve(request: Request[Any, Any, Any]) -> ASGIResponse:
        call = ApiCall(request, site)
        return call.too_long() if await call.body() is None else await endpoint(call)

    return route(path, http_method=methods, name=f"api {place}", status_code=200)(serve)  # replies bring their own


def _signed(endpoint: SignedEndpoint) -> Endpoint:
    """Let in whoever holds the key of an enrolled device."""

    async def admit(call: ApiCall) -> ASGIResponse:
        signed = await call.signed()
        if signed is None:
            return call.unsigned()
        call.served.account_id = signed.account_id
        step = await authenticate(call.services, call.site.reads, signed)
        if step.refusal or step.state is None:
            return call.refuse(step.refusal or Refusal.DEVICE_UNKNOWN)
        return await endpoint(call, step.state)

    return admit


async def tell_configuration(call: ApiCall) -> ASGIResponse:
    """What a device has to know before it is enrolled or subscribes."""
    site, digits = call.site, call.services.rules.limits.push_digits
    return call.answer({"brand": site.brand, "vapid_public_key": await site.vapid_public_key(), "digits": digits})


async def enrol(call: ApiCall) -> ASGIResponse:
    """Bind a device with the token of the QR code."""
    sent = await call.read(Enrolment)
    if sent is None:
        return call.malformed()
    point, proof = decoded(sent.public_key) or b"", decoded(sent.proof) or b""
    candidate = Candidate(sent.token, sent.public_key, point, sent.name, proof)
    step = await enrol_device(call.services, call.client, candidate)
    device = step.state
    if device is None:
        return call.refuse(step.refusal or Refusal.LINK_UNKNOWN)
    account = await call.services.store.find_account(device.account_id)
    masked = account.email.masked if account else ""
    ids = {"account_id": device.account_id, "device_id": device.device_id}
    return call.answer({**ids, "account": masked, "name": device.name}, 201)


async def list_prompts(call: ApiCall, device: Device) -> ASGIResponse:
    """What the device is asked now."""
    asked = await pending(call.services, call.site.reads, device)
    account = await call.services.store.find_account(device.account_id)
    about = {"account": account.email.masked if account else "", "name": device.name}
    settings = {"digits": call.services.rules.limits.push_digits, "now": call.services.clock.now().isoformat()}
    return call.answer({**about, **settings, "prompts": [_shown(prompt, challenge) for prompt, challenge in asked]})


def _shown(prompt: Prompt, challenge: str) -> dict[str, str]:
    times = {"asked_at": prompt.asked_at.isoformat(), "expires_at": prompt.expires_at.isoformat()}
    return {"id": prompt.prompt_id, "challenge": challenge, **times, "browser": prompt.browser, "ip": prompt.ip}


async def answer(call: ApiCall, device: Device) -> ASGIResponse:
    """Take the person's answer."""
    sent = await call.read(Reply)
    signature = decoded(sent.signature) if sent else None
    if sent is None or signature is None:
        return call.malformed()
    given = Answer(call.param("prompt_id"), sent.decision, sent.digits, signature)
    answered = await answer_prompt(call.services, call.client, device, given=given)
    return _refused(call, answered) if answered.refusal else call.answer(_told(answered))


def _refused(call: ApiCall, answered: Answered) -> ASGIResponse:
    assert answered.refusal
    left = {"tries_left": answered.tries_left} if answered.tries_left is not None else {}
    return call.refuse(answered.refusal, **left)


def _told(answered: Answered) -> dict[str, str]:
    told = {"state": str(answered.state)}
    return {**told, "freeze_url": f"/freeze/{answered.freeze_token}"} if answered.freeze_token else told


async def subscribe(call: ApiCall, device: Device) -> ASGIResponse:
    """Wake the device through its browser's push service."""
    sent = await call.read(Subscribing)
    if sent is None:
        return call.malformed()
    subscription = Subscription(sent.endpoint, sent.keys.p256dh, sent.keys.auth)
    if len(decoded(subscription.auth) or b"") != AUTH_LENGTH or not _is_point(call, subscription.p256dh):
        return call.refuse(Refusal.DEVICE_KEY_NOT_VALID)
    refusal = await subscribe_device(call.services, call.client, device, subscription=subscription)
    return call.refuse(refusal) if refusal else call.answer(None, 204)


AUTH_LENGTH = 16  # bytes (RFC 8291 3.2)


def _is_point(call: ApiCall, text: str) -> bool:
    return call.services.signatures.is_key(decoded(text) or b"")


async def unsubscribe(call: ApiCall, device: Device) -> ASGIResponse:
    """Wake it no more."""
    refusal = await unsubscribe_device(call.services, call.client, device)
    return call.refuse(refusal) if refusal else call.answer(None, 204)
