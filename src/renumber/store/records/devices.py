"""Enrolled devices as rows."""

import json
from dataclasses import asdict

from renumber.domain.push.device import Device, DeviceState, Scan, Subscription
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(device: Device, columns: Columns) -> dict[str, object]:
    """Seal the name and the push subscription: whoever knows the latter could wake the device."""
    subscription, scan = device.subscription, device.scan
    return {
        "account_id": device.account_id,
        "device_id": device.device_id,
        "public_key": device.public_key,
        "name": columns.seal("name", device.name),
        "subscription": columns.seal("subscription", json.dumps(asdict(subscription)) if subscription else None),
        "made_at": ms(device.made_at),
        "link_id": scan.link_id if scan else None,
        "session_id": scan.session_id if scan else None,
        "expires_at": ms(scan.expires_at) if scan else None,
        "contested_at": ms_or_none(scan.contested_at) if scan else None,
        "confirmed_at": ms_or_none(device.confirmed_at),
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
        state=_state(row),
        scan=_scan(row) if row["link_id"] else None,
        confirmed_at=moment_or_none(row["confirmed_at"]),
        subscription=Subscription(**json.loads(subscription)) if subscription else None,
        last_used_at=moment_or_none(row["last_used_at"]),
        removed_at=moment_or_none(row["removed_at"]),
        version=row["version"],
    )


def _state(row: Cells) -> DeviceState:
    if row["removed_at"] is not None:
        return DeviceState.REMOVED
    return DeviceState.WAITING if row["confirmed_at"] is None else DeviceState.CONFIRMED


def _scan(row: Cells) -> Scan:
    return Scan(
        link_id=row["link_id"],
        session_id=row["session_id"],
        expires_at=moment(row["expires_at"]),
        contested_at=moment_or_none(row["contested_at"]),
    )


mapper = Mapper(Device, tables.device, "device_id", to_row=to_row, from_row=from_row)
