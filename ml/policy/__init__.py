"""Policies: what turns a decision's features into probabilities. One file each, one interface, one suite."""

from ml.policy.base import (
    Belief,
    Believes,
    Decides,
    Decision,
    Explains,
    OutlivesItsPrior,
    Policy,
    Pools,
    Prior,
    State,
)
from ml.policy.make import POLICIES, UnknownPolicy, make

__all__ = [
    "POLICIES",
    "Belief",
    "Believes",
    "Decides",
    "Decision",
    "Explains",
    "OutlivesItsPrior",
    "Policy",
    "Pools",
    "Prior",
    "State",
    "UnknownPolicy",
    "make",
]
