"""The one place that knows every policy by name."""

from collections.abc import Callable, Mapping
from typing import Any

from ml.policy.base import Policy, Prior
from ml.policy.hb_ts import HbTs
from ml.policy.igw import Igw
from ml.policy.lints import LinTs
from ml.policy.linucb import LinUcb
from ml.policy.linucb5 import LinUcb5
from ml.policy.random import Random
from ml.policy.urgency import Urgency

POLICIES: Mapping[str, Callable[..., Policy]] = {
    policy.name: policy for policy in (Random, Urgency, LinUcb5, LinUcb, LinTs, Igw, HbTs)
}


class UnknownPolicy(ValueError):
    """A policy name nobody knows."""


def make(
    name: str,
    d: int,
    prior: Prior | None = None,
    columns: Mapping[str, int] | None = None,
    **settings: Any,
) -> Policy:
    """Build a policy over d feature columns. `columns` says which column holds which feature."""
    build = POLICIES.get(name)
    if build is None:
        raise UnknownPolicy(f"There is no policy named {name!r}; use one of: {', '.join(sorted(POLICIES))}.")
    if d < 1:
        raise ValueError(f"A policy needs at least one feature column, got d={d}.")
    return build(d=d, prior=prior, columns=columns or {}, **settings)
