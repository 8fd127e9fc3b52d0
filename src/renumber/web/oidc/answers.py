"""Answers that go back to the application through the browser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from renumber.domain.oidc.request import ResponseMode
from renumber.flows.oidc.authorize import Asked
from renumber.policies.oidc.request import Mistake, origin_of
from renumber.web.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, the application that it is for, and the address and the way in which the browser takes it there."""

    application: str
    redirect_uri: str
    mode: ResponseMode
    said: Mapping[str, str] = field(repr=False)

    @property
    def uri(self) -> str:
        """The address with the answer in its query."""
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(self.said)}"


def answer_to(exchange: Exchange, asked: Asked, **said: str) -> Answer:
    """Answer a request; `iss` says whose answer it is (RFC 9207)."""
    request = asked.request
    state = {"state": request.state} if request.state else {}
    return Answer(
        application=asked.application.name,
        redirect_uri=request.redirect_uri,
        mode=request.response_mode,
        said={**said, **state, "iss": exchange.site.base_url},
    )


def error_to(exchange: Exchange, mistake: Mistake) -> Answer:
    """Answer what was no request with an error."""
    state = {"state": mistake.state} if mistake.state else {}
    said = {"error": mistake.error, "error_description": mistake.description, **state}
    return Answer(
        application=mistake.application,
        redirect_uri=mistake.redirect_uri,
        mode=mistake.response_mode,
        said={**said, "iss": exchange.site.base_url},
    )


def send(exchange: Exchange, answer: Answer) -> ASGIResponse:
    """Lead the browser there at once: by 303, so that no form is ever posted on (RFC 9700 4.12), or by a form."""
    return _posted(exchange, answer) if answer.mode is ResponseMode.FORM_POST else exchange.redirect(answer.uri)


def leave(exchange: Exchange, answer: Answer) -> ASGIResponse:
    """Go on by a page, not by a redirect: where a form led here, `form-action` would hold for the application too."""
    if answer.mode is ResponseMode.FORM_POST:
        return _posted(exchange, answer)
    return exchange.page("leaving.html", uri=answer.uri, application=answer.application)


def _posted(exchange: Exchange, answer: Answer) -> ASGIResponse:
    """Show a page that posts the answer (OAuth 2.0 Form Post Response Mode); its form leads to this origin alone."""
    exchange.served.form_action = origin_of(answer.redirect_uri)
    return exchange.page("posting.html", uri=answer.redirect_uri, said=answer.said, application=answer.application)


def own_page(exchange: Exchange, status: int = 400) -> ASGIResponse:
    """Say that the application's request is of no use, since nobody knows where an answer would go."""
    return exchange.page("not_signed_in.html", status=status)
