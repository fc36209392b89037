"""Evaluation: what another policy would have earned, how sure that is, and whether the log can be trusted."""

from ml.evaluate.candidates import Candidates
from ml.evaluate.dr import dr, dr_difference, dr_terms
from ml.evaluate.estimate import Estimate
from ml.evaluate.ips import ips, ips_terms
from ml.evaluate.logged import Logged
from ml.evaluate.per_person import per_person
from ml.evaluate.snips import snips
from ml.evaluate.switch_dr import best_threshold, switch_dr

__all__ = [
    "Candidates",
    "Estimate",
    "Logged",
    "best_threshold",
    "dr",
    "dr_difference",
    "dr_terms",
    "ips",
    "ips_terms",
    "per_person",
    "snips",
    "switch_dr",
]
