"""Secrets that the joins file names: each in a file of its own that others can't read."""

import stat
from base64 import b64decode
from binascii import Error as NotBase64
from hashlib import sha256
from pathlib import Path

from renumber.settings.joins.public_keys import checked_keys
from renumber.settings.joins.text_files import read_text

LARGEST = 64 << 10  # bytes
LEAST_SECRET, LEAST_WEBHOOK_SECRET, MOST_WEBHOOK_SECRET = 32, 24, 64  # characters of a secret; bytes of a webhook's
WEBHOOK_PREFIX = "whsec_"


def client_secret(path: Path) -> bytes:
    """Read an application's secret; only its SHA-256 is kept."""
    text = private_text(path)
    if len(text) < LEAST_SECRET:
        raise ValueError(f"{path} holds fewer than {LEAST_SECRET} characters; make one by `renumber joins secret`")
    return sha256(text.encode()).digest()


def webhook_secret(path: Path) -> bytes:
    """Read a webhook's secret: `whsec_` and the Base64 of 24 to 64 bytes (Standard Webhooks)."""
    text = private_text(path)
    try:
        secret = b64decode(text.removeprefix(WEBHOOK_PREFIX), validate=True)
    except NotBase64:
        secret = b""
    if not text.startswith(WEBHOOK_PREFIX) or not LEAST_WEBHOOK_SECRET <= len(secret) <= MOST_WEBHOOK_SECRET:
        raise ValueError(f"{path} is no webhook's secret; make one by `renumber joins secret --webhook`")
    return secret


def public_keys(path: Path) -> str:
    """Read the public keys with which an application signs."""
    return checked_keys(read_text(path, LARGEST), str(path))


def private_text(path: Path) -> str:
    """Read a secret that nobody but its owner can read; ValueError says what to do."""
    text = read_text(path, LARGEST)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ValueError(f"others can read {path}: chmod 600 {path}")
    return text
