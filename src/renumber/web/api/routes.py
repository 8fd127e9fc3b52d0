"""An endpoint's address, who may call it, and the function that answers."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.domain.outcomes import Refusal
from renumber.domain.push.device import Device
from renumber.flows.push.devices import authenticate
from renumber.web.access import Access
from renumber.web.api.call import ApiCall
from renumber.web.api.sharing import Origins, preflight, shared, with_preflight
from renumber.web.request import HttpRequest, WebRequest
from renumber.web.shared_signature import Answering
from renumber.web.site import Site

Endpoint = Callable[[ApiCall], Awaitable[ASGIResponse]]
DeviceEndpoint = Callable[[ApiCall, Device], Awaitable[ASGIResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One address of the API; `answer` lets nobody in but whom `access` names."""

    method: str
    path: str
    access: Access
    answer: Endpoint


def handlers(routes: Iterable[ApiRoute], site: Site) -> Sequence[HTTPRouteHandler]:
    """Serve endpoints on a site, one handler for each path: Allow names all of its methods (RFC 9110 10.2.1)."""
    by_path: dict[str, list[ApiRoute]] = {}
    for each in routes:
        by_path.setdefault(each.path, []).append(each)
    return [_handler(path, several, site) for path, several in by_path.items()]


def _handler(path: str, several: Sequence[ApiRoute], site: Site) -> HTTPRouteHandler:
    answers = {each.method: each.answer for each in several}
    origins = _origins_of(several)
    methods: Any = with_preflight(answers, origins)

    async def serve(request: HttpRequest) -> ASGIResponse:
        call = ApiCall(WebRequest(request, site))
        asked = preflight(call.request, answers, origins)
        return shared(asked or await _answer(call, answers[request.method]), call.request, origins)

    return Answering(path, http_method=methods, name=f"api {path}", status_code=200)(serve)  # replies bring their own


def _origins_of(several: Sequence[ApiRoute]) -> Origins:
    """A person's token may come from a script; devices and programs are no pages of another origin."""
    is_person_s = all(each.access is Access.PERSON for each in several)
    return Origins.OF_PUBLIC_APPLICATIONS if is_person_s else Origins.NONE


async def _answer(call: ApiCall, answer: Endpoint) -> ASGIResponse:
    return call.too_long() if await call.body() is None else await answer(call)


class ApiRoutes(list[ApiRoute]):
    """The addresses of one part of the API, each declared together with who may call it."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def for_anyone(self, method: str, path: str) -> Callable[[Endpoint], Endpoint]:
        """Answer whoever calls: what they may do follows from the body alone."""

        def register(endpoint: Endpoint) -> Endpoint:
            self._add(method, path, access=Access.ANYONE, answer=endpoint)
            return endpoint

        return register

    def for_device(self, method: str, path: str) -> Callable[[DeviceEndpoint], DeviceEndpoint]:
        """Answer a device whose key signed the call."""

        def register(endpoint: DeviceEndpoint) -> DeviceEndpoint:
            self._add(method, path, access=Access.DEVICE, answer=_signed(endpoint))
            return endpoint

        return register

    def for_key(self, method: str, path: str) -> Callable[[Endpoint], Endpoint]:
        """Answer a program that shows an API key, which the endpoint itself judges by its scope."""

        def register(endpoint: Endpoint) -> Endpoint:
            self._add(method, path, access=Access.API_KEY, answer=endpoint)
            return endpoint

        return register

    def for_person(self, method: str, path: str) -> Callable[[Endpoint], Endpoint]:
        """Answer a person, whose access token or session the endpoint itself judges."""

        def register(endpoint: Endpoint) -> Endpoint:
            self._add(method, path, access=Access.PERSON, answer=endpoint)
            return endpoint

        return register

    def _add(self, method: str, path: str, *, access: Access, answer: Endpoint) -> None:
        self.append(ApiRoute(method=method, path=f"{self._base}{path}", access=access, answer=answer))


def _signed(endpoint: DeviceEndpoint) -> Endpoint:
    """Let in whoever holds the key of an enrolled device."""

    async def admit(call: ApiCall) -> ASGIResponse:
        signed = await call.signed()
        if signed is None:
            return call.unsigned()
        call.request.served.account_id = signed.account_id
        step = await authenticate(call.services, signed)
        if step.refusal or step.state is None:
            return call.refuse(step.refusal or Refusal.DEVICE_UNKNOWN)
        return await endpoint(call, step.state)

    return admit
