"""One call of an operator's program, and the key that it shows."""

import hashlib
import re
from dataclasses import dataclass

from renumber.flows.operator.services import OperatorServices
from renumber.flows.services import Client
from renumber.policies.joins import ApiKey
from renumber.web.api.call import ApiCall
from renumber.web.api.operations.call import OperationCall

_BEARER = re.compile(r"bearer (rnk_[A-Za-z0-9_-]{43})", re.ASCII | re.IGNORECASE)


def key_of(call: ApiCall) -> ApiKey | None:
    """Find the key that a call shows (RFC 6750 2.1); it is looked up by its hash, which is all that is kept."""
    shown = _BEARER.fullmatch(call.request.header("authorization"))
    return call.services.joins.current().api_key(hashlib.sha256(shown[1].encode()).digest()) if shown else None


@dataclass(slots=True, kw_only=True)
class OperatorCall(OperationCall):
    """A call with a key that holds."""

    key: ApiKey

    @property
    def caller(self) -> bytes:
        """The hash of the key."""
        return self.key.key_hash

    @property
    def operator(self) -> OperatorServices:
        """The ports that an operator's acts need besides."""
        return self.api.site.operator

    @property
    def client(self) -> Client:
        """The program as the client of an act: the history names its key as the operator."""
        site, ip = self.api.site, self.api.request.ip
        return Client(ip=ip, browser="API", time_zone=site.time_zone, operator=self.key.name)

    @property
    def account_id(self) -> str:
        """The id in the path."""
        return self.api.request.param("account_id")
