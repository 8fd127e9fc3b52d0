"""The file of keys: made on first start, read again when it changes, rotated by the operator."""

import fcntl
import os
import re
import secrets
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from renumber.crypto.keys import MINIMUM_LENGTH, Key

_KEY_LINE = re.compile(rb"([0-9a-f]{8}):([A-Za-z0-9+/]{43,}=*)")
_RETIRED_LINE = re.compile(rb"retired ([0-9a-f]{8}):([A-Za-z0-9+/]{43}=)")
_LOOKS_LIKE_A_RING = re.compile(rb"\s*(retired )?[0-9a-f]{8}:")


class KeyFileProblem(Exception):
    """The file of keys can't be used; the sentence says what to do."""


@dataclass(frozen=True)
class Ring:
    """The keys in use, and the public halves of retired ones, by which their signatures still verify."""

    current: Key
    previous: Key | None = None
    retired: tuple[tuple[str, bytes], ...] = ()

    def find(self, key_id: str) -> Key | None:
        """Find a key by its id."""
        return next((key for key in (self.current, self.previous) if key and key.key_id == key_id), None)

    def find_public(self, key_id: str) -> bytes | None:
        """Find the public key that verifies the signatures of this id."""
        key = self.find(key_id)
        return key.signer.public_key().public_bytes_raw() if key else dict(self.retired).get(key_id)


class KeySource(Protocol):
    """The source of the ring."""

    def ring(self) -> Ring:
        """Give the ring as it is now."""


class OneKey:
    """A single key from the environment, which never changes while the process runs."""

    def __init__(self, secret: str) -> None:
        self._ring = Ring(_long_enough(secret.encode(), "RENUMBER_SECRET_KEY"))

    def ring(self) -> Ring:
        """Give the ring."""
        return self._ring


class KeyFile:
    """Keys from a file, which another process may rotate."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self._ring = read_ring(path)

    def ring(self) -> Ring:
        """Read the file if it changed; while it is unreadable, the keys that are known stay in use."""
        stamp = _stamp(self._path)
        if stamp is not None and stamp != self._stamp:
            try:
                self._ring = read_ring(self._path)
            except KeyFileProblem:
                return self._ring
            self._stamp = stamp
        return self._ring


def create_key_file(path: Path) -> bool:
    """Make the file with a new key, and say whether it was made: of processes that start at once, one makes it."""
    if path.exists():
        return False
    written = _written_beside(path, _text(Ring(_new_key())))
    try:
        os.link(written, path)  # unlike a rename, it never replaces what another process has made
    except FileExistsError:
        return False
    except OSError as error:
        raise KeyFileProblem(f"{path} can't be made: {error.strerror}.") from None
    finally:
        written.unlink()
    _keep_folder(path)
    return True


def add_key(path: Path) -> str:
    """Make a new current key, the old one becoming the previous, and give the new key's id."""
    with _locked(path) as ring:
        if ring.previous is not None:
            raise KeyFileProblem(
                f"{path} still holds the previous key {ring.previous.key_id}. Let everything sealed with it be sealed "
                "anew, retire it, then add a key."
            )
        added = _new_key()
        _replace(path, Ring(added, ring.current, ring.retired))
    return added.key_id


def retire_previous(path: Path) -> str | None:
    """Drop the previous key and give its id; its public half stays, so that old checkpoints verify."""
    with _locked(path) as ring:
        if ring.previous is None:
            return None
        public = ring.previous.signer.public_key().public_bytes_raw()
        _replace(path, Ring(ring.current, None, (*ring.retired, (ring.previous.key_id, public))))
    return ring.previous.key_id


def exposure_of(path: Path) -> str:
    """Say that others than its owner have a right to the file, and which command mends it; nothing if all is well."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""
    return f"Others can read it: chmod 600 {path}" if mode & 0o077 and not stat.S_ISDIR(mode) else ""


def read_ring(path: Path) -> Ring:
    """Read the file: lines of `<key id>:<base64>`, current first; or any 32 bytes and more as a single key."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KeyFileProblem(f"{path} can't be read: {error.strerror}.") from None
    if _LOOKS_LIKE_A_RING.match(content):
        return _parsed(content, path)
    return Ring(_long_enough(content, str(path)))


def _parsed(content: bytes, path: Path) -> Ring:
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    retired = [match.groups() for line in lines if (match := _RETIRED_LINE.fullmatch(line))]
    keys = [_key(match) for line in lines if (match := _KEY_LINE.fullmatch(line))]
    if (
        len(keys) + len(retired) != len(lines)
        or len(keys) not in {1, 2}
        or len({key.key_id for key in keys}) != len(keys)
    ):
        raise KeyFileProblem(
            f"{path} must hold one or two different lines <key id>:<base64 of 32 or more bytes>. "
            "Restore it from a copy: with another key, everything sealed in the database is lost."
        )
    return Ring(keys[0], keys[1] if len(keys) == 2 else None, tuple((i.decode(), b64decode(k)) for i, k in retired))


def _key(match: re.Match[bytes]) -> Key:
    return Key(match[1].decode(), b64decode(match[2]))


def _long_enough(secret: bytes, origin: str) -> Key:
    if len(secret) < MINIMUM_LENGTH:
        raise KeyFileProblem(f"{origin} holds {len(secret)} bytes; it needs {MINIMUM_LENGTH} random bytes or more.")
    return Key.of(secret.rstrip(b"\r\n"))  # an editor's line end is no part of the key


def _new_key() -> Key:
    return Key(secrets.token_hex(4), secrets.token_bytes(MINIMUM_LENGTH))


def _text(ring: Ring) -> bytes:
    keys = [f"{key.key_id}:{b64encode(key.secret).decode()}" for key in (ring.current, ring.previous) if key]
    retired = [f"retired {key_id}:{b64encode(public).decode()}" for key_id, public in ring.retired]
    return "".join(f"{line}\n" for line in keys + retired).encode()


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_ino, stat.st_size)


def _replace(path: Path, ring: Ring) -> None:
    _written_beside(path, _text(ring)).replace(path)
    _keep_folder(path)


def _written_beside(path: Path, content: bytes) -> Path:
    """Write a file of mode 0600 that is whole on the disk before it gets its name."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyFileProblem(f"{path} can't be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    return beside


def _keep_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextmanager
def _locked(path: Path) -> Iterator[Ring]:
    """Hold the folder's lock between reading and replacing, so that two rotations at once lose no key."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield read_ring(path)
    finally:
        os.close(folder)
