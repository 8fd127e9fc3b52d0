"""One request and its reply, as the pages see them."""

import hmac
import math
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from litestar import Request
from litestar.response.base import ASGIResponse

from renumber.domain.session import Ticket
from renumber.flows.act import Client
from renumber.flows.ports.services import KeyedHash
from renumber.flows.views import Progress, Visit
from renumber.web import client, cookies
from renumber.web.client import pick_language
from renumber.web.cookies import SetCookie
from renumber.web.edge import Served
from renumber.web.problem import PROBLEM, asks_a_program
from renumber.web.problem import problem as problem_details
from renumber.web.reply import reply
from renumber.web.site import Site
from renumber.web.templating import Page, Problem

FIELDS = 16
LANGUAGE_NAMES = {"de": "Deutsch", "en": "English"}

WebRequest = Request[Any, Any, Any]


class Forged(Exception):
    """A post that our own page didn't send."""


class Malformed(Exception):
    """A body that no form of ours could have made."""


class Exchange:
    """What a page needs of a request, read once, and how it answers."""

    def __init__(self, request: WebRequest, site: Site) -> None:
        self.request = request
        self.site = site
        self.services = site.services
        self.served = Served.of(request.scope)
        self.person: str | None = None
        self.account_language: str | None = None
        self.retry_at: datetime | None = None
        self.shown_at = "/"  # where the page that a post answers with can be loaded again
        self.is_for_anyone = True  # until a door lets nobody but a session, or a sign-in, in
        self.visit: Visit
        self.progress: Progress
        self._cookies: list[SetCookie] = []

    @cached_property
    def client(self) -> Client:
        """Where the request comes from, as far as we can vouch for it."""
        headers, jar = self.request.headers, self.request.cookies
        peer = self.request.client.host if self.request.client else ""
        return Client(
            client.client_ip(peer, headers.get("x-forwarded-for", ""), self.site.trusted_proxies),
            client.browser_name(headers.get("user-agent", "")),
            self.browser_id,
            self.zone.key,
            jar.get(cookies.RESET, ""),
        )

    @cached_property
    def browser_id(self) -> str:
        """The random id of this browser, given to it with its first page."""
        known = self.request.cookies.get(cookies.BROWSER, "")
        if len(known) == 32 and known.isalnum() and known.isascii():
            return known
        fresh = self.services.secrets.new_id()
        self.set_cookie(SetCookie(cookies.BROWSER, fresh, cookies.A_YEAR))
        return fresh

    @cached_property
    def session_ticket(self) -> Ticket | None:
        """The cookie of a session."""
        return cookies.read(self.request.cookies.get(cookies.SESSION))

    @cached_property
    def sign_in_ticket(self) -> Ticket | None:
        """The cookie of a sign-in under way."""
        return cookies.read(self.request.cookies.get(cookies.SIGN_IN))

    @cached_property
    def zone(self) -> Any:
        """The person's time zone."""
        asked = unquote(self.request.cookies.get(cookies.TIME_ZONE, ""))
        return client.time_zone(asked, self.site.time_zone)

    @cached_property
    def language(self) -> str:
        """What was switched to, else the account's language, else the browser's."""
        chosen = self.request.cookies.get(cookies.LANGUAGE) or self.account_language
        return pick_language(chosen, self.request.headers.get("accept-language", ""), self.site.languages)

    @cached_property
    def now(self) -> datetime:
        """The time of the reply."""
        return self.services.clock.now()

    @property
    def path(self) -> str:
        """The path that this page can be loaded again from."""
        query = self.request.url.query
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    def param(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """A value of the query."""
        return str(self.request.query_params.get(name, ""))

    async def form(self) -> dict[str, str]:
        """The fields of a posted form, once it's certain that our own page sent it."""
        body = await self.request.body()
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise Malformed
        try:
            fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"))
        except ValueError:
            raise Malformed from None
        self._check_sender(fields.get("csrf", ""))
        return {name: value.replace("\x00", "") for name, value in fields.items()}

    def _check_sender(self, token: str) -> None:
        """The token and the browser's own word both have to fit (ASVS 3.5).

        An `Origin: null` is what our own `Referrer-Policy: no-referrer` makes of it, so it neither helps nor harms.
        """
        headers = self.request.headers
        site, client = headers.get("sec-fetch-site", "same-origin"), headers.get("origin", "null")
        if site != "same-origin" or client not in ("null", self.site.base_url):
            raise Forged
        if not any(hmac.compare_digest(token.encode(), fit.encode()) for fit in self._csrf_tokens()):
            raise Forged

    def _csrf_tokens(self) -> list[str]:
        """A page for anyone is bound to the browser alone: it may stay open while another window signs in or out."""
        ticket = self.session_ticket or self.sign_in_ticket
        own = [ticket.id] if ticket else []
        bindings = own if own and not self.is_for_anyone else ["", *own]
        bound_to = [f"{self.browser_id}\x1f{binding}" for binding in bindings]
        return [key.hex()[:32] for each in bound_to for key in self.services.secrets.fingerprints(KeyedHash.CSRF, each)]

    def set_cookie(self, cookie: SetCookie) -> None:
        """Send a cookie along with the reply."""
        self._cookies.append(cookie)

    def open_session(self, ticket: Ticket) -> None:
        """Give the browser its session, in place of the sign-in."""
        self.set_cookie(SetCookie(cookies.SESSION, cookies.written(ticket), self.services.rules.limits.session_for))
        self.set_cookie(cookies.removed(cookies.SIGN_IN))

    def open_sign_in(self, ticket: Ticket) -> None:
        """Give the browser its place in the sign-in."""
        self.set_cookie(SetCookie(cookies.SIGN_IN, cookies.written(ticket), self.services.rules.limits.sign_in_for))
        self.set_cookie(cookies.removed(cookies.SESSION))

    def forget_sign_in(self) -> None:
        """Take away what the server has already ended."""
        self.set_cookie(cookies.removed(cookies.SESSION))
        self.set_cookie(cookies.removed(cookies.SIGN_IN))

    def mark_reset(self, token: str) -> None:
        """Remember that this browser pressed the link."""
        self.set_cookie(SetCookie(cookies.RESET, token, self.services.rules.limits.reset_browser_for))

    def go(self, url: str) -> ASGIResponse:
        """Send the browser on to a path of ours."""
        return self._reply("", 303, location=url)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        problem: Problem | None = None,
        step: int | None = None,
        **context: Any,
    ) -> ASGIResponse:
        """Answer with a page."""
        if status >= 400 and asks_a_program(self.path, self.request.headers.get("accept", "")):
            said = problem_details(status, self.served.request_id, problem.text if problem else "")
            return self._reply(said, status, media_type=PROBLEM)
        context = {"page": self._page(step), "problem": problem, "status": status, **context}
        html = self.site.templates.render(template, self.language, **context)
        return self._reply(html, status)

    def _page(self, step: int | None) -> Page:
        site = self.site
        return Page(
            language=self.language,
            languages=[(code, LANGUAGE_NAMES.get(code, code)) for code in site.languages],
            brand=site.brand,
            brand_color=site.brand_color,
            csrf=self._csrf_tokens()[0],
            path=self.path if self.request.method in {"GET", "HEAD"} else self.shown_at,
            request_id=self.served.request_id,
            zone=self.zone,
            now=self.now,
            static=site.templates.static,
            person=self.person,
            step=step,
            logo_url=site.logo_url,
            support_contact=site.support_contact,
            link_hours=int(self.services.rules.limits.link_for / timedelta(hours=1)),
        )

    def _reply(
        self, content: str, status: int, *, media_type: str = "text/html", location: str | None = None
    ) -> ASGIResponse:
        headers = [("set-cookie", cookie.header()) for cookie in self._cookies]
        if location is not None:
            headers.append(("location", location))
        if self.retry_at and status in (429, 503):
            headers.append(("retry-after", str(max(1, math.ceil((self.retry_at - self.now).total_seconds())))))
        return reply(self.request, content, media_type, status=status, headers=headers)
