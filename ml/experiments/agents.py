"""Every agent of track B by name: ours, their ablations and variants, the peers."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from ml.experiments.agent import Build
from ml.experiments.ours import ABLATIONS, POLICIES, VARIANTS, builds
from ml.experiments.runs import made_of

RECIPES = {**POLICIES, **ABLATIONS, **VARIANTS}
OURS: tuple[str, ...] = tuple(RECIPES)
COMMON = (
    "features",
    "reward",
    "experiments/worlds",
    "experiments/memory.py",
    "experiments/received.py",
    "experiments/play.py",
    "experiments/tracks/closed_loop.py",
)
PEERS = ("experiments/peers", "experiments/chosen_agents.py")


@cache
def peers() -> Mapping[str, Build]:
    """Only where they are installed: `.venv-lab`."""
    if find_spec("vowpalwabbit") is None:
        return {}
    found: Mapping[str, Build] = import_module("ml.experiments.chosen_agents").AGENTS
    return found


def build(name: str) -> Build:
    return builds(RECIPES)[name] if name in OURS else peers()[name]


@cache
def source(name: str) -> str:
    """What a run of this agent depends on."""
    own = ("policy", "experiments/ours.py", "experiments/priors")
    return made_of(*COMMON, *(own if name in OURS else PEERS))
