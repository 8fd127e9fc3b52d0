"""Events reach webhooks: signed, once, as far as each one hears them, and again as long as it is worth it."""

from base64 import b64encode

from standardwebhooks import Webhook as Verifier

from renumber.clock import SystemClock
from tests.builders import NEW, OLD
from tests.delivery.webhooks.house import OTHER_SECRET, SECRET, a_house, hook
from tests.delivery.webhooks.receiver import receiving
from tests.flows.person import a_person


def verifier(secret: bytes) -> Verifier:
    """What a receiver checks signatures with."""
    return Verifier(f"whsec_{b64encode(secret).decode()}")


async def test_a_changed_number_is_told_once_signed_with_both_secrets_and_without_the_number(database_url: str) -> None:
    async with receiving() as receiver:
        shop = hook(receiver, events=("phone_number.changed",), secrets=(SECRET, OTHER_SECRET))
        async with a_house(database_url, shop) as house:
            house.world.clock.time = SystemClock().now()
            erika = await a_person(house.world)
            await erika.change_number(NEW)

            await house.send()
            await house.send()

    (got,) = receiver.got
    for secret in (SECRET, OTHER_SECRET):
        said = verifier(secret).verify(got.body, got.headers)
        assert said["type"] == "phone_number.changed"
        assert set(said["data"]) == {"account_id", "change_id", "hold_until"}
        assert said["data"]["account_id"] == erika.account_id
    assert OLD.e164.encode() not in got.body
    assert NEW.e164.encode() not in got.body
