"""Coming from a company's identity provider without a network: the flows ask it in the process of the test."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode

from joserfc.jwk import KeySet

from renumber.domain.outcomes import Step
from renumber.domain.session import Ticket
from renumber.flows.ports.provider import AuthorizationRequest, ProviderTokens
from renumber.flows.services import Client
from renumber.flows.support.ports import SupportServices
from renumber.flows.support.provider import (
    Arrival,
    ProviderAnswer,
    begin_sign_in,
    sign_in_by_provider,
    sign_out_by_provider,
)
from renumber.policies.support.provider import ProviderRules
from renumber.settings.console.provider import groups
from renumber.store.support.reads import StoredSupportReads
from renumber.store.support.staff_identities import StoredStaffIdentities
from tests.flows.support.company import CLIENT_ID, GROUPS, Claims, Company
from tests.flows.world import World

BROWSER = Client(ip="203.0.113.78", browser="Firefox on Linux", browser_id="e" * 32)


@dataclass
class Nearby:
    """The IdentityProvider port on a company in the same process."""

    company: Company

    async def address(self, request: AuthorizationRequest) -> str:
        challenge = urlsafe_b64encode(sha256(request.verifier.encode()).digest()).rstrip(b"=").decode()
        return f"?{urlencode({'nonce': request.nonce, 'code_challenge': challenge, 'state': request.state})}"

    async def answers_for(self, issuer: str) -> bool:
        return issuer in ("", self.company.issuer)

    async def redeem(self, code: str, verifier: str) -> ProviderTokens | None:
        said = cast("Claims", self.company.answers("/token", {"code": code, "code_verifier": verifier}, ""))
        return ProviderTokens(said["id_token"], said["access_token"]) if "id_token" in said else None

    async def keys(self, *, anew: bool = False) -> str:  # noqa: ARG002 - as the port has it
        return json.dumps(KeySet([*self.company.published]).as_dict(private=False))

    async def userinfo(self, access_token: str) -> Mapping[str, Any]:  # noqa: ARG002 - as the port has it
        return self.company.told_apart


@dataclass
class FromCompany:
    """The door by which the company's people come."""

    world: World
    company: Company

    @property
    def support(self) -> SupportServices:
        """The ports that a sign-in needs; no page is shown here."""
        database, keys = self.world.database, self.world.keys
        rules = ProviderRules(issuer=self.company.issuer, client_id=CLIENT_ID, roles=groups(GROUPS))
        none: Any = None
        return SupportServices(
            reads=StoredSupportReads(database, keys),
            pages=none,
            views=none,
            cases=none,
            colleagues=none,
            callers=none,
            changes=none,
            audit=none,
            identities=StoredStaffIdentities(database, keys),
            provider=Nearby(self.company),
            provider_rules=rules,
        )

    async def come(self, person: Claims) -> Step[Ticket | None]:
        """Let somebody sign in at the company, and come here."""
        self.company.person, self.company.clock = person, self.world.clock
        services, asked = self.world.services, Nearby(self.company)
        begun = (await begin_sign_in(services, asked)).state
        assert begun is not None
        request, address = begun
        code = self.company.code_for(address)
        answer = ProviderAnswer(begun=request, state=request.state, code=code, issuer="", error="", locale="en")
        arrival = Arrival(services=services, support=self.support, asked=asked, client=BROWSER)
        return await sign_in_by_provider(arrival, answer)

    async def end(self, token: str) -> Step[None]:
        """Let the company say that somebody is signed out there."""
        arrival = Arrival(
            services=self.world.services, support=self.support, asked=Nearby(self.company), client=BROWSER
        )
        return await sign_out_by_provider(arrival, token)

    async def enter(self, person: Claims) -> str:
        """Let somebody come who is let in, and give the id of their account."""
        ticket = (await self.come(person)).state
        assert ticket is not None
        return ticket.account_id


def from_company(world: World) -> FromCompany:
    """A company beside this installation."""
    return FromCompany(world, Company("https://login.company.example"))
