"""A state that was damaged, moved or relabelled is never read as one."""

from uuid import UUID

import pytest

from ml.state.packing import NOTHING, Damaged, checksum, digest, summed, verified

ADA, BOB = UUID(int=1), UUID(int=2)
TERMS = digest(b"terms")
MARK = checksum(ADA, "random", "1", TERMS, b"state")


def test_intact_bytes_are_returned() -> None:
    assert verified(ADA, "random", "1", TERMS, b"state", MARK) == b"state"


@pytest.mark.parametrize(
    ("person", "policy", "version", "made_of", "data"),
    [
        (BOB, "random", "1", TERMS, b"state"),
        (ADA, "urgency", "1", TERMS, b"state"),
        (ADA, "random", "2", TERMS, b"state"),
        (ADA, "random", "1", NOTHING, b"state"),
        (ADA, "random", "1", TERMS, b"stat"),
        (ADA, "random1", "", TERMS, b"state"),
        (ADA, "random", "1", TERMS, b"statf"),
    ],
)
def test_any_change_is_seen(person: UUID, policy: str, version: str, made_of: bytes, data: bytes) -> None:
    with pytest.raises(Damaged):
        verified(person, policy, version, made_of, data, MARK)


def test_a_damaged_checksum_is_seen() -> None:
    with pytest.raises(Damaged):
        verified(ADA, "random", "1", TERMS, b"state", MARK[:-1] + b"\0")


def test_a_set_of_checksums_has_one_sum_whatever_comes_first_and_goes_again() -> None:
    one, two, three = (digest(bytes([i])) for i in range(3))
    assert summed(NOTHING, [one, two, three]) == summed(summed(NOTHING, [three, two]), [one])
    assert summed(summed(NOTHING, [one, two, three]), gone=[two]) == summed(NOTHING, [three, one])
    assert summed(NOTHING, [one, one]) not in (NOTHING, summed(NOTHING, [one]))
