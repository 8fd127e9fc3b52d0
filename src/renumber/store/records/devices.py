"""Enrolled devices as rows."""

import json
from dataclasses import asdict

from renumber.domain.push.device import Device, DeviceState, Scan, Subscription
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(device: Device) -> Cells:
    """Seal the name and the push subscription: whoever knows the latter could wake the device."""
    subscription, scan = device.subscription, device.scan
    return {
        "account_id": device.account_id,
        "device_id": device.device_id,
        "public_key": device.public_key,
        "name": device.name,
        "subscription": json.dumps(asdict(subscription)) if subscription else None,
        "made_at": device.made_at,
        "link_id": scan.link_id if scan else None,
        "session_id": scan.session_id if scan else None,
        "expires_at": scan.expires_at if scan else None,
        "contested_at": scan.contested_at if scan else None,
        "confirmed_at": device.confirmed_at,
        "last_used_at": device.last_used_at,
        "removed_at": device.removed_at,
        "version": device.version,
    }


def from_row(row: Cells) -> Device:
    """Read a device."""
    subscription = row["subscription"]
    return Device(
        account_id=row["account_id"],
        device_id=row["device_id"],
        public_key=bytes(row["public_key"]),
        name=row["name"] or "",
        made_at=row["made_at"],
        state=_state(row),
        scan=_scan(row) if row["link_id"] else None,
        confirmed_at=row["confirmed_at"],
        subscription=Subscription(**json.loads(subscription)) if subscription else None,
        last_used_at=row["last_used_at"],
        removed_at=row["removed_at"],
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
        expires_at=row["expires_at"],
        contested_at=row["contested_at"],
    )


mapper = Mapper(Device, tables.device, "device_id", to_row=to_row, from_row=from_row)
