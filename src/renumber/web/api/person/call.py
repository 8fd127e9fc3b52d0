"""One call of a person: by an access token, or from a page of ours."""

import hashlib
from dataclasses import dataclass

from litestar.response.base import ASGIResponse

from renumber.flows.services import Client
from renumber.flows.session_holder import Holder
from renumber.flows.views import Visit
from renumber.policies.joins import Application
from renumber.policies.oidc.scopes import PersonScope
from renumber.web.api.operations.call import OperationCall, Written
from renumber.web.api.person.operation import PersonOperation
from renumber.web.exchange import Exchange, SignInExchange

EVERYTHING = frozenset(PersonScope)


@dataclass(slots=True, kw_only=True)
class PersonCall(OperationCall):
    """A call of somebody who is signed in, or is entering a new number.

    `exchange` is there for a call with our cookies, `application` for one with a token; `rests_on` names the session,
    the sign-in or the grant.
    """

    operation: PersonOperation
    holder: Holder
    rests_on: str
    visit: Visit | None
    scopes: frozenset[str] = EVERYTHING
    exchange: Exchange | None = None
    application: Application | None = None

    @property
    def caller(self) -> bytes:
        """The hash of what the call rests on."""
        return hashlib.sha256(self.rests_on.encode()).digest()

    @property
    def client(self) -> Client:
        """The client of an act: the browser, or the application by its name."""
        if self.exchange:
            return self.exchange.client
        name = self.application.name if self.application else ""
        return Client(ip=self.api.request.ip, browser=name, time_zone=self.api.site.time_zone)

    @property
    def person(self) -> Visit:
        """The person and their session."""
        assert self.visit is not None, "the entrance lets only sessions in here"
        return self.visit

    @property
    def sign_in(self) -> SignInExchange:
        """The sign-in that is entering a new number."""
        assert isinstance(self.exchange, SignInExchange), "the entrance lets only sign-ins in here"
        return self.exchange

    @property
    def language(self) -> str:
        """The language of the sentences for the person."""
        return self.exchange.language if self.exchange else self.api.request.language(self.person.account.locale)

    def address(self, path: str) -> str:
        """The whole address of a page of ours."""
        return f"{self.api.site.base_url}{path}"

    def send(self, written: Written) -> ASGIResponse:
        """Send an answer, with the cookies that the act has set."""
        self.headers += self.exchange.cookie_headers if self.exchange else []
        return super(PersonCall, self).send(written)
