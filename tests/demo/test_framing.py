"""Who may put the pages into a frame: nobody, but for the demonstration on this machine."""

import pytest

from renumber.settings import Settings
from renumber.wiring.web import FRAMED_BY, _demo_page

NEAR, FAR = "http://127.0.0.1:8000", "https://account.example.com"


@pytest.mark.parametrize(
    ("base_url", "framed_by", "framed"),
    [
        (NEAR, NEAR, NEAR),
        (NEAR, None, None),
        (NEAR, "http://127.0.0.1:9000", None),
        (NEAR, f"{NEAR}; script-src *", None),
        (FAR, FAR, None),
        (FAR, NEAR, None),
    ],
)
def test_only_the_own_origin_of_a_service_on_this_machine_may_frame_it(
    base_url: str, framed_by: str | None, framed: str | None
) -> None:
    settings = Settings.from_environment({"RENUMBER_BASE_URL": base_url})
    environ = {FRAMED_BY: framed_by} if framed_by else {}

    assert _demo_page(settings, environ) == framed
