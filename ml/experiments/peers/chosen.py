"""The one fixed configuration of each peer, tuned on seeds 0–9 (README.md has what was tried)."""

from collections.abc import Mapping

from ml.experiments.agent import Build
from ml.experiments.bandit import MakeBandit
from ml.experiments.peers.bayesianbandits import bayesian_agent, bayesian_bandit
from ml.experiments.peers.coba import coba_agent, coba_bandit
from ml.experiments.peers.contextualbandits import contextual_agent, contextual_bandit
from ml.experiments.peers.mabwiser import mabwiser_agent, mabwiser_bandit
from ml.experiments.peers.river import river_agent, river_bandit
from ml.experiments.peers.vowpalwabbit import vw_agent, vw_bandit

AGENTS: Mapping[str, Build] = {
    "vw squarecb": vw_agent("squarecb", width=1000, rate=0.5, personal=True),
    "vw regcb": vw_agent("regcbopt", width=0.01, rate=0.5, personal=True),
    "vw cover": vw_agent("cover", width=0.1, rate=0.5, personal=True),
    "vw epsilon": vw_agent("epsilon", width=0.02, rate=0.5, personal=True),
    "river": river_agent("ucb", alpha=1.0, beta=4.0, personal=False),
    "mabwiser": mabwiser_agent("linucb", width=0.2, ridge=1.0, personal=False),
    "contextualbandits": contextual_agent(0.25, ridge=1.0, from_empty=False, personal=False, by_chance=False),
    "coba": coba_agent("linucb", width=0.1, personal=False),
    "bayesianbandits ucb": bayesian_agent("ucb", personal=False, samples=200),
    "bayesianbandits ts": bayesian_agent("ts", personal=False),
}
BANDITS: Mapping[str, MakeBandit] = {
    "vw squarecb": vw_bandit("squarecb", width=1000, rate=0.5),
    "vw regcb": vw_bandit("regcbopt", width=0.01, rate=0.5),
    "vw cover": vw_bandit("cover", width=0.1, rate=0.25),
    "vw epsilon": vw_bandit("epsilon", width=0.02, rate=1.5),
    "river": river_bandit(alpha=3.0, beta=20.0),
    "mabwiser": mabwiser_bandit("linucb", width=0.2, ridge=1.0),
    "contextualbandits": contextual_bandit(0.5, ridge=1.0, from_empty=True, by_chance=False),
    "coba": coba_bandit("linucb", width=0.25),
    "bayesianbandits ucb": bayesian_bandit("ucb", samples=200),
    "bayesianbandits ts": bayesian_bandit("ts"),
}
