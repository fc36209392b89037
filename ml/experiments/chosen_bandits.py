"""The one configuration of each peer over fixed actions (track A), tuned on seeds 0–9: peers/README.md."""

from collections.abc import Mapping

from ml.experiments.bandit import MakeBandit
from ml.experiments.peers.bayesianbandits import bayesian_bandit
from ml.experiments.peers.coba import coba_bandit
from ml.experiments.peers.contextualbandits import contextual_bandit
from ml.experiments.peers.mabwiser import mabwiser_bandit
from ml.experiments.peers.river import river_bandit
from ml.experiments.peers.vowpalwabbit import vw_bandit

BANDITS: Mapping[str, MakeBandit] = {
    "vw squarecb": vw_bandit("squarecb", width=3000, rate=0.5),
    "vw regcb": vw_bandit("regcbopt", width=0.01, rate=0.5),
    "vw cover": vw_bandit("cover", width=0.001, rate=0.5, also="--nounif"),
    "vw epsilon": vw_bandit("epsilon", width=0.002, rate=1.5),
    "river": river_bandit(alpha=10.0, beta=4.0),
    "mabwiser": mabwiser_bandit("linucb", width=0.2, ridge=3.0),
    "contextualbandits": contextual_bandit(0.2, ridge=1.0, from_empty=True, rounds="not"),
    "coba": coba_bandit("linucb", width=0.25),
    "bayesianbandits ucb": bayesian_bandit("ucb", quantile=0.84, precision=4.0, samples=200),
    "bayesianbandits ts": bayesian_bandit("ts", precision=4.0, a=1.0, b=0.03),
}
