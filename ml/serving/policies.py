"""Who decides and who only watches: the incumbent and its shadows."""

from dataclasses import dataclass, field

from ml.features import COLUMNS, NAMES, PARTS, WIDTH
from ml.policy import Policy, UnknownPolicy, make
from ml.policy.prior import shipped
from ml.serving.settings import Settings, SettingsError
from ml.state import Learning


@dataclass(frozen=True, slots=True)
class Policies:
    incumbent: Policy
    shadows: tuple[Policy, ...]
    learning: Learning = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "learning", Learning(self.all, NAMES, PARTS))

    @property
    def all(self) -> tuple[Policy, ...]:
        return (self.incumbent, *self.shadows)

    def who_decides(self, asked: str | None) -> tuple[Policy, tuple[Policy, ...]]:
        """The policy that was asked for, else the incumbent; and all others, who watch."""
        decider = next((policy for policy in self.all if policy.name == asked), self.incumbent)
        return decider, tuple(policy for policy in self.all if policy is not decider)

    @property
    def names(self) -> list[str]:
        return self.learning.policy_names


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
