"""`python -m ml.pipelines.judge`: reads a decision log and prints one JSON of figures.

`--log FILE` reads JSON lines. `--database` reads the address from standard input (it holds a password), once
in `--every-s` at most among all who ask, and keeps the figures in `ml.findings`, where the api finds them.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from ml.pipelines.alarms import alarms, of_trial
from ml.pipelines.compared import Figures, replay, watched
from ml.pipelines.log import DAY_S, Log, days, read_lines
from ml.pipelines.trial import SHARES, trial

WINDOW_DAYS = 30
LATELY = 200
"""decisions: a policy in none of them is not in ml any more"""


def judge(log: Log, now: float) -> Figures:
    """`now` in days since 1970."""
    lately = [d for d in log.decisions if d.scored][-LATELY:]
    incumbent = _incumbent(log)
    versions = {d.policy: d.version for d in lately}
    versions |= {name: watcher.version for d in lately for name, watcher in d.watchers.items()}
    found = alarms(log.decisions, now)
    policies: dict[str, Figures] = {}
    for name in sorted(set(versions) - {incumbent}):
        standing = next((s for s in log.standings if s.policy == name and s.state in SHARES), None)
        on_trial = standing and trial(log, standing, now)
        if on_trial:
            found += of_trial(name, on_trial["sampleRatioP"])
        policies[name] = {
            "version": versions[name],
            "incumbent": incumbent,
            "replay": replay(log.decisions, name, versions[name], incumbent),
            "watched": watched(log.decisions, name, versions[name], incumbent),
            "canary": on_trial,
        }
    figures: Figures = _told(
        {
            "at": datetime.fromtimestamp(now * DAY_S, UTC).isoformat(),
            "days": WINDOW_DAYS,
            "decisions": len(log.decisions),
            "cut": log.cut,
            "incumbent": incumbent,
            "policies": policies,
            "alarms": [asdict(alarm) for alarm in found],
        }
    )
    return figures


def _incumbent(log: Log) -> str:
    """The launched one; else who decides most for people that are on no trial."""
    launched = next((s.policy for s in log.standings if s.state == "launched"), None)
    usual = [d.policy for d in log.decisions if d.scored and d.arm != "new"][-LATELY:]
    return launched or (Counter(usual).most_common(1)[0][0] if usual else "")


def _told(value: Any) -> Any:
    """JSON has no infinity: what is not sure is null."""
    if isinstance(value, dict):
        return {name: _told(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_told(part) for part in value]
    if isinstance(value, float):
        return round(value, 6) if isfinite(value) else None
    return value


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m ml.pipelines.judge", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--log", type=Path, help="JSON lines, as npm run lab -- replay reads them")
    source.add_argument("--database", action="store_true", help="its address comes on standard input")
    parser.add_argument("--now", help="RFC 3339; default: now")
    parser.add_argument("--every-s", type=float, default=0.0)
    asked = parser.parse_args(words)
    now = days(asked.now) if asked.now else time.time() / DAY_S
    if asked.log:
        with asked.log.open() as lines:
            figures = judge(read_lines(lines), now)
    else:
        from ml.pipelines.database import judged  # noqa: PLC0415 - the driver is loaded only where it is used

        os.nice(19)  # beside a service that answers people
        url = sys.stdin.readline().strip()
        written = asyncio.run(judged(url, now, WINDOW_DAYS, asked.every_s, judge))
        if written is None:
            return 0
        figures = written
    sys.stdout.write(json.dumps(figures, allow_nan=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
