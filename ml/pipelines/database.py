"""The log from the database, as oo_ml; the figures into `ml.findings`. Reads have bounds and deadlines."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import numpy as np

from ml.pipelines.log import DAY_S, Decision, Log, Standing, watchers, whole

MOST_DECISIONS = 20_000
MOST_OPT_OUTS = 50_000
AT_ONCE = 500
DEADLINE_S = 120.0
KEPT_DAYS = 90
_LOCK = 0x6F4F_6A75  # "oOju": one judge at a time

_DECISIONS = """
    SELECT d.person_id, d.at, d.trigger, d.policy, d.policy_version, d.experiment, d.arm, d.chosen,
           d.probabilities, d.scores, d.feature_names, d.features, d.kind, d.shadows, r.reward, r.reaction
      FROM analytics.ml_decisions d LEFT JOIN analytics.ml_rewards r ON r.decision_id = d.id
     WHERE d.at > $1 AND d.at <= $2 ORDER BY d.at DESC LIMIT $3
"""


async def judged(
    url: str, now: float, window_days: float, every_s: float, judge: Callable[[Log, float], dict[str, Any]]
) -> dict[str, Any] | None:
    """None: somebody else judges now, or did so a moment ago."""
    connection = await asyncpg.connect(url, timeout=5, command_timeout=DEADLINE_S)
    try:
        at = datetime.fromtimestamp(now * DAY_S, UTC)
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            return None
        last = await connection.fetchval("SELECT max(at) FROM ml.findings")
        if last and at - last < timedelta(seconds=every_s):
            return None
        figures = judge(await _read(connection, at, window_days), now)
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO ml.findings (at, figures) VALUES ($1, $2) ON CONFLICT (at) DO NOTHING",
                at,
                json.dumps(figures, allow_nan=False),
            )
            await connection.execute("DELETE FROM ml.findings WHERE at < $1", at - timedelta(days=KEPT_DAYS))
        return figures
    finally:
        await connection.close(timeout=5)


async def _read(connection: Any, at: datetime, window_days: float) -> Log:
    since, decisions = at - timedelta(days=window_days), []
    # One snapshot, streamed: the rows as they come are larger than what is kept of them.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        cursor = connection.cursor(_DECISIONS, since, at, MOST_DECISIONS, prefetch=AT_ONCE)
        decisions = [_decision(row) async for row in cursor]
        standings = await connection.fetch(
            "SELECT name AS policy, state, since, experiment FROM analytics.ml_policies"
        )
        opt_outs = await connection.fetch(
            "SELECT person_id, at FROM analytics.ml_opt_outs WHERE at > $1 ORDER BY at DESC LIMIT $2",
            since,
            MOST_OPT_OUTS,
        )
    decisions.reverse()
    return Log(
        decisions,
        [Standing(r["policy"], r["state"], _days(r["since"]), str(r["experiment"])) for r in standings],
        [(str(r["person_id"]), _days(r["at"])) for r in opt_outs],
        cut=len(decisions) == MOST_DECISIONS,
    )


def _decision(row: Any) -> Decision:
    p = np.frombuffer(row["probabilities"], dtype="<f4").astype(np.float64)
    scores = np.frombuffer(row["scores"], dtype="<f4").astype(np.float64)
    names = tuple(row["feature_names"])
    x = np.frombuffer(row["features"], dtype="<f4").astype(np.float64)
    fits = len(names) > 0 and len(x) == len(p) * len(names)
    chosen = row["chosen"]
    return Decision(
        person=str(row["person_id"]),
        t=_days(row["at"]),
        policy=row["policy"],
        version=row["policy_version"],
        p=whole(p),
        chosen=chosen,
        names=names,
        x=x.reshape(len(p), len(names)) if fits else np.zeros((0, 0)),
        score=float(scores[chosen]) if chosen is not None and chosen < len(scores) else np.nan,
        watchers=watchers(json.loads(row["shadows"] or "[]"), len(p)),
        reward=np.nan if row["reward"] is None else row["reward"],
        reaction=row["reaction"],
        kind=row["kind"] or "",
        trigger=row["trigger"],
        experiment=None if row["experiment"] is None else str(row["experiment"]),
        arm=row["arm"],
    )


def _days(at: datetime) -> float:
    return at.timestamp() / DAY_S
