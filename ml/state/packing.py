"""Checksums: each covers whose a row is and what it belongs to, so none can change, vanish or swap unseen."""

from collections.abc import Iterable
from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID

SIZE = 16
NOTHING = bytes(SIZE)


class Damaged(Exception):
    """Stored bytes are not what was written."""


def digest(*parts: bytes) -> bytes:
    """BLAKE2b-128 over the parts, each with its length before it."""
    made = blake2b(digest_size=SIZE, person=b"oo-ml-state")
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.digest()


def checksum(person: UUID, policy: str, version: str, made_of: bytes, data: bytes) -> bytes:
    """Of a state; `made_of` names exactly the terms that are in it."""
    return digest(person.bytes, policy.encode(), version.encode(), made_of, data)


def verified(person: UUID, policy: str, version: str, made_of: bytes, data: bytes, expected: bytes) -> bytes:
    """The bytes, or Damaged."""
    if not compare_digest(checksum(person, policy, version, made_of, data), expected):
        raise Damaged(f"The stored state of policy {policy!r} does not match its checksum.")
    return data


def summed(total: bytes, come: Iterable[bytes] = (), gone: Iterable[bytes] = ()) -> bytes:
    """A checksum of a set of checksums, whatever their order: their sum modulo 2¹²⁸."""
    number = int.from_bytes(total, "little")
    number += sum(int.from_bytes(one, "little") for one in come)
    number -= sum(int.from_bytes(one, "little") for one in gone)
    return (number % (1 << (8 * SIZE))).to_bytes(SIZE, "little")
