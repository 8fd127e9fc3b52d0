"""One request and its reply, as the pages see them."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.services import Client
from renumber.flows.sign_in.in_progress import SignInResult
from renumber.flows.views import Progress, Visit
from renumber.locale import language_name
from renumber.policies.organisations.answering import administrator_of
from renumber.web import cookies
from renumber.web.access import NO_FORM, Access, Form, csrf_tokens
from renumber.web.cookies import SetCookie, SetsCookies
from renumber.web.forms.kept_entries import keep
from renumber.web.forms.known_email import remember_email
from renumber.web.forms.returned_forms import NOTHING, Returned, open_returned, returned_form
from renumber.web.journey import NO_JOURNEY, Journey, journey_of
from renumber.web.problem import asks_a_program, problem_reply
from renumber.web.reply import reply
from renumber.web.request import WebRequest
from renumber.web.sign_in_pages import page_of
from renumber.web.templating import Page, Problem


def onward_path(request_id: str, otherwise: str = "/profile") -> str:
    """The path at which somebody who has signed in goes on: to the application that asked for it, if one did."""
    return f"/oauth/continue/{request_id}" if request_id else otherwise


class Exchange(SetsCookies):
    """A request to a page that anyone may open, and its reply.

    `form` is empty until the route has verified the post; `held_by` is the session or sign-in in which it came.
    """

    access: ClassVar[Access] = Access.ANYONE
    held_by = ""

    def __init__(self, request: WebRequest) -> None:
        super().__init__()
        self.request, self.site, self.services = request, request.site, request.site.services
        self.served = request.served
        self.form: Form = NO_FORM
        self.person: str | None = None
        self.is_administrator = False
        self.account_language: str | None = None
        self.retry_at: datetime | None = None

    def greet(self, account: Account) -> None:
        """Name the person who is signed in on the page."""
        self.person = account.name
        self.is_administrator = administrator_of(account) is not None
        self.recognize(account)

    def recognize(self, account: Account) -> None:
        """Answer in the account's language, and note whose request it was."""
        self.account_language = account.locale
        self.served.account_id = account.account_id

    def speak(self, languages: Sequence[str]) -> None:
        """Answer in the first of these languages that we have, if nobody has chosen another."""
        offered = (each for each in languages if each in self.site.languages)
        self.account_language = self.account_language or next(offered, None)

    @property
    def journey(self) -> Journey:
        """The place of all pages of this exchange in a change of the number, if they are part of one."""
        return NO_JOURNEY

    @cached_property
    def client(self) -> Client:
        """The client of the request, as far as we can vouch for it."""
        return Client(
            ip=self.request.ip,
            browser=self.request.browser,
            browser_id=self.request.browser_id,
            time_zone=self.request.zone.key,
            reset_token=self.request.cookie(cookies.RESET),
        )

    @cached_property
    def language(self) -> str:
        """The language that was switched to in this browser, else the account's, else the best one for the browser."""
        return self.request.language(self.request.cookie(cookies.LANGUAGE) or self.account_language)

    @cached_property
    def now(self) -> datetime:
        """The time at which the request is answered."""
        return self.services.clock.now()

    def remember_email(self, email: EmailAddress) -> None:
        """Fill the address in at the sign-in that follows the reset."""
        lives_for = self.services.rules.limits.reset_browser_for
        self.set_cookie(remember_email(self.request, email, self.now, lives_for=lives_for))

    @cached_property
    def returned(self) -> Returned:
        """The form that was sent back to this page: what it says is said once, by the page that is opened next."""
        if self.request.http.method != "GET" or self.request.is_by_itself:
            return NOTHING
        return open_returned(self.request, self.held_by, self.now)

    def send_back(self, path: str, form: Returned, status: int) -> ASGIResponse:
        """Send a form back to the page that it belongs to; a program hears at once what became of it."""
        if asks_a_program(self.request):
            detail = {"detail": form.problem.text} if form.problem else {}
            return problem_reply(self.request, status, detail, headers=self._headers(status))
        return self.hand_on(path, form)

    def hand_on(self, path: str, form: Returned) -> ASGIResponse:
        """Lead the browser to a page that says, once, what became of the form."""
        self.give_back(path, form)
        return self.redirect(path)

    def give_back(self, path: str, form: Returned) -> None:
        """Keep a form for the page that it belongs to, should that be opened soon."""
        self.set_cookie(returned_form(self.request, form, self.now, path=path, held_by=self.held_by))

    def redirect(self, path: str) -> ASGIResponse:
        """Send the browser on to a path of ours."""
        return self._reply("", 303, location=path)

    def sign_in_anew(self, notice: str | None) -> ASGIResponse:
        """Send the browser to the sign-in page, and keep for it what was typed here."""
        kept = keep(self.request, self.form, self.now)
        if kept:
            self.set_cookie(kept)
        return self.to_sign_in(notice or "", self.request.asked_request)

    def to_sign_in(self, notice: str, request_id: str) -> ASGIResponse:
        """Send the browser to the sign-in page, with a notice or none, and for an application or for none."""
        about = {"notice": notice, "request": request_id}
        query = urlencode({name: value for name, value in about.items() if value})
        return self.redirect(f"/sign-in?{query}" if query else "/sign-in")

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        problem: Problem | None = None,
        step: int | None = None,
        **context: Any,
    ) -> ASGIResponse:
        """Answer a person with a page, and a program's error with problem details."""
        if status >= 400 and asks_a_program(self.request):
            detail = {"detail": problem.text} if problem else {}
            return problem_reply(self.request, status, detail, headers=self._headers(status))
        problem = problem or self.returned.problem
        if self.returned is not NOTHING and status < 500:
            self.set_cookie(cookies.removed(cookies.RETURNED_FORM))
        context = {"page": self._page(step, status), "problem": problem, "status": status, **context}
        return self._reply(self.site.templates.render(template, self.language, **context), status)

    def _page(self, step: int | None, status: int) -> Page:
        site, request = self.site, self.request
        return Page(
            language=self.language,
            languages=[(code, language_name(code)) for code in site.languages],
            brand=site.brand,
            brand_color=site.brand_color,
            csrf=csrf_tokens(request, self.access)[0],
            path="/" if request.is_post and status >= 400 else request.path,  # a refused post has no page to open
            request_id=self.served.request_id,
            zone=request.zone,
            now=self.now,
            static=site.templates.static,
            person=self.person,
            is_administrator=self.is_administrator,
            step=step or self.journey.step,
            is_changing=self.journey.is_changing,
            enters_number=self.journey.enters_number,
            logo_url=site.logo_url,
            icon=site.icon,
            imprint_url=site.imprint_url,
            privacy_url=site.privacy_url,
            support_contact=site.support_contact,
            link_hours=int(self.services.rules.limits.link_for / timedelta(hours=1)),
            keeps_cookies=not request.is_from_new_browser,
            overtaken=self.returned.overtaken,
            host=request.origin.partition("://")[2],
        )

    def _reply(self, content: str, status: int, *, location: str | None = None) -> ASGIResponse:
        headers = self._headers(status)
        if location is not None:
            headers.append(("location", location))
        return reply(self.request.http, content, "text/html", status=status, headers=headers)

    def _headers(self, status: int) -> list[tuple[str, str]]:
        headers = self.cookie_headers
        if self.request.is_from_new_browser:
            own = SetCookie(cookies.BROWSER, self.request.browser_id, cookies.A_YEAR)
            headers.append(("set-cookie", own.header()))
        if self.retry_at and status in (429, 503):
            headers.append(("retry-after", str(max(1, math.ceil((self.retry_at - self.now).total_seconds())))))
        return headers


