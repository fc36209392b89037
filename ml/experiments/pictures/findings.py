"""What the page says of pooling, of evidence, and of the settings, as figures."""

from datetime import timedelta
from functools import lru_cache

import numpy as np
from numpy.random import default_rng

from ml.evaluate import confidence_sequence, dr_outcomes
from ml.evaluate.dr import dr_terms
from ml.evaluate.made_up import played, world
from ml.experiments.pictures.example import HOLDBACK, table
from ml.experiments.pictures.figure import signed
from ml.experiments.pictures.person import NOW, days, policy, rows, task
from ml.features import COLUMNS, FEATURES, WIDTH
from ml.policy import hb_ts, pooling, timing
from ml.policy.inverse_gap import GAMMA
from ml.policy.linear import EPSILON
from ml.policy.sums import HALF_LIFE_DAYS, Sums

PEOPLE, REACTIONS, POOLED, REALLY = (10, 50), 20, "priority", -0.35
LOGS, ROWS, FIRST, CAP = 60, 3_000, 50, 12.0


def settings() -> str:
    prior = policy().prior
    told = (
        ("d", f"{WIDTH} columns of {len(FEATURES)} features"),
        ("h", f"{HALF_LIFE_DAYS:g} days"),
        ("v", f"{hb_ts.V:g}"),
        ("v² is half of that", f"at {hb_ts.RIPE:g} rewards"),
        ("M", f"{hb_ts.DRAWS} draws"),
        ("ε", f"{EPSILON:g}"),
        ("σ² of the shipped prior", f"{prior.noise_var:.2g}"),
        ("κ₀", f"{pooling.START_PEOPLE:g} people"),
        ("a₀", f"{pooling.NOISE_WEIGHT:g}"),
        ("a fit takes", f"{pooling.LEAST_PEOPLE} people with {pooling.LEAST_TAUGHT:g} fresh rewards each"),
        ("γ of the fallback", f"{GAMMA:g}"),
        ("chance near a push’s threshold", f"{timing.LEAST:g} to {timing.MOST:g}"),
        ("holdback", f"{HOLDBACK:g}"),
        ("shipped prior", f"`{prior.version}`"),
    )
    return " · ".join(f"{sign}: {value}" for sign, value in told)


@lru_cache(maxsize=1)
def pooled() -> str:
    """Made-up people whom importance holds back, where the first prior says that it helps."""
    hb, column = policy(), COLUMNS[POOLED]
    start, lines = hb.prior, []
    rng = default_rng(1)
    states = [_life(rng) for _ in range(max(PEOPLE))]
    for people in PEOPLE:
        hb.fit_prior(states[:people], days(NOW))
        fitted = hb.prior
        lines.append(
            [
                str(people),
                signed(fitted.mean[column]),
                f"{np.sqrt(fitted.cov[column, column]):.2f}",
                f"{fitted.noise_var:.2f}",
            ]
        )
    first = [
        "0",
        signed(start.mean[column]),
        f"{np.sqrt(start.cov[column, column]):.2f}",
        f"{start.noise_var:.2f}",
    ]
    return table(["people who agreed", f"mean of `{POOLED}`", "deviation", "σ²"], [first, *lines])


def _life(rng: np.random.Generator) -> Sums:
    hb, state = policy(), Sums.empty(WIDTH)
    truth = hb.prior.mean.copy()
    truth[COLUMNS[POOLED]] = rng.normal(REALLY, 0.1)
    for at in range(REACTIONS):
        then = NOW - timedelta(hours=8 * (REACTIONS - at))
        x = rows((task("a task", priority=int(rng.integers(1, 5))),), then)[0]
        earned = float(np.clip(np.round(2 * (x @ truth + rng.normal(0.0, 0.4))) / 2, -1, 1))
        state = hb.update(state, x, earned, days(then))
    return state


@lru_cache(maxsize=1)
def looked() -> str:
    """In how many logs each interval misses the truth at one look or more."""
    misses = np.zeros(2, np.int64)
    for seed in range(LOGS):
        rng = default_rng([7, seed])
        made = world(rng, ROWS)
        found, logged = played(rng, made)
        each = np.arange(1, ROWS + 1)
        truth = np.cumsum((made.target * made.mean).sum(axis=1)) / each
        bounds = confidence_sequence(dr_outcomes(logged, CAP, found.tail(made.target.reshape(-1), CAP)))
        terms = dr_terms(logged)
        mean = np.cumsum(terms) / each
        spread = np.sqrt(np.maximum(np.cumsum(np.square(terms)) / each - np.square(mean), 0.0) / each)
        lows, highs = (bounds.low, mean - 1.96 * spread), (bounds.high, mean + 1.96 * spread)
        for at, (low, high) in enumerate(zip(lows, highs, strict=True)):
            misses[at] += bool(((truth < low) | (truth > high))[FIRST:].any())
    return (
        f"Of {LOGS} made-up logs of {ROWS:,} decisions, looked at after every one from the {FIRST}th on, the "
        f"usual 95 % interval missed the truth at some look in {misses[1]}, the sequence in {misses[0]}."
    )
