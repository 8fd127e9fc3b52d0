"""Answers that go back to the application through the browser."""

from urllib.parse import urlencode

from litestar.response.base import ASGIResponse

from renumber.policies.oidc.request import Mistake
from renumber.web.exchange import Exchange


def answer_uri(issuer: str, redirect_uri: str, state: str, **answer: str) -> str:
    """The address of the application with the answer; `iss` says whose it is (RFC 9207)."""
    said = {**answer, **({"state": state} if state else {}), "iss": issuer}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(said)}"


def error_uri(issuer: str, mistake: Mistake) -> str:
    """The address of the application with an error."""
    said = {"error": mistake.error, "error_description": mistake.description}
    return answer_uri(issuer, mistake.redirect_uri, mistake.state, **said)


def go(exchange: Exchange, uri: str) -> ASGIResponse:
    """Lead the browser there at once; 303, so that no form is ever posted on (RFC 9700 4.12)."""
    return exchange.redirect(uri)


def own_page(exchange: Exchange, status: int = 400) -> ASGIResponse:
    """Say that the application's request is of no use, since nobody knows where an answer would go."""
    return exchange.page("not_signed_in.html", status=status)
