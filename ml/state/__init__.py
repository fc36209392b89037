"""A person's learned state: a pure function of their reward terms. Only this knows schema `ml`."""

from ml.state.coalesced import Coalesced
from ml.state.learning import Apart, Learning, learning_of
from ml.state.opportunities import Opportunities, Opportunity
from ml.state.packing import Damaged
from ml.state.recall import opened
from ml.state.store import Away, Recalled, Store
from ml.state.term import DAY_S, Term

__all__ = [
    "DAY_S",
    "Apart",
    "Away",
    "Coalesced",
    "Damaged",
    "Learning",
    "Opportunities",
    "Opportunity",
    "Recalled",
    "Store",
    "Term",
    "learning_of",
    "opened",
]
