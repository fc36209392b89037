"""Who decides and who only watches: the incumbent and its shadows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from numpy.random import Generator

from ml.features import COLUMNS, NAMES, WIDTH
from ml.policy import Decides, Decision, Explains, Policy, State, UnknownPolicy, make, moment
from ml.policy.base import Floats
from ml.policy.prior import shipped
from ml.serving.settings import Settings, SettingsError
from ml.state import Learning, learning_of

Turn = tuple[Policy, tuple[Policy, ...]]
"""Who decides, and who watches."""


@dataclass(slots=True)
class Received:
    """How people received each card, by its id; it comes with their prior."""

    cards: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policies:
    incumbent: Policy
    shadows: tuple[Policy, ...]
    moments: moment.Moments = field(default_factory=moment.Moments)
    """What is learned of pushes alone."""
    received: Received = field(default_factory=Received)
    learning: Learning = field(init=False)
    control: Policy = field(init=False)
    """Decides the moments that are held back."""
    _turns: Mapping[str, Turn] = field(init=False)
    _deciding: Mapping[str, Decides] = field(init=False)
    _explaining: Mapping[str, Explains] = field(init=False)

    def __post_init__(self) -> None:
        named = {policy.name: policy for policy in self.all}
        object.__setattr__(self, "learning", learning_of(self.all, self.moments))
        object.__setattr__(self, "control", named.get("random") or make("random", WIDTH))
        turns = {name: (one, tuple(o for o in self.all if o is not one)) for name, one in named.items()}
        object.__setattr__(self, "_turns", turns)
        # Asked once: what a protocol asks of a class takes longer than a decision of it.
        deciding = {name: policy for name, policy in named.items() if isinstance(policy, Decides)}
        explaining = {name: policy for name, policy in named.items() if isinstance(policy, Explains)}
        object.__setattr__(self, "_deciding", deciding)
        object.__setattr__(self, "_explaining", explaining)

    @property
    def all(self) -> tuple[Policy, ...]:
        return (self.incumbent, *self.shadows)

    def who_decides(self, asked: str | None) -> Turn:
        """The policy that was asked for, else the incumbent; and all others, who watch."""
        return self._turns.get(asked or "") or self._turns[self.incumbent.name]

    @property
    def names(self) -> list[str]:
        return self.learning.policy_names

    def read_for(self, trigger: str) -> tuple[Policy, ...]:
        """Whose states a decision needs."""
        return self.learning.policies if trigger == "push" else self.all

    def names_for(self, trigger: str) -> tuple[str, ...]:
        return tuple(policy.name for policy in self.read_for(trigger))

    def expects(self, policy: Policy) -> bool:
        """Whether its scores are expected rewards, so that one below 0 says better not."""
        return policy.name in self._deciding

    def decide(
        self, policy: Policy, state: State | None, x: Floats, rng: Generator, t_days: float
    ) -> Decision:
        """Without a state that can be used the population decides; who has none decides as always."""
        deciding = self._deciding.get(policy.name)
        if deciding:
            return deciding.population(x) if state is None else deciding.decide(state, x, rng, t_days)
        some = policy.fresh() if state is None else state
        p, explaining = policy.choose(some, x, rng, t_days), self._explaining.get(policy.name)
        return Decision(p, explaining.contributions(some, x, t_days) if explaining else x * 0.0)

    def watch(
        self, policy: Policy, state: State | None, x: Floats, rng: Generator, t_days: float
    ) -> tuple[Floats, bool]:
        """Only its probabilities, and whether they are of this person."""
        deciding = self._deciding.get(policy.name)
        if state is None and deciding:
            return deciding.population(x).probabilities, False
        return policy.choose(policy.fresh() if state is None else state, x, rng, t_days), True


def from_settings(settings: Settings) -> Policies:
    prior = shipped(NAMES)
    try:
        incumbent = make(settings.policy, WIDTH, prior, COLUMNS)
    except UnknownPolicy as error:
        raise SettingsError(f"OO_ML_POLICY: {error}") from error
    try:
        shadows = tuple(make(name, WIDTH, prior, COLUMNS) for name in settings.shadows)
    except UnknownPolicy as error:
        raise SettingsError(f"OO_ML_SHADOWS: {error}") from error
    return Policies(incumbent, shadows)
