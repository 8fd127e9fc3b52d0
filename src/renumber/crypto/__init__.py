"""Secrets: derived codes and tokens, keyed hashes, sealed columns, signed checkpoints, and the file of keys."""

from renumber.crypto.key_file import (
    KeyFile,
    KeyFileProblem,
    KeySource,
    OneKey,
    add_key,
    create_key_file,
    retire_previous,
)
from renumber.crypto.key_ring import CorruptSecret, KeyRing, key_id_of
from renumber.crypto.signatures import DeviceSignatures

__all__ = [
    "CorruptSecret",
    "DeviceSignatures",
    "KeyFile",
    "KeyFileProblem",
    "KeyRing",
    "KeySource",
    "OneKey",
    "add_key",
    "create_key_file",
    "key_id_of",
    "retire_previous",
]
