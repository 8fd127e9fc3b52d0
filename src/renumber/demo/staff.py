"""Those who help in the demonstration: customer relations, and the administrator of the company that Jonas works for.

Each has a browser and an authenticator app of their own.
"""

from dataclasses import dataclass, field

from renumber.demo.accounts import COMPANY, DemoAccount
from renumber.domain.support.staff import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoColleague:
    """Somebody who helps; `key` names them, and the browser in which they work.

    They have a role at customer relations, or administer a company.
    """

    key: str
    first_name: str
    name: str
    email: str
    password: str = field(repr=False)
    role: Role | None = None
    company: str = ""


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
    DemoColleague(
        key="company",
        first_name="Kim",
        name="Kim Company",
        email="kim@example.com",
        password="timber-saffron-26",  # noqa: S106 - the page shows it
        company=COMPANY,
    ),
)
