"""The suite every policy passes. `test_policies.py` runs it for each name, and for broken policies to catch.

A check takes a builder (each call gives an equal, untouched policy) and the number of columns, and raises
AssertionError with a sentence. Seeds are fixed: a check passes always or never.
"""

from collections.abc import Callable
from itertools import permutations

import numpy as np
from numpy.random import Generator, default_rng

from ml.policy.base import Decides, Explains, Floats, Policy, State
from ml.policy.draw import draw

Build = Callable[[], Policy]
Check = Callable[[Build, int], None]
SIZES = (1, 2, 7, 64)
DRAWS = 20_000
STATE_ROUNDING = 1e-5
"""What a state's seven digits may do to a probability; exactly the same steps give exactly the same."""


def _block(k: int, d: int, seed: int = 11) -> Floats:
    return default_rng(seed).uniform(0.0, 1.0, size=(k, d))


def _lived(policy: Policy, d: int, n: int = 9) -> State:
    """A state after n rewards over some days."""
    rng, state = default_rng(5), policy.fresh()
    for day in range(n):
        state = policy.update(state, rng.uniform(0, 1, size=d), float(rng.uniform(-1, 1)), float(day))
    return state


def _behaves_alike(policy: Policy, one: State, other: State, d: int) -> bool:
    block = _block(7, d)
    left = policy.choose(one, block, default_rng(3), 20.0)
    right = policy.choose(other, block, default_rng(3), 20.0)
    return bool(np.allclose(left, right, rtol=0, atol=STATE_ROUNDING))


def _proper(p: Floats, k: int) -> None:
    assert p.shape == (k,), f"{k} candidates need {k} probabilities, got shape {p.shape}"
    assert np.isfinite(p).all(), "a probability is not finite"
    assert (p >= 0).all(), "a probability is negative"
    assert abs(float(p.sum()) - 1) < 1e-9, f"probabilities sum to {p.sum()}"


def sums_to_one(build: Build, d: int) -> None:
    policy = build()
    for state in (policy.fresh(), _lived(policy, d)):
        for k in SIZES:
            _proper(policy.choose(state, _block(k, d), default_rng(1), 10.0), k)


def supports_every_candidate(build: Build, d: int) -> None:
    policy = build()
    for k in SIZES:
        p = policy.choose(_lived(policy, d), _block(k, d), default_rng(1), 10.0)
        assert (p > 0).all(), f"a candidate of {k} has no chance, so nothing can be learned about it"


def repeats_with_the_same_seed(build: Build, d: int) -> None:
    one, other, block = build(), build(), _block(7, d)
    left = one.choose(_lived(one, d), block, default_rng(42), 10.0)
    right = other.choose(_lived(other, d), block, default_rng(42), 10.0)
    assert (left == right).all(), "the same seed gave different probabilities"


def survives_serialisation(build: Build, d: int) -> None:
    policy = build()
    for state in (policy.fresh(), _lived(policy, d)):
        data = state.to_bytes()
        again = type(state).from_bytes(data)
        assert again.to_bytes() == data, "a state changed on its way through bytes"
        assert _behaves_alike(policy, state, again, d), "a state read from bytes decides differently"


def refuses_foreign_bytes(build: Build, d: int) -> None:
    state = _lived(build(), d)
    for data in (b"", b"\0" * 7, state.to_bytes()[:-1], state.to_bytes() + b"x"):
        try:
            type(state).from_bytes(data)
        except ValueError:
            continue
        raise AssertionError("damaged bytes were read as a state")


def ignores_order_within_an_instant(build: Build, d: int) -> None:
    policy, rng = build(), default_rng(8)
    events = [(rng.uniform(0, 1, size=d), r) for r in (1.0, -1.0, 0.5)]
    states = []
    for order in permutations(events):
        state = policy.fresh()
        for x, reward in order:
            state = policy.update(state, x, reward, 4.0)
        states.append(state)
    assert all(_behaves_alike(policy, states[0], s, d) for s in states), "order within an instant matters"


def undoes_and_corrects(build: Build, d: int) -> None:
    policy = build()
    before, x = _lived(policy, d), _block(1, d, seed=21)[0]
    kept = before.to_bytes()
    after = policy.update(before, x, 1.0, 9.0)
    assert before.to_bytes() == kept, "update changed the state it was given"
    assert _behaves_alike(policy, policy.revise(after, x, 1.0, None, 9.0), before, d), "undo left a trace"
    corrected = policy.revise(policy.update(before, x, 0.0, 9.0), x, 0.0, 1.0, 9.0)
    assert _behaves_alike(policy, corrected, after, d), "a late reward is not the reward itself"