class SessionExchange(Exchange):
    """A request in a session that was found."""

    access = Access.SESSION

    def __init__(self, request: WebRequest, visit: Visit, ticket: Ticket) -> None:
        super().__init__(request)
        self.visit, self.ticket, self.held_by = visit, ticket, ticket.id
        self.greet(visit.account)


class SignInExchange(Exchange):
    """A request in the middle of a sign-in that was found."""

    access = Access.SIGN_IN

    def __init__(self, request: WebRequest, progress: Progress, ticket: Ticket) -> None:
        super().__init__(request)
        self.progress, self.ticket, self.held_by = progress, ticket, ticket.id
        self.recognize(progress.account)

    @cached_property
    def journey(self) -> Journey:
        """The place of this sign-in in a change of the number."""
        return journey_of(self.services, self.client, self.progress)

    def go_on(self, step: Step[SignInResult | None] | None = None, *, signed_in_at: str = "/profile") -> ASGIResponse:
        """Send the browser to the page that is due: of the session that was just opened, or of the sign-in's next step.

        A sign-in that has moved on is read anew by the page that it is sent to.
        """
        if step and step.refusal is Refusal.SIGN_IN_EXPIRED:
            return self.sign_in_anew("session_ended")
        result = step.state if step else None
        if result and result.signed_in and result.ticket:
            self.open_session(result.ticket)
            return self.redirect(onward_path(self.request.own_request, signed_in_at))
        if result and result.state is SignInState.ENDED:
            return self.to_sign_in("released", self.request.own_request)
        return self.redirect(page_of(result or self.progress.sign_in))
