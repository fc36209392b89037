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
    "vw squarecb": vw_agent("squarecb", width=1000, rate=0.5, personal=True),
    "vw regcb": vw_agent("regcbopt", width=0.01, rate=0.5, personal=True),
    "vw cover": vw_agent("cover", width=0.1, rate=0.5, personal=True),
    "vw epsilon": vw_agent("epsilon", width=0.02, rate=0.5, personal=True),
    "river": river_agent("as_said", alpha=1.0, beta=4.0, personal=False, by_kind=False),
    "mabwiser": mabwiser_agent("linucb", width=0.2, ridge=1.0, personal=False, sees="moment"),
    "contextualbandits": contextual_agent(
        0.25, ridge=1.0, from_empty=False, personal=False, rounds="half", sees="moment"
    ),
    "coba": coba_agent("linucb", width=0.1, personal=False),
    "bayesianbandits ucb": bayesian_agent("ucb", personal=False, samples=200),
    "bayesianbandits ts": bayesian_agent("ts", personal=False),
}
