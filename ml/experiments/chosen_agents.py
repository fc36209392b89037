"""The one configuration of each peer among candidates (track B), tuned on seeds 0–9: peers/README.md."""

from collections.abc import Mapping

from ml.experiments.agent import Build
from ml.experiments.peers.bayesianbandits import bayesian_agent
from ml.experiments.peers.coba import coba_agent
from ml.experiments.peers.contextualbandits import contextual_agent
from ml.experiments.peers.mabwiser import mabwiser_agent
from ml.experiments.peers.river import river_agent
from ml.experiments.peers.vowpalwabbit import vw_agent

AGENTS: Mapping[str, Build] = {
    "vw squarecb": vw_agent("squarecb", width=300, rate=0.5, personal=True, by_kind=True),
    "vw regcb": vw_agent("regcbopt", width=0.01, rate=0.5, personal=True, also="--quadratic aa"),
    "vw cover": vw_agent("cover", width=0.1, rate=0.15, personal=True, also="--nounif"),
    "vw epsilon": vw_agent("epsilon", width=0.002, rate=0.5, personal=True, by_kind=True),
    "river": river_agent("ucb", alpha=1.0, beta=4.0, personal=False, by_kind=True, width=0.5),
    "mabwiser": mabwiser_agent("linucb", width=0.5, ridge=1.0, personal=False, sees="candidate"),
    "contextualbandits": contextual_agent(
        0.25, ridge=1.0, from_empty=True, personal=False, rounds="half", sees="candidate"
    ),
    "coba": coba_agent("linucb", width=0.1, personal=False, features=("a", "aa")),
    "bayesianbandits ucb": bayesian_agent("ucb", personal=False, by_kind=True, samples=200),
    "bayesianbandits ts": bayesian_agent("ts", personal=False, by_kind=True, precision=4.0),
}
