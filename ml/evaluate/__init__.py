"""Evaluation: what another policy would have earned, how sure that is, and whether the log can be trusted."""

from ml.evaluate.audit import Audit, audit, audit_each
from ml.evaluate.candidates import Candidates
from ml.evaluate.collapse import Collapse, collapse
from ml.evaluate.compare_people import compare_people
from ml.evaluate.dr import dr, dr_difference, dr_terms
from ml.evaluate.drift import Drift, RewardDrift, drifts, reward_drift
from ml.evaluate.estimate import Estimate
from ml.evaluate.holm import holm
from ml.evaluate.ips import ips, ips_terms
from ml.evaluate.logged import Logged
from ml.evaluate.outcomes import Outcomes, difference_outcomes, dr_outcomes, ips_outcomes
from ml.evaluate.paired import Paired, paired_t, wilcoxon
from ml.evaluate.per_person import per_person
from ml.evaluate.reward_model import CrossFitted, RewardModel, cross_fit, fit
from ml.evaluate.sample_ratio import sample_ratio, sample_ratio_anytime
from ml.evaluate.sequence import Bounds, confidence_now, confidence_sequence, evidence_above
from ml.evaluate.snips import snips
from ml.evaluate.switch_dr import best_threshold, switch_dr
from ml.evaluate.windows import under_windows

__all__ = [
    "Audit",
    "Bounds",
    "Candidates",
    "Collapse",
    "CrossFitted",
    "Drift",
    "Estimate",
    "Logged",
    "Outcomes",
    "Paired",
    "RewardDrift",
    "RewardModel",
    "audit",
    "audit_each",
    "best_threshold",
    "collapse",
    "compare_people",
    "confidence_now",
    "confidence_sequence",
    "cross_fit",
    "difference_outcomes",
    "dr",
    "dr_difference",
    "dr_outcomes",
    "dr_terms",
    "drifts",
    "evidence_above",
    "fit",
    "holm",
    "ips",
    "ips_outcomes",
    "ips_terms",
    "paired_t",
    "per_person",
    "reward_drift",
    "sample_ratio",
    "sample_ratio_anytime",
    "snips",
    "switch_dr",
    "under_windows",
    "wilcoxon",
]
