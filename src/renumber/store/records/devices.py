"""Enrolled devices as rows."""

import json
from dataclasses import asdict

from renumber.domain.push.device import Device, Subscription
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(device: Device, columns: Columns) -> dict[str, object]:
    """Seal the name and the push subscription: whoever knows the latter could wake the device."""
    subscription = device.subscription
    return {
        "account_id": device.account_id,
        "device_id": device.device_id,
        "public_key": device.public_key,
        "name": columns.seal("name", device.name),
        "subscription": columns.seal("subscription", json.dumps(asdict(subscription)) if subscription else None),
        "made_at": ms(device.made_at),
        "last_used_at": ms_or_none(device.last_used_at),
        "removed_at": ms_or_none(device.removed_at),
        "version": device.version,
    }


def from_row(row: Cells, columns: Columns) -> Device:
    """Read a device."""
    subscription = columns.unseal("subscription", row["subscription"])
    return Device(
        account_id=row["account_id"],
        device_id=row["device_id"],
        public_key=bytes(row["public_key"]),
        name=columns.text("name", row["name"]),
        made_at=moment(row["made_at"]),
        subscription=Subscription(**json.loads(subscription)) if subscription else None,
        last_used_at=moment_or_none(row["last_used_at"]),
        removed_at=moment_or_none(row["removed_at"]),
        version=row["version"],
    )


mapper = Mapper(Device, tables.device, "device_id", to_row=to_row, from_row=from_row)
