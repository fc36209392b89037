"""Every agent of track B by name: ours, their ablations, the peers."""

from collections.abc import Mapping
from functools import cache

from ml.experiments.agent import Build
from ml.experiments.ours import ABLATIONS, POLICIES, builds
from ml.experiments.runs import made_of

OURS: tuple[str, ...] = (*POLICIES, *ABLATIONS)


@cache
def peers() -> Mapping[str, Build]:
    return {}


def build(name: str) -> Build:
    return {**builds(POLICIES), **builds(ABLATIONS)}[name] if name in OURS else peers()[name]


@cache
def source(name: str) -> str:
    """What a run of this agent depends on."""
    common = ("features", "reward", "experiments/worlds", "experiments/memory.py", "experiments/play.py")
    own = ("policy", "experiments/ours.py") if name in OURS else ("experiments/peers",)
    return made_of(*common, *own)
