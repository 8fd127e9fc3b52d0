"""The people of customer relations in the demonstration, each with a browser and an authenticator app of their own."""

from dataclasses import dataclass, field

from renumber.demo.accounts import DemoAccount
from renumber.domain.support.staff import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoColleague:
    """Somebody of staff; `key` names them, and the browser in which they work."""

    key: str
    first_name: str
    name: str
    email: str
    password: str = field(repr=False)
    role: Role


DemoPerson = DemoAccount | DemoColleague
STAFF = (
    DemoColleague(
        key="agent",
        first_name="Alex",
        name="Alex Agent",
        email="alex@example.com",
        password="meadow-compass-31",  # noqa: S106 - the page shows it
        role=Role.AGENT,
    ),
    DemoColleague(
        key="reviewer",
        first_name="Robin",
        name="Robin Review",
        email="robin@example.com",
        password="copper-violin-58",  # noqa: S106 - the page shows it
        role=Role.REVIEWER,
    ),
    DemoColleague(
        key="auditor",
        first_name="Toni",
        name="Toni Audit",
        email="toni@example.com",
        password="granite-ribbon-73",  # noqa: S106 - the page shows it
        role=Role.AUDITOR,
    ),
)
