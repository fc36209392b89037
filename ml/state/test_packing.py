"""A state that was damaged, moved or relabelled is never read as one."""

from uuid import UUID

import pytest

from ml.state import Damaged, checksum, verified

ADA, BOB = UUID(int=1), UUID(int=2)
MARK = checksum(ADA, "random", "1", b"state")


def test_intact_bytes_are_returned() -> None:
    assert verified(ADA, "random", "1", b"state", MARK) == b"state"


@pytest.mark.parametrize(
    ("person", "policy", "version", "data"),
    [
        (BOB, "random", "1", b"state"),
        (ADA, "urgency", "1", b"state"),
        (ADA, "random", "2", b"state"),
        (ADA, "random", "1", b"stat"),
        (ADA, "random1", "", b"state"),
        (ADA, "random", "1", b"statf"),
    ],
)
def test_any_change_is_seen(person: UUID, policy: str, version: str, data: bytes) -> None:
    with pytest.raises(Damaged):
        verified(person, policy, version, data, MARK)


def test_a_damaged_checksum_is_seen() -> None:
    with pytest.raises(Damaged):
        verified(ADA, "random", "1", b"state", MARK[:-1] + b"\0")
