"""Decided together is decided as alone, and who cannot be decided fails nobody else."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from numpy.random import Generator

from ml.features import COLUMNS, WIDTH
from ml.policy import State, make
from ml.policy.base import Floats
from ml.policy.random import Random
from ml.serving.conftest import SECRET
from ml.serving.contract import ScoreRequest
from ml.serving.holdback import Holdback
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.reading import reader
from ml.serving.recent import Recent
from ml.serving.score import Scores, Scoring
from ml.serving.shadows import Watching
from ml.serving.test_score import request, task, timeless

read = reader(ScoreRequest)


class Fragile(Random):
    name = "fragile"

    def choose(self, state: State, x: Floats, rng: Generator, t_days: float | None = None) -> Floats:
        if len(x) == 2:
            raise ZeroDivisionError
        return super().choose(state, x, rng, t_days)


def scored(requests: Sequence[dict[str, Any]], policies: Policies) -> list[Any]:
    metrics = Metrics()
    scoring = Scoring(
        policies, metrics, Watching(policies, metrics), Holdback(0.0, SECRET), Recent(), push_price=0.1
    )
    scores = Scores(scoring)

    async def run() -> list[Any]:
        asking = [scores.score(read(msgspec.json.encode(one))) for one in requests]
        return await asyncio.gather(*asking, return_exceptions=True)

    told = asyncio.run(run())
    metrics.close()
    return [one if isinstance(one, Exception) else timeless(msgspec.json.decode(one)) for one in told]


def moments() -> list[dict[str, Any]]:
    """Of other sizes, zones, hours and doses."""
    zones = ("Europe/Berlin", "America/New_York", "Pacific/Kiritimati")
    return [
        request(
            f"d{at}",
            now=f"2026-03-{10 + at % 9}T{at % 24:02}:30:00Z",
            timeZone=zones[at % 3],
            dosage=at / 4,
            context={"mood": -0.5, "freeMin": at, "busy": at % 2 == 0},
            candidates=[task(f"c{one}", effortMin=one * at, theme="rest") for one in range(at % 5)],
        )
        for at in range(40)
    ]


def test_a_decision_is_the_same_alone_and_in_company() -> None:
    policies = Policies(make("hb_ts", WIDTH, None, COLUMNS), (make("random", WIDTH), make("igw", WIDTH)))
    alone = [scored([one], policies)[0] for one in moments()]
    assert scored(moments(), policies) == alone
    assert any(one["chosen"] for one in alone)


def test_who_cannot_be_decided_fails_nobody_who_asked_at_the_same_time() -> None:
    policies = Policies(Fragile(WIDTH, None, {}), ())
    told = scored(moments(), policies)
    failed = [at for at, one in enumerate(told) if isinstance(one, ZeroDivisionError)]
    assert failed == [at for at in range(40) if at % 5 == 2]
    assert sum(isinstance(one, dict) for one in told) == 32