def corrects_late_as_if_it_had_known(build: Build, d: int) -> None:
    """The default reward comes after a day; a completion that is heard of later still counts as itself."""
    policy = build()
    before, (x, y, z) = _lived(policy, d), _block(3, d, seed=22)
    states = []
    for first in (0.0, 1.0):
        state = policy.update(before, x, first, 9.0)
        state = policy.update(policy.update(state, y, -0.5, 9.5), z, 0.5, 15.0)
        states.append(policy.revise(state, x, first, 1.0, 9.0))
    assert _behaves_alike(policy, states[0], states[1], d), "a late correction is not as good as having known"


def drifts_back_when_idle(build: Build, d: int) -> None:
    policy, block = build(), _block(7, d)
    idle = policy.choose(_lived(policy, d), block, default_rng(3), 1e5)
    assert np.allclose(idle, policy.choose(policy.fresh(), block, default_rng(3), 1e5), rtol=0, atol=1e-9), (
        "someone who was away for ever is not like someone new"
    )


def ignores_the_order_of_candidates(build: Build, d: int) -> None:
    policy, block, order = build(), _block(7, d), [3, 0, 6, 2, 5, 1, 4]
    state = _lived(policy, d)
    p = policy.choose(state, block, default_rng(3), 10.0)
    shuffled = policy.choose(state, block[order], default_rng(3), 10.0)
    assert np.allclose(p[order], shuffled, rtol=0, atol=1e-9), "the place in the list matters"


def explains_in_finite_numbers(build: Build, d: int) -> None:
    policy = build()
    if not isinstance(policy, Explains):
        return
    for state in (policy.fresh(), _lived(policy, d)):
        for value in (0.5, 1e300, np.nan, -np.inf):
            block = _block(5, d)
            block[2] = value
            added = policy.contributions(state, block, 10.0)
            assert added.shape == (5, d), f"a block of 5×{d} is explained by {added.shape}"
            assert np.isfinite(added).all(), "an explanation is not finite"


def decides_in_one_pass_what_it_says_in_two(build: Build, d: int) -> None:
    policy = build()
    if not isinstance(policy, Decides) or not isinstance(policy, Explains):
        return
    for state in (policy.fresh(), _lived(policy, d)):
        for k in SIZES:
            block = _block(k, d)
            p, added, usable = policy.decide(state, block, default_rng(3), 10.0)
            assert usable, "a sound posterior was not used"
            assert np.allclose(p, policy.choose(state, block, default_rng(3), 10.0), rtol=0, atol=1e-9), (
                "decide and choose give other probabilities"
            )
            assert np.allclose(added, policy.contributions(state, block, 10.0), rtol=0, atol=1e-9), (
                "decide and contributions explain otherwise"
            )
            _proper(policy.population(block).probabilities, k)


def stays_finite_under_absurd_input(build: Build, d: int) -> None:
    policy = build()
    for value in (0.0, 1e300, -1e300, np.nan, np.inf, -np.inf):
        block = _block(5, d)
        block[2] = value
        _proper(policy.choose(_lived(policy, d), block, default_rng(1), 10.0), 5)
        state = policy.update(policy.fresh(), np.full(d, value), 1.0, 0.0)
        _proper(policy.choose(state, _block(5, d), default_rng(1), 1e5), 5)
    _proper(policy.choose(policy.fresh(), np.zeros((3, d)), default_rng(1)), 3)


def _chi_square_limit(degrees: int, z: float = 3.719) -> float:
    """Wilson–Hilferty: the 99.99 % quantile."""
    h = 2 / (9 * degrees)
    return float(degrees * (1 - h + z * h**0.5) ** 3)


def share_equals_logged_probability(build: Build, d: int) -> None:
    policy = build()
    state, block, rng = _lived(policy, d), _block(7, d), default_rng(2024)
    counts, expected = np.zeros(7), np.zeros(7)
    for _ in range(DRAWS):
        logged = policy.choose(state, block, rng, 10.0)
        expected += logged
        counts[_drawn(policy, logged, rng)] += 1
    chi = float(((counts - expected) ** 2 / expected).sum())
    assert chi < _chi_square_limit(6), f"drawn shares do not match logged probabilities (χ² = {chi:.1f})"


def _drawn(policy: Policy, logged: Floats, rng: Generator) -> int:
    """A policy has no draw of its own; a test double may, to show that a dishonest one is caught."""
    own = getattr(policy, "draw", draw)
    return int(own(logged, rng.random()))


CHECKS: tuple[Check, ...] = (
    sums_to_one,
    supports_every_candidate,
    repeats_with_the_same_seed,
    survives_serialisation,
    refuses_foreign_bytes,
    ignores_order_within_an_instant,
    undoes_and_corrects,
    corrects_late_as_if_it_had_known,
    drifts_back_when_idle,
    ignores_the_order_of_candidates,
    explains_in_finite_numbers,
    decides_in_one_pass_what_it_says_in_two,
    stays_finite_under_absurd_input,
    share_equals_logged_probability,
)
