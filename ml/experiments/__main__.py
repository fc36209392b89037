"""`npm run lab -- bakeoff | search | simulate | replay | prior`: the lab's command."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGTERM, signal
from time import monotonic
from typing import Any

from ml.experiments.first_prior import fit
from ml.experiments.marks import Section, printed
from ml.experiments.moments_prior import fit_moments
from ml.experiments.plots import draw_all
from ml.experiments.progress import Bar
from ml.experiments.replay import replay
from ml.experiments.results import results
from ml.experiments.runs import Kept, Line, Unit, run
from ml.experiments.search.search import SEARCHED, search
from ml.experiments.simulate import simulate
from ml.experiments.tracks.catalogue import TRACKS

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = "100-129"
QUICK = "100-102"


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="npm run lab --", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    bake = verbs.add_parser("bakeoff", help="all tracks against all peers; writes docs/lab")
    bake.add_argument("--tracks", default=",".join(TRACKS), help="for example B,D")
    bake.add_argument("--seeds", help=f"default {HELD_OUT}; with --quick {QUICK}")
    bake.add_argument("--quick", action="store_true", help="few seeds, the low regime alone, no report")
    bake.add_argument("--out", type=Path, default=ROOT / "docs" / "lab", help="where report and plots go")
    sim = verbs.add_parser("simulate", help="one world with settings of your own")
    sim.add_argument("--world", default="people")
    sim.add_argument("--people", type=int, default=60)
    sim.add_argument("--days", type=int, default=30)
    sim.add_argument("--per-day", type=float, default=2.0)
    sim.add_argument("--personas", default="", help="odds, for example 'night owl=3,avoider=1'; others 0")
    sim.add_argument("--policies", default="hb_ts,linucb,random")
    sim.add_argument("--seeds", default="0-4")
    again = verbs.add_parser("replay", help="what a policy would have earned on a decision log")
    again.add_argument("log", type=Path, help="JSON lines, see ml/experiments/README.md")
    again.add_argument("--policy", default="hb_ts")
    hunt = verbs.add_parser("search", help="what the peers are tuned over, on tuning seeds")
    hunt.add_argument("--track", choices=("A", "B"), required=True)
    hunt.add_argument("--peers", help="for example 'vw squarecb,river'; default all")
    hunt.add_argument("--rounds", type=int, help="stop after so many")
    prior = verbs.add_parser("prior", help="fits the prior that is shipped; writes ml/policy/priors")
    prior.add_argument("--seeds", default="0-3", help="tuning seeds, 0-9")
    prior.add_argument("--of", choices=("features", "moments"), default="features")
    for verb in (bake, sim, again, hunt, prior):
        verb.add_argument("--json", type=Path, help="write the figures there as well")
        verb.add_argument("--processes", type=int, default=2)
    for verb in (bake, hunt):
        verb.add_argument(
            "--keep", type=Path, default=ROOT / ".data" / "lab", help="where finished runs are kept"
        )
    return parser.parse_args(words)


def fitted(asked: argparse.Namespace) -> dict[str, Any]:
    return fit_moments(asked) if asked.of == "moments" else fit(asked)


def seeds_of(text: str) -> list[int]:
    """`100-129`, `3`, or `1,4,7-9`."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def bakeoff(asked: argparse.Namespace) -> dict[str, Any]:
    seeds = seeds_of(asked.seeds or (QUICK if asked.quick else HELD_OUT))
    unknown = [letter for letter in asked.tracks.split(",") if letter not in TRACKS]
    if unknown:
        raise SystemExit(f"There is no track {unknown[0]}; there are {', '.join(TRACKS)}.")
    kept, bar = Kept(asked.keep), Bar(sys.stderr, monotonic)
    sections: list[Section] = []
    for letter in asked.tracks.split(","):
        track = TRACKS[letter]
        units = track.units(seeds, asked.quick)
        lines = run(units, track.work, track.source, kept, asked.processes, bar)
        sections.append(track.judge(lines, asked.quick))
        sys.stdout.write(printed(sections[-1]) + "\n")
        sys.stdout.flush()
    marks = [mark for section in sections for mark in section.marks if mark.passed is not None]
    passed = sum(mark.passed is True for mark in marks)
    sys.stdout.write(f"\n{passed} of {len(marks)} pass marks reached\n")
    report = {
        "made": datetime.now(UTC).date().isoformat(),
        "marks": {"reached": passed, "of": len(marks)},
        "tracks": {section.track: section.to_dict() for section in sections},
    }
    if not asked.quick:
        _merge(asked.out / "report.json", report)
        draw_all(report, asked.out)
        (asked.out / "results.md").write_text(results(report))
    return report


def searched(asked: argparse.Namespace) -> dict[str, Any]:
    track = SEARCHED[asked.track]
    peers = asked.peers.split(",") if asked.peers else list(track.grids())
    kept, bar, source = Kept(asked.keep / "search"), Bar(sys.stderr, monotonic), track.source()

    def play_all(units: Sequence[Unit]) -> list[Line]:
        return run(units, track.work, lambda _: source, kept, asked.processes, bar)

    found = search(track, peers, track.rounds[: asked.rounds], play_all)
    sys.stdout.write(printed(found) + "\n")
    return found.to_dict()


def _merge(path: Path, report: dict[str, Any]) -> None:
    """Tracks that were not run this time stay as they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        before = json.loads(path.read_text())
        report["tracks"] = {**before.get("tracks", {}), **report["tracks"]}
    marks = [m for t in report["tracks"].values() for m in t["marks"] if m["passed"] is not None]
    report["marks"] = {"reached": sum(m["passed"] for m in marks), "of": len(marks)}
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def main(words: Sequence[str]) -> int:
    # Asked to stop, it ends the processes it started as it would on Ctrl-C.
    signal(SIGTERM, lambda *_: sys.exit(143))
    asked = arguments(words)
    verbs = {"bakeoff": bakeoff, "search": searched, "simulate": simulate, "replay": replay, "prior": fitted}
    figures = verbs[asked.verb](asked)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
