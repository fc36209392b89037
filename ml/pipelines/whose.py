"""Whose prior is fitted, of a policy that chooses or of what is learned of moments, and from what."""

from typing import NamedTuple

from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy import Policy, Pools, Prior, make, moment
from ml.policy.prior import shipped
from ml.state import learning_of


class Whose(NamedTuple):
    policy: Policy
    name: str
    names: tuple[str, ...]
    start: Prior
    version: str
    """Of the states it is fitted from."""


def whose(name: str) -> Whose | None:
    """None: it learns of each person for themselves."""
    moments = moment.Moments()
    if name == moments.name:
        version = learning_of((), moments).version(moments)
        return Whose(moments, name, moment.COLUMNS, moment.assumed(), version)
    start = shipped(NAMES)
    policy = make(name, WIDTH, start, COLUMNS)
    if not isinstance(policy, Pools):
        return None
    return Whose(policy, name, NAMES, start, learning_of((policy,), moments).version(policy))
