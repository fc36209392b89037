"""What the others would have done. They are on trial: whatever one does, the tip comes, and in time."""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from ml.policy import Policy, State
from ml.policy.base import Floats
from ml.policy.draw import chance_for, draw, rng_for
from ml.serving.contract import Shadow
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies

SLOW_S = 0.005
SLOW_TIMES = 5
"""In a row: one slow look may be the machine's fault."""
REST_S = 600.0


class Scene(NamedTuple):
    """What is looked at; `x` cannot be written to."""

    decision: str
    ids: list[str]
    x: Floats
    states: Mapping[str, State | None]
    t_days: float


class Watching:
    """One that fails is counted and left out of that answer; one that is slow again and again rests."""

    def __init__(
        self, policies: Policies, metrics: Metrics, clock: Callable[[], float] = perf_counter
    ) -> None:
        self._policies, self._metrics, self._clock = policies, metrics, clock
        self._slow: dict[str, int] = {}
        self._rests_until: dict[str, float] = {}

    def look(self, watching: Sequence[Policy], scene: Scene) -> list[Shadow]:
        seen: list[Shadow] = []
        for shadow in watching if scene.ids else ():
            began = self._clock()
            if began < self._rests_until.get(shadow.name, 0.0):
                continue
            try:
                told = self._would(shadow, scene)
            except Exception:
                self._metrics.shadow_failures.add(1, {"policy": shadow.name})
                told = None
            took_s = self._clock() - began
            if told:
                told["latencyMs"] = round(took_s * 1000, 3)
                seen.append(told)
            self._judge(shadow.name, took_s)
        return seen

    def _would(self, shadow: Policy, scene: Scene) -> Shadow:
        rng = rng_for(scene.decision, f"policy:{shadow.name}")
        p, own = self._policies.watch(shadow, scene.states.get(shadow.name), scene.x, rng, scene.t_days)
        shares: list[float] = p.tolist()
        if len(shares) != len(scene.ids) or not min(shares) >= 0 or not abs(sum(shares) - 1) <= 1e-6:
            raise ValueError("these are no probabilities")
        told = Shadow(
            policy=shadow.name,
            version=shadow.version,
            probabilities=shares,
            chosen=scene.ids[draw(p, chance_for(scene.decision, f"draw:{shadow.name}"))],
            latencyMs=0.0,
        )
        if not own:
            told["fallback"] = "population"
        return told

    def _judge(self, name: str, took_s: float) -> None:
        if took_s <= SLOW_S:
            self._slow.pop(name, None)
            return
        self._slow[name] = self._slow.get(name, 0) + 1
        if self._slow[name] >= SLOW_TIMES:
            self._slow.pop(name)
            self._rests_until[name] = self._clock() + REST_S
            self._metrics.shadows_resting.add(1, {"policy": name})
