"""World two: what people differ in, and six sorts of them. Traits multiply; 1 is usual."""

from ml.experiments.worlds.cards import THEMES
from ml.experiments.worlds.population import Personas, Traits
from ml.experiments.worlds.tasks import TOPICS

TRAITS: Traits = {
    "habit1": (9.0, 1.5),
    "habit2": (17.5, 2.0),
    "sharp": (10.5, 2.0),  # the hour at which they believe in themselves
    "swing": (0.5, 0.15),  # how much less at other hours
    "confidence": (0.9, 0.4),
    "hardship": (0.6, 0.2),  # what long tasks take from it
    "impulsive": (0.35, 0.12),  # how fast what is far off loses worth
    "shame": (0.35, 0.2),
    "worth": (1.0, 0.2),
    "stakes": (0.5, 0.2),
    "streak": (0.12, 0.06),
    "reactance": (0.08, 0.03),
    "regret": (0.15, 0.08),
    "resistance": (0.72, 0.1),
    "attention": (0.6, 0.4),
    "rhythm_days": (2.0, 0.5),  # how fast a need comes back
    "ambient": (0.45, 0.15),
    "machine": (0.95, 0.12),
    **{f"topic{topic}": (1.0, 0.2) for topic in range(TOPICS)},
    **dict.fromkeys(THEMES, (0.8, 0.2)),
}
PERSONAS: Personas = {
    "sprinter": {"impulsive": 0.7, "sharp": 16.0, "streak": 0.25, "plan": 0.5},
    "gardener": {"impulsive": 0.15, "tidy": 1.3, "plan": 1.2, "rhythm_days": 1.2},
    "worrier": {"shame": 0.8, "confidence": 0.3, "rest": 1.3, "reflect": 1.2, "reactance": 0.16},
    "climber": {"stakes": 1.0, "focus": 1.4, "break": 0.5, "social": 0.5, "hardship": 0.3},
    "host": {"social": 1.5, "worth": 0.75, "move": 1.1, "habit2": 20.0, "sharp": 18.0},
    "late bloomer": {"sharp": 21.0, "habit1": 12.5, "habit2": 21.5, "swing": 0.75, "ambient": 0.8},
}
