"""The page, what it is made of, and what its buttons do."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent
from litestar.response.base import ASGIResponse

from renumber.demo.looks import LANGUAGES, Looks, pick_language
from renumber.demo.people import PEOPLE, Person
from renumber.demo.shown import mail_page, snapshot, stage_page
from renumber.demo.stage import Stage

LANGUAGE_COOKIE = "demo-language"
OWN_COOKIES = "__Host-"  # what the service's cookies begin with
BODY_LIMIT = 64 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFETY = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
)
Asked = Request[Any, Any, Any]
Headers = Sequence[tuple[str, str]]


class IncomingText(msgspec.Struct):
    """What a provider is asked to send (the generic gateway)."""

    id: str
    to: str
    text: str


def create_page(stage: Stage, looks: Looks) -> Litestar:
    """Build the application."""
    return Litestar(
        route_handlers=[*_reads(stage, looks), *_mails(stage), *_acts(stage), _gateway(stage)],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_LIMIT,
    )


def _reads(stage: Stage, looks: Looks) -> list[HTTPRouteHandler]:
    @get("/demo")
    async def show(request: Asked) -> ASGIResponse:
        language = _language(request)
        await stage.speak(language)
        return _reply(stage_page(stage, looks, language), "text/html; charset=utf-8")

    @get("/demo/static/{name:str}")
    async def serve_static(name: str) -> ASGIResponse:
        if name not in looks.files:
            raise NotFoundException
        return _reply(*looks.files[name])

    @get("/demo/events")
    async def tell() -> ServerSentEvent:
        return ServerSentEvent(_snapshots(stage))

    return [show, serve_static, tell]


async def _snapshots(stage: Stage) -> AsyncIterator[str]:
    async for _ in stage.live.listen():
        yield snapshot(stage)


def _mails(stage: Stage) -> list[HTTPRouteHandler]:
    @get("/demo/mails/{mail_id:str}")
    async def show_mail(mail_id: str) -> ASGIResponse:
        mail = stage.arrivals.mails.get(mail_id)
        if mail is None:
            raise NotFoundException
        return mail_page(mail)

    @get("/demo/mails/{mail_id:str}/text")
    async def show_plain(mail_id: str) -> ASGIResponse:
        mail = stage.arrivals.mails.get(mail_id)
        if mail is None:
            raise NotFoundException
        return _reply(mail.text, "text/plain; charset=utf-8")

    return [show_mail, show_plain]


def _acts(stage: Stage) -> list[HTTPRouteHandler]:
    @post("/demo/language/{language:str}")
    async def switch_language(language: str) -> ASGIResponse:
        if language not in LANGUAGES:
            raise NotFoundException
        kept = f"{LANGUAGE_COOKIE}={language}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax"
        return _go("/demo", [kept, *await stage.speak(language)])

    @post("/demo/pass-a-day")
    async def pass_a_day() -> ASGIResponse:
        stage.pass_a_day()
        return _reply(status=204)

    @post("/demo/let-in/{key:str}")
    async def let_in(request: Asked, key: str) -> ASGIResponse:
        cookies = await stage.let_in(_person(key), request.cookies, request.headers.get("user-agent", ""))
        return _go("/profile" if cookies else "/sign-in", cookies)

    @post("/demo/another-browser")
    async def become_another_browser(request: Asked) -> ASGIResponse:
        return _go("/sign-in", _forgotten(request))

    @post("/demo/start-over")
    async def start_over(request: Asked) -> ASGIResponse:
        await stage.start_over()
        return _go("/demo", _forgotten(request))

    return [switch_language, pass_a_day, let_in, become_another_browser, start_over]


def _gateway(stage: Stage) -> HTTPRouteHandler:
    @post("/demo/sms")
    async def take_text(data: IncomingText) -> ASGIResponse:
        stage.take_text(data.id, data.to, data.text)
        return _reply(status=202)

    return take_text


def _language(request: Asked) -> str:
    return pick_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def _person(key: str) -> Person:
    person = next((each for each in PEOPLE if each.key == key), None)
    if person is None:
        raise NotFoundException
    return person


def _forgotten(request: Asked) -> list[str]:
    return [
        f"{name}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        for name in request.cookies
        if name.startswith(OWN_COOKIES) and not name.endswith("language")
    ]


def _go(address: str, cookies: Sequence[str] = ()) -> ASGIResponse:
    return _reply(status=303, headers=[("location", address), *(("set-cookie", each) for each in cookies)])


def _reply(
    body: str | bytes = b"", media_type: str = "text/plain", *, status: int = 200, headers: Headers = ()
) -> ASGIResponse:
    return ASGIResponse(body=body, media_type=media_type, status_code=status, headers=[*SAFETY, *headers])
