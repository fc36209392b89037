"""The checksum beside a state: it covers whose it is and who wrote it, so a row cannot change places."""

from hashlib import blake2b
from hmac import compare_digest
from uuid import UUID


class Damaged(Exception):
    """Stored bytes are not what was written."""


def checksum(person: UUID, policy: str, version: str, data: bytes) -> bytes:
    digest = blake2b(digest_size=16, person=b"oo-ml-state")
    for part in (person.bytes, policy.encode(), version.encode(), data):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def verified(person: UUID, policy: str, version: str, data: bytes, expected: bytes) -> bytes:
    """The bytes, or Damaged."""
    if not compare_digest(checksum(person, policy, version, data), expected):
        raise Damaged(f"The stored state of policy {policy!r} does not match its checksum.")
    return data
