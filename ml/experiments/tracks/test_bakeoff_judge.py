"""Wins of the bake-off are counted by seed and corrected for the number of tasks."""

import numpy as np

from ml.experiments.tracks.bakeoff_judge import judged


def lines(ahead: float, tasks: int = 16, seeds: int = 30) -> list[dict[str, object]]:
    rng = np.random.default_rng(8)
    found: list[dict[str, object]] = []
    for task in range(tasks):
        for seed in range(seeds):
            luck = rng.normal(0.3, 0.05)
            losses = {
                "hb_ts": luck,
                "vw x": luck + ahead + rng.normal(0, 0.01),
                "even": luck + rng.normal(0, 0.01),
            }
            found += [
                {"place": f"t{task}", "agent": name, "seed": seed, "loss": loss}
                for name, loss in losses.items()
            ]
    return found


def test_who_is_ahead_everywhere_wins_every_task_and_who_is_even_wins_none() -> None:
    section = judged(lines(0.02), ("hb_ts",))
    assert section.figures["wins"]["hb_ts against vw x"] == [16, 0]
    assert section.figures["wins"]["vw x against hb_ts"] == [0, 16]
    # Sixteen questions about nothing: uncorrected, about one would be answered.
    assert section.figures["wins"]["hb_ts against even"] == [0, 0]
    vw = [mark for mark in section.marks if mark.says.startswith("≥ +6 of 16")]
    assert [(mark.figure, mark.passed) for mark in vw] == [("+16", True)]


def test_a_peer_that_is_better_costs_the_marks() -> None:
    section = judged(lines(-0.02), ("hb_ts",))
    passed = {mark.says: mark.passed for mark in section.marks}
    assert passed["mean loss ≤ every peer's"] is False
    assert passed["net significant wins ≥ 0 against each"] is False
    assert section.figures["means"]["vw x"] < section.figures["means"]["hb_ts"]
