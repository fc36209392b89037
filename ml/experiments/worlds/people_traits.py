"""World one: what people differ in, and eight sorts of them. In units of felt appeal; 1 is "gladly"."""

from ml.experiments.worlds.cards import THEMES
from ml.experiments.worlds.population import Personas, Traits
from ml.experiments.worlds.tasks import TOPICS

TRAITS: Traits = {
    "habit1": (8.5, 1.0),  # when they look at oO
    "habit2": (18.5, 1.5),
    "peak": (10.0, 1.2),  # energy
    "peak2": (16.5, 1.2),
    "energy": (0.8, 0.2),
    "energy2": (0.4, 0.2),
    "dip": (0.4, 0.15),
    "receptive1": (9.0, 1.2),  # when a tip is welcome
    "receptive2": (19.0, 1.5),
    "receptive": (0.7, 0.2),
    "todo": (0.15, 0.25),
    "pressure": (0.7, 0.25),  # of a due date
    "horizon_h": (20.0, 6.0),  # how far ahead it presses
    "avoidance": (0.3, 0.25),  # of what is overdue
    "importance": (0.4, 0.2),
    "effort": (0.55, 0.2),
    "small_win": (0.2, 0.15),
    "staleness": (0.1, 0.06),
    "weekend_todo": (-0.3, 0.25),
    "gap": (0.6, 0.25),  # how much it matters that it fits
    "ambient": (-0.15, 0.25),
    "generated": (-0.05, 0.2),
    "stress": (0.6, 0.25),
    "fatigue": (0.05, 0.02),
    "item_bored": (0.5, 0.15),
    "theme_bored": (0.2, 0.1),
    "talks": (0.4, 0.5),
    "intense": (1.0, 0.15),
    **{f"topic{topic}": (0.0, 0.25) for topic in range(TOPICS)},
    "plan": (0.05, 0.25),
    "focus": (0.0, 0.25),
    "break": (0.1, 0.25),
    "social": (-0.1, 0.25),
    "reflect": (-0.1, 0.25),
    "move": (0.0, 0.25),
    "rest": (0.0, 0.25),
    "tidy": (-0.1, 0.25),
}
PERSONAS: Personas = {
    "early planner": {"peak": 7.5, "habit1": 7.5, "receptive1": 7.5, "plan": 0.5, "weekend_todo": 0.0},
    "night owl": {
        "peak": 20.0,
        "peak2": 22.0,
        "habit1": 11.0,
        "habit2": 21.5,
        "receptive1": 12.0,
        "receptive2": 21.5,
        "focus": 0.3,
        "reflect": 0.2,
    },
    "firefighter": {
        "pressure": 1.2,
        "horizon_h": 8.0,
        "avoidance": 0.0,
        "plan": -0.3,
        "reflect": -0.5,
        "importance": 0.7,
        "stress": 0.9,
    },
    "avoider": {
        "avoidance": 1.0,
        "pressure": 0.2,
        "small_win": 0.6,
        "effort": 0.9,
        "todo": -0.1,
        "break": 0.4,
    },
    "carer": {"social": 0.5, "break": 0.3, "rest": 0.3, "todo": 0.0, "weekend_todo": -0.7, "ambient": 0.2},
    "deep worker": {
        "focus": 0.6,
        "effort": 0.15,
        "receptive": 0.3,
        "fatigue": 0.12,
        "social": -0.4,
        "ambient": -0.5,
        "energy": 1.1,
    },
    "weekend mover": {"move": 0.6, "tidy": 0.4, "weekend_todo": 0.4, "todo": -0.05, "reflect": -0.3},
    "tasks only": {
        "todo": 0.5,
        "talks": 0.0,
        "intense": 1.2,
        "ambient": -0.7,
        "generated": -0.4,
        **dict.fromkeys(THEMES, -0.45),
    },
}
