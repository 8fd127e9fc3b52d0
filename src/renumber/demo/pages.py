"""The routes of the demonstration: its page, the mails, and the actions of its buttons."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent
from litestar.response.base import ASGIResponse

from renumber.demo.accounts import ACCOUNTS
from renumber.demo.browsers import OURS, SHARED, Browser, chosen_browser
from renumber.demo.demonstration import Demonstration
from renumber.demo.staff import STAFF, DemoPerson
from renumber.demo.templating import LANGUAGE_COOKIE, LANGUAGES, Templates, pick_language
from renumber.demo.views import demo_page, mail_page, snapshot

BODY_LIMIT = 64 * 1024
DAYS = (1, 3)  # by which the clock may be moved at once
STAFF_KEYS = frozenset(each.key for each in STAFF)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self' {shop}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
SAFETY = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
)
AnyRequest = Request[Any, Any, Any]
Headers = Sequence[tuple[str, str]]


class IncomingText(msgspec.Struct):
    """A text message as the generic gateway is given it."""

    id: str
    to: str
    text: str


def create_page(demonstration: Demonstration, templates: Templates) -> Litestar:
    """Make the web application."""
    return Litestar(
        route_handlers=[
            *_reads(demonstration, templates),
            *_mails(demonstration),
            *_acts(demonstration),
            *_settings(demonstration),
            _gateway(demonstration),
        ],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_LIMIT,
    )


def _reads(demonstration: Demonstration, templates: Templates) -> list[HTTPRouteHandler]:
    @get("/demo")
    async def show(request: AnyRequest) -> ASGIResponse:
        language = _language(request)
        await demonstration.choose_language(language)
        content = demo_page(demonstration, templates, language, browser=chosen_browser(request.cookies))
        policy = POLICY.format(shop=demonstration.shop_origin)
        return _reply(content, "text/html; charset=utf-8", headers=[("content-security-policy", policy)])

    @get("/demo/static/{name:str}")
    async def serve_static(name: str) -> ASGIResponse:
        if name not in templates.files:
            raise NotFoundException
        return _reply(*templates.files[name])

    @get("/demo/events")
    async def stream() -> ServerSentEvent:
        return ServerSentEvent(_snapshots(demonstration))

    @get("/demo/codes")
    async def show_codes() -> ASGIResponse:
        return _reply(msgspec.json.encode(demonstration.codes()), "application/json")

    return [show, serve_static, stream, show_codes]


async def _snapshots(demonstration: Demonstration) -> AsyncIterator[str]:
    last = ""
    async for _ in demonstration.broadcast.listen():
        fresh = await snapshot(demonstration)
        if fresh != last:
            yield fresh
        last = fresh


def _mails(demonstration: Demonstration) -> list[HTTPRouteHandler]:
    @get("/demo/mails/{mail_id:str}")
    async def show_mail(mail_id: str) -> ASGIResponse:
        mail = demonstration.inbox.mails.get(mail_id)
        if mail is None:
            raise NotFoundException
        return mail_page(mail)

    @get("/demo/mails/{mail_id:str}/text")
    async def show_plain(mail_id: str) -> ASGIResponse:
        mail = demonstration.inbox.mails.get(mail_id)
        if mail is None:
            raise NotFoundException
        return _reply(mail.text, "text/plain; charset=utf-8")

    return [show_mail, show_plain]


def _acts(demonstration: Demonstration) -> list[HTTPRouteHandler]:
    @post("/demo/language/{language:str}")
    async def switch_language(language: str) -> ASGIResponse:
        if language not in LANGUAGES:
            raise NotFoundException
        kept = f"{LANGUAGE_COOKIE}={language}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax"
        return _go("/demo", [kept, *await demonstration.choose_language(language)])

    @post("/demo/let-in/{key:str}")
    async def sign_in(request: AnyRequest, key: str) -> ASGIResponse:
        browser = Browser(key) if key in STAFF_KEYS else Browser.OWN
        jar = dict(browser.held(request.cookies))
        cookies = await demonstration.sign_in(_person(key), jar, request.headers.get("user-agent", ""))
        kept = [browser.kept(each) for each in cookies]
        return _go(browser.home if cookies else "/sign-in", [browser.cookie, *kept])

    @post("/demo/browser/{name:str}")
    async def change_browser(name: str) -> ASGIResponse:
        if name not in list(Browser):
            raise NotFoundException
        return _go(Browser(name).home if name in STAFF_KEYS else "/", [Browser(name).cookie])

    @post("/demo/start-over")
    async def start_over(request: AnyRequest) -> ASGIResponse:
        await demonstration.start_over()
        return _go("/demo", [Browser.OWN.cookie, *_forgotten(request)])

    return [switch_language, sign_in, change_browser, start_over]


def _settings(demonstration: Demonstration) -> list[HTTPRouteHandler]:
    @post("/demo/pass/{days:int}")
    async def pass_days(days: int) -> ASGIResponse:
        if days not in DAYS:
            raise NotFoundException
        await demonstration.pass_days(days)
        return _reply(status=204)

    @post("/demo/changes-wait/{answer:str}")
    async def let_changes_wait(answer: str) -> ASGIResponse:
        if answer not in {"yes", "no"}:
            raise NotFoundException
        await demonstration.let_changes_wait(wait=answer == "yes")
        return _reply(status=204)

    return [pass_days, let_changes_wait]


def _gateway(demonstration: Demonstration) -> HTTPRouteHandler:
    @post("/demo/sms")
    async def take_text(data: IncomingText) -> ASGIResponse:
        demonstration.take_text(data.id, data.to, data.text)
        return _reply(status=202)

    return take_text


def _language(request: AnyRequest) -> str:
    return pick_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def _person(key: str) -> DemoPerson:
    person = next((each for each in (*ACCOUNTS, *STAFF) if each.key == key), None)
    if person is None:
        raise NotFoundException
    return person


def _forgotten(request: AnyRequest) -> list[str]:
    return [
        f"{name}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
        for name in request.cookies
        if name.startswith(OURS) and name != SHARED
    ]


def _go(address: str, cookies: Sequence[str] = ()) -> ASGIResponse:
    return _reply(status=303, headers=[("location", address), *(("set-cookie", each) for each in cookies)])


def _reply(
    body: str | bytes = b"", media_type: str = "text/plain", *, status: int = 200, headers: Headers = ()
) -> ASGIResponse:
    policy = (
        [] if any(name == "content-security-policy" for name, _ in headers) else [("content-security-policy", NOTHING)]
    )
    return ASGIResponse(body=body, media_type=media_type, status_code=status, headers=[*SAFETY, *policy, *headers])
