"""The interface of every policy. Serving, pipelines and the lab know policies only through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self, runtime_checkable

from numpy import float64
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[float64]


class State(Protocol):
    """What a policy has learned about one person. Its bytes describe themselves and refuse foreign bytes."""

    def to_bytes(self) -> bytes: ...
    @classmethod
    def from_bytes(cls, data: bytes) -> Self: ...


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed of someone new: θ ~ N(mean, cov), rewards with variance `noise_var`."""

    mean: Floats
    cov: Floats
    noise_var: float
    version: str


class Policy(Protocol):
    name: str
    version: str

    def fresh(self) -> State: ...
    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats: ...
    def update(self, state: State, x: Floats, reward: float, t_days: float) -> State: ...
    def revise(
        self, state: State, x: Floats, old: float | None, new: float | None, t_days: float
    ) -> State: ...
    def fit_prior(self, states: Sequence[State], t_days: float | None = None) -> None: ...


@runtime_checkable
class OutlivesItsPrior(Protocol):
    """A policy whose states hold no prior: `version` names the prior and changes with it, this does not."""

    state_version: str


@runtime_checkable
class Pools(OutlivesItsPrior, Protocol):
    """A policy that begins with what is true of people who agreed to pooling."""

    @property
    def prior(self) -> Prior: ...
    def assume(self, prior: Prior) -> None:
        """Another prior, for decisions from now on; `version` names it."""
        ...


@runtime_checkable
class Explains(Protocol):
    """A policy that can say what each feature added to a candidate's score (K×d; a row sums to its score)."""

    def contributions(self, state: State, x: Floats, t_days: float | None = None) -> Floats: ...


class Decision(NamedTuple):
    """K probabilities, and what each feature added to each score (K×d; a row sums to its expected reward)."""

    probabilities: Floats
    contributions: Floats
    usable: bool = True
    """False where the posterior could not be used and the population's mean decided."""


@runtime_checkable
class Decides(Protocol):
    """A policy that expects rewards, and says in one pass what `choose` and `contributions` say in two."""

    def decide(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Decision: ...
    def population(self, x: Floats) -> Decision:
        """Where nothing can be known of the person: the prior's mean, inverse-gap weighted."""
        ...


class Belief(NamedTuple):
    """What a posterior says of each column's weight, what the prior said, and how much of it was lived."""

    mean: Floats
    sd: Floats
    prior_mean: Floats
    prior_sd: Floats
    weight: float
    """Σ γ^Δt of the rewards: how many it is as good as having seen just now."""
    prior_version: str


@runtime_checkable
class Believes(Protocol):
    def belief(self, state: State, t_days: float | None = None) -> Belief: ...
