"""A request as pages and endpoints read it; reading it changes nothing."""

from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from litestar import Request

from renumber.domain.session import Ticket
from renumber.domain.typed.tokens import token_in
from renumber.web import client, cookies
from renumber.web.edge import Served
from renumber.web.forms.asked_for import TO_APPLICATION, request_id
from renumber.web.site import Site

EVENTS = "text/event-stream"
DEFAULT_PORT = ":443"
HttpRequest = Request[Any, Any, Any]


class WebRequest:
    """One request to the site.

    `keeps` are the fields of its form that are kept for a person who has to sign in anew first.
    """

    def __init__(self, http: HttpRequest, site: Site, *, keeps: tuple[str, ...] = ()) -> None:
        self.http, self.site = http, site
        self.served = Served.of(http.scope)
        self.keeps = keeps
        self.is_from_new_browser = False

    @property
    def is_post(self) -> bool:
        """True for a request that may change something."""
        return self.http.method == "POST"

    @property
    def is_head(self) -> bool:
        """True for a look ahead, which must take and change nothing."""
        return self.http.method == "HEAD"

    @property
    def is_by_itself(self) -> bool:
        """True for what an open page asks for by itself, which is no sign of somebody who sits before it."""
        return bool(self.header("x-by-itself")) or self.header("accept") == EVENTS

    @property
    def path(self) -> str:
        """The path with its query, from which a page can be loaded again."""
        query = self.http.url.query
        return f"{self.http.url.path}?{query}" if query else self.http.url.path

    @property
    def here(self) -> str:
        """The path alone, as an address has it."""
        return quote(self.http.url.path)

    def param(self, name: str) -> str:
        """Give a variable part of the path."""
        return str(self.http.path_params[name])

    @property
    def token(self) -> str:
        """The token of a link, without what was added to it on its way."""
        return token_in(self.param("token"))

    def query(self, name: str) -> str:
        """Give a value of the query, empty where there is none."""
        return str(self.http.query_params.get(name, ""))

    def header(self, name: str, default: str = "") -> str:
        """Give a header, by default empty where there is none."""
        return self.http.headers.get(name, default)

    def cookie(self, name: str) -> str:
        """Give the value of a cookie, empty where there is none."""
        return self.http.cookies.get(name, "")

    @cached_property
    def is_at_console(self) -> bool:
        """True of a request to the origin that the console has for itself; the host decides nothing else."""
        own = self.site.console_origin.partition("://")[2]
        return bool(own) and self.header("host").lower().removesuffix(DEFAULT_PORT) == own

    @property
    def origin(self) -> str:
        """The origin, of those that the operator has set, that the request is for."""
        return self.site.console_origin if self.is_at_console else self.site.base_url

    @cached_property
    def ip(self) -> str:
        """The address of the client, as far as our own proxies vouch for it."""
        peer = self.http.client.host if self.http.client else ""
        return client.client_ip(peer, self.http.headers.getall("x-forwarded-for", []), self.site.trusted_proxies)

    @cached_property
    def browser(self) -> str:
        """The browser and its system in plain words."""
        return client.browser_name(self.header("user-agent"))

    @cached_property
    def browser_id(self) -> str:
        """The random id of this browser, made up for one that has none yet."""
        known = self.cookie(cookies.BROWSER)
        if len(known) == 32 and known.isalnum() and known.isascii():
            return known
        self.is_from_new_browser = True
        return self.site.services.secrets.new_id()

    @cached_property
    def session_ticket(self) -> Ticket | None:
        """The cookie of a session, not yet proven."""
        return Ticket.read(self.cookie(cookies.SESSION))

    @cached_property
    def staff_ticket(self) -> Ticket | None:
        """The cookie of a session at the console, of somebody from the company's provider, not yet proven."""
        return Ticket.read(self.cookie(cookies.STAFF))

    @cached_property
    def sign_in_ticket(self) -> Ticket | None:
        """The cookie of a sign-in in progress, not yet proven."""
        return Ticket.read(self.cookie(cookies.SIGN_IN))

    @cached_property
    def own_request(self) -> str:
        """The id of the application's request that this browser's sign-in was begun for, or empty."""
        sign_in_id, _, request_id = self.cookie(cookies.REQUEST).partition(".")
        return request_id if self.sign_in_ticket and self.sign_in_ticket.id == sign_in_id else ""

    @property
    def asked_request(self) -> str:
        """The id of the application's request that this page belongs to, as its address or its sign-in names it."""
        named = self.http.path_params.get("request_id") or self.query("next").removeprefix(TO_APPLICATION)
        return request_id(str(named)) or self.own_request

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone that the browser has told, else the operator's."""
        return client.time_zone(unquote(self.cookie(cookies.TIME_ZONE)), self.site.time_zone)

    def language(self, chosen: str | None = None) -> str:
        """Give the language that was chosen, else the best one for the browser."""
        return client.pick_language(chosen, self.header("accept-language"), self.site.languages)
