"""What is tried of each peer among candidates (track B)."""

from collections.abc import Mapping

from ml.experiments.peers.bayesianbandits import bayesian_agent
from ml.experiments.peers.coba import coba_agent
from ml.experiments.peers.contextualbandits import contextual_agent
from ml.experiments.peers.mabwiser import mabwiser_agent
from ml.experiments.peers.river import river_agent
from ml.experiments.peers.vowpalwabbit import vw_agent
from ml.experiments.search.grid import Grid, Settings, crossed, grid

ALSO = ("--power_t 0", "--quadratic aa")


def _vw(explores: str, widths: tuple[float, ...], middle: float, *more: list[Settings]) -> Grid:
    as_is = {"explores": (explores,)}
    return grid(
        vw_agent,
        crossed(**as_is, personal=(True,), width=widths, rate=(0.15, 0.5, 1.5)),
        crossed(**as_is, personal=(False,), width=(middle,), rate=(0.15, 0.5)),
        crossed(**as_is, personal=(True,), width=(middle,), rate=(0.5,), also=ALSO),
        crossed(**as_is, personal=(True,), width=(widths[0], middle), rate=(0.15, 0.5), by_kind=(True,)),
        *more,
    )


def _regcb(width: float, rate: float) -> list[Settings]:
    return crossed(explores=("regcb",), personal=(True,), width=(width,), rate=(rate,))


def _kinds(explores: str, width: float, rate: float) -> list[Settings]:
    return crossed(explores=(explores,), personal=(True,), width=(width,), rate=(rate,), by_kind=(True,))


def _dr(explores: str, width: float) -> list[Settings]:
    """squarecb and regcb take `mtr` alone."""
    return crossed(explores=(explores,), personal=(True,), width=(width,), rate=(0.5,), cb_type=("dr",))


def _cover(width: float, rate: float) -> list[Settings]:
    return crossed(
        explores=("cover",),
        personal=(True,),
        width=(width,),
        rate=(rate,),
        by_kind=(False, True),
        also=("--nounif",),
    )


