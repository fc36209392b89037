"""What is tried of each peer, and of ours, over fixed actions (track A)."""

from collections.abc import Mapping
from typing import Any

from ml.experiments.bandit import MakeBandit
from ml.experiments.peers.bayesianbandits import bayesian_bandit
from ml.experiments.peers.coba import coba_bandit
from ml.experiments.peers.contextualbandits import contextual_bandit
from ml.experiments.peers.mabwiser import mabwiser_bandit
from ml.experiments.peers.river import river_bandit
from ml.experiments.peers.vowpalwabbit import vw_bandit
from ml.experiments.search.grid import Grid, Settings, crossed, grid
from ml.experiments.tracks.disjoint import Settings as Playing
from ml.experiments.tracks.disjoint import disjoint

RATES = (0.1, 0.25, 0.5, 1.5)


def _vw(explores: str, widths: tuple[float, ...], middle: float, *more: list[Settings]) -> Grid:
    as_is = {"explores": (explores,)}
    return grid(
        vw_bandit,
        crossed(**as_is, width=widths, rate=RATES),
        crossed(**as_is, width=(middle,), rate=(0.1, 0.5), also=("--power_t 0",)),
        *more,
    )


def _others(explores: str, width: float) -> list[Settings]:
    """squarecb and regcb take `mtr` alone."""
    return crossed(explores=(explores,), width=(width,), rate=(0.5,), cb_type=("dr", "ips"))


def _one(explores: str, width: float, rate: float, also: tuple[str, ...] = ()) -> list[Settings]:
    return crossed(explores=(explores,), width=(width,), rate=(rate,), **({"also": also} if also else {}))


def _ours(**settings: Any) -> MakeBandit:
    return disjoint("hb_ts", Playing(**settings))


_HB = {"epsilon": (0.002,), "tau": (0.5,)}
_NOUNIF = [
    _one("cover", width, rate, ("--nounif",))
    for width, rate in ((0.1, 0.5), (0.01, 0.5), (0.001, 0.5), (0.01, 0.25), (0.01, 1.5))
]
_EPSILON = [
    _one("epsilon", width, rate) for width, rate in ((0.002, 1.5), (0.002, 0.5), (0.002, 4.0), (0.0005, 1.5))
]
_REGCB = crossed(explores=("regcb",), width=(0.001, 0.01), rate=(0.5,))
GRIDS: Mapping[str, Grid] = {
    "vw squarecb": _vw("squarecb", (300, 1000, 3000), 1000, _one("squarecb", 10000, 0.5)),
    "vw regcb": _vw("regcbopt", (0.001, 0.01, 0.1), 0.01, _REGCB),
    "vw cover": _vw("cover", (0.01, 0.1), 0.1, _others("cover", 0.1), *_NOUNIF),
    "vw epsilon": _vw("epsilon", (0.005, 0.02, 0.05), 0.02, _others("epsilon", 0.02), *_EPSILON),
    "river": grid(
        river_bandit,
        crossed(alpha=(1.0, 3.0, 10.0, 30.0), beta=(4.0, 20.0, 60.0)),
        crossed(alpha=(3.0, 10.0), beta=(200.0,)),
        crossed(alpha=(30.0, 100.0), beta=(1.0, 2.0, 4.0)),
    ),
    "mabwiser": grid(
        mabwiser_bandit,
        crossed(learning=("linucb",), width=(0.05, 0.1, 0.2, 0.35, 0.5), ridge=(1.0, 3.0)),
        crossed(learning=("linucb",), width=(0.2,), ridge=(0.3, 10.0)),
        crossed(learning=("lints",), width=(0.05, 0.1, 0.25), ridge=(1.0,)),
        crossed(learning=("lingreedy",), width=(0.02,), ridge=(1.0,)),
    ),
    "contextualbandits": grid(
        contextual_bandit,
        crossed(width=(0.2, 0.5, 0.8, 1.2), ridge=(1.0, 3.0), from_empty=(True,), rounds=("half",)),
        crossed(width=(0.2, 0.5), ridge=(1.0,), from_empty=(True,), rounds=("not",)),
        crossed(width=(0.2, 0.5), ridge=(10.0, 30.0), from_empty=(True,), rounds=("half",)),
        crossed(width=(0.2, 0.5), ridge=(1.0,), from_empty=(False,), rounds=("half",)),
        crossed(width=(0.5,), ridge=(1.0,), from_empty=(True, False), rounds=("chance",)),
    ),
    "coba": grid(
        coba_bandit,
        crossed(learning=("linucb",), width=(0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0)),
        crossed(learning=("lints",), width=(0.0003, 0.001, 0.003, 0.01, 0.03)),
    ),
    "bayesianbandits ucb": grid(
        bayesian_bandit,
        crossed(explores=("ucb",), quantile=(0.68, 0.84, 0.95), precision=(15.0,), samples=(200,)),
        crossed(explores=("ucb",), quantile=(0.6, 0.68, 0.84), precision=(0.3, 1.0, 4.0), samples=(200,)),
        crossed(
            explores=("ucb",), quantile=(0.68, 0.84), precision=(1.0,), a=(1.0,), b=(0.1,), samples=(200,)
        ),
    ),
    "hb_ts": grid(
        _ours,
        crossed(**_HB, v=(0.05, 0.1, 0.2), noise_var=(0.1,), hope=(1.0, 1.5)),
        crossed(**_HB, v=(0.1,), noise_var=(0.03, 0.3), hope=(1.5,)),
        crossed(**_HB, v=(0.05,), noise_var=(0.3,), hope=(1.0, 1.5)),
        crossed(**_HB, v=(0.1,), noise_var=(0.1,), hope=(1.5,), half_life=(200.0, 500.0, 1500.0)),
        crossed(epsilon=(0.002,), tau=(0.25, 1.0), v=(0.1,), noise_var=(0.1,), hope=(1.5,)),
        crossed(**_HB, v=(0.1,), noise_var=(0.1,), hope=(1.5,), pools=(True,)),
    ),
    "bayesianbandits ts": grid(
        bayesian_bandit,
        crossed(explores=("ts",), precision=(0.3, 1.0, 4.0, 15.0, 60.0)),
        crossed(explores=("ts",), precision=(1.0, 4.0, 15.0), a=(1.0,), b=(0.03, 0.1)),
    ),
}
