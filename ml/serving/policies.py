"""Who decides and who only watches: the incumbent and its shadows."""

from dataclasses import dataclass

from ml.features import COLUMNS, WIDTH
from ml.policy import Policy, UnknownPolicy, make
from ml.serving.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Policies:
    incumbent: Policy
    shadows: tuple[Policy, ...]

    @property
    def all(self) -> tuple[Policy, ...]:
        return (self.incumbent, *self.shadows)

    @property
    def names(self) -> list[str]:
        return [policy.name for policy in self.all]


def from_settings(settings: Settings) -> Policies:
    try:
        incumbent = make(settings.policy, WIDTH, columns=COLUMNS)
    except UnknownPolicy as error:
        raise SettingsError(f"OO_ML_POLICY: {error}") from error
    try:
        shadows = tuple(make(name, WIDTH, columns=COLUMNS) for name in settings.shadows)
    except UnknownPolicy as error:
        raise SettingsError(f"OO_ML_SHADOWS: {error}") from error
    return Policies(incumbent, shadows)