_ALL = {"personal": (False,)}
_MAB = {"learning": ("linucb",), "ridge": (1.0,)}
_UCB = {"explores": ("ucb",), "samples": (200,)}
_CB = {"ridge": (1.0,), "from_empty": (True,), "personal": (False,)}
GRIDS: Mapping[str, Grid] = {
    "vw squarecb": _vw(
        "squarecb", (300, 1000, 3000), 1000, _kinds("squarecb", 100, 0.15), _kinds("squarecb", 300, 0.05)
    ),
    "vw regcb": _vw(
        "regcbopt",
        (0.001, 0.01, 0.1),
        0.01,
        _regcb(0.01, 0.5),
        _kinds("regcbopt", 0.01, 0.05),
        _kinds("regcbopt", 0.003, 0.15),
    ),
    "vw cover": _vw(
        "cover",
        (0.01, 0.1),
        0.1,
        _dr("cover", 0.1),
        _cover(0.1, 0.5),
        _cover(0.01, 0.5),
        _cover(0.1, 0.15),
        _cover(0.01, 0.15),
    ),
    "vw epsilon": _vw(
        "epsilon", (0.005, 0.02, 0.05), 0.02, _dr("epsilon", 0.02), _kinds("epsilon", 0.002, 0.5)
    ),
    "river": grid(
        river_agent,
        crossed(rule=("ucb",), **_ALL, by_kind=(False,), alpha=(1.0,), beta=(4.0,), width=(0.5, 1.0, 2.0)),
        crossed(rule=("ucb",), **_ALL, by_kind=(True,), alpha=(1.0,), beta=(4.0,), width=(0.25, 0.5, 1.0)),
        crossed(rule=("ucb",), **_ALL, by_kind=(False, True), alpha=(4.0,), beta=(4.0,), width=(1.0,)),
        crossed(rule=("ucb",), **_ALL, by_kind=(True,), alpha=(0.3,), beta=(4.0,), width=(0.5,)),
        crossed(rule=("as_said",), **_ALL, by_kind=(False, True), alpha=(1.0,), beta=(4.0,)),
        crossed(
            rule=("ucb",), personal=(True,), by_kind=(False,), alpha=(1.0, 4.0), beta=(4.0,), width=(0.5,)
        ),
        crossed(rule=("thompson",), **_ALL, by_kind=(True,), alpha=(1.0,), beta=(4.0,), width=(0.5,)),
        crossed(rule=("epsilon",), **_ALL, by_kind=(True,), alpha=(1.0,), beta=(4.0,), width=(0.02,)),
    ),
    "mabwiser": grid(
        mabwiser_agent,
        crossed(**_MAB, **_ALL, width=(0.1, 0.2, 0.35, 0.5, 0.8), sees=("candidate",)),
        crossed(**_MAB, **_ALL, width=(0.05, 0.2), sees=("any",)),
        crossed(**_MAB, **_ALL, width=(0.2, 0.5), sees=("moment",)),
        crossed(**_MAB, personal=(True,), width=(0.2,), sees=("candidate", "any")),
        crossed(learning=("lints",), ridge=(1.0,), **_ALL, width=(0.1, 0.25), sees=("candidate",)),
        crossed(learning=("linucb",), ridge=(3.0,), **_ALL, width=(0.35,), sees=("candidate",)),
    ),
    "contextualbandits": grid(
        contextual_agent,
        crossed(**_CB, width=(0.05, 0.1, 0.2, 0.4), rounds=("not",), sees=("candidate",)),
        crossed(**_CB, width=(0.4,), rounds=("half",), sees=("candidate",)),
        crossed(**_CB, width=(0.1, 0.25), rounds=("half", "chance"), sees=("candidate",)),
        crossed(**_CB, width=(0.05, 0.1), rounds=("not",), sees=("any",)),
        crossed(**(_CB | {"from_empty": (False,)}), width=(0.25,), rounds=("half",), sees=("candidate",)),
        crossed(
            **(_CB | {"from_empty": (False,)}), width=(0.25,), rounds=("half", "chance"), sees=("moment",)
        ),
        crossed(**(_CB | {"ridge": (3.0,)}), width=(0.1,), rounds=("not",), sees=("candidate",)),
        crossed(**(_CB | {"personal": (True,)}), width=(0.1,), rounds=("not",), sees=("any",)),
    ),
    "coba": grid(
        coba_agent,
        crossed(learning=("linucb",), width=(0.05, 0.1, 0.15, 0.25, 0.5), **_ALL),
        crossed(learning=("linucb",), width=(0.05, 0.15), personal=(True,)),
        crossed(learning=("lints",), width=(0.003, 0.01, 0.05), **_ALL),
        crossed(learning=("linucb",), width=(0.1, 0.25), **_ALL, features=(("a", "aa"),)),
    ),
    "bayesianbandits ucb": grid(
        bayesian_agent,
        crossed(**_UCB, **_ALL, by_kind=(False, True), quantile=(0.6, 0.68, 0.84), precision=(1.0,)),
        crossed(**_UCB, **_ALL, by_kind=(False, True), quantile=(0.68,), precision=(4.0,)),
        crossed(
            **_UCB, **_ALL, by_kind=(False, True), quantile=(0.68,), precision=(1.0,), a=(1.0,), b=(0.3,)
        ),
        crossed(**_UCB, **_ALL, by_kind=(True,), quantile=(0.6,), precision=(4.0,)),
        crossed(**_UCB, personal=(True,), by_kind=(False,), quantile=(0.55,), precision=(1.0, 4.0)),
    ),
    "bayesianbandits ts": grid(
        bayesian_agent,
        crossed(explores=("ts",), **_ALL, precision=(0.3, 1.0, 4.0, 15.0, 60.0)),
        crossed(explores=("ts",), **_ALL, precision=(4.0, 15.0), a=(1.0,), b=(0.1, 0.3)),
        crossed(explores=("ts",), **_ALL, by_kind=(True,), precision=(4.0, 15.0, 60.0)),
        crossed(explores=("ts",), personal=(True,), precision=(4.0, 15.0)),
    ),
}
