"""`renumber joins list`."""

from collections.abc import Mapping
from datetime import datetime

from renumber.cli.console import say
from renumber.cli.joins.reading import File, given_joins
from renumber.cli.joins.switches import off_since, streams
from renumber.cli.reading import Json, in_json, say_columns, say_json
from renumber.policies.events.streams import Method
from renumber.policies.joins import ApiKey, Application, Joins, Webhook
from renumber.store.streams.states import StreamState


def list_(file: File = None, as_json: Json = False) -> None:
    """List what has joined; secrets and hashes are not shown."""
    _, joins = given_joins(file)
    rows = _rows(joins, off_since() if joins.webhooks else {}) + list(
        map(_stream, streams() if joins.receivers else ())
    )
    if as_json:
        say_json({"joins": rows})
    elif not rows:
        say("Nothing has joined.")
    else:
        say_columns(rows, wide="may")


def _rows(joins: Joins, off: Mapping[str, datetime]) -> list[dict[str, str]]:
    return [
        *map(_application, joins.applications),
        *(_webhook(one, off.get(one.webhook_id)) for one in joins.webhooks),
        *map(_api_key, joins.api_keys),
    ]


def _application(one: Application) -> dict[str, str]:
    shows = "nothing (public)" if one.is_public else "a signature" if one.jwks else "a secret"
    return {
        "kind": "application",
        "id": one.client_id,
        "shows": shows,
        "address": " ".join(one.redirect_uris),
        "may": " ".join(sorted(one.scopes)),
    }


def _webhook(one: Webhook, off: datetime | None) -> dict[str, str]:
    secrets = "2 signatures" if len(one.secrets) > 1 else "a signature"
    if off:
        secrets = f"nothing: switched off {in_json(off)}"
    return {"kind": "webhook", "id": one.webhook_id, "shows": secrets, "address": one.url, "may": " ".join(one.events)}


def _api_key(one: ApiKey) -> dict[str, str]:
    may = " ".join(sorted(one.scopes))
    return {"kind": "API key", "id": one.name, "shows": "a key", "address": "", "may": may}


def _stream(one: StreamState) -> dict[str, str]:
    failing = f", fails since {in_json(one.failing_since)}: {one.failure}" if one.failing_since else ""
    way = "pushed" if one.method is Method.PUSH else "polled"
    return {
        "kind": "stream",
        "id": one.stream_id,
        "shows": f"{one.status.value}, {one.waiting} waiting{failing}",
        "address": way,
        "may": f"of {one.owner}",
    }
