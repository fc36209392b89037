"""What a peer cannot do, said once: none of the six takes a reward back, none has a night."""

from ml.policy.base import Floats


class Keeps:
    """A late correction stays as it was first learned."""

    def revise(
        self, person: int, x: Floats, chosen: int, old: float, new: float, probability: float, t_days: float
    ) -> None:
        """Nothing: the package has no way to unlearn."""

    def night(self, t_days: float) -> None:
        """Nothing: there is no prior to fit."""
