"""What the lines of track C come to: bias, error, coverage per pair of policies; marks over all logs."""

from collections.abc import Sequence

import numpy as np

from ml.experiments.marks import Mark, Section, Table
from ml.experiments.runs import Line
from ml.policy.base import Floats

UNBIASED = ("ips", "snips", "dr")
"""SWITCH-DR is biased on purpose; its error is what counts."""
ALL = (*UNBIASED, "switch_dr")
WITHIN_SE = 2.0
LEVEL = 0.95
SAME = 1e-9


def judged(lines: Sequence[Line]) -> Section:
    pairs: dict[str, list[Line]] = {}
    for line in lines:
        pairs.setdefault(f"{line['place']} → {line['agent']}", []).append(line)
    rows = tuple(_row(pair, of) for pair, of in pairs.items())
    head = ("log → target", "logs", "truth", "ESS", *(f"{name} bias" for name in ALL))
    head += (*(f"{name} RMSE" for name in ALL), "held, ips", "held, dr", "width, dr")
    marks = [_unbiased(lines, name) for name in UNBIASED]
    marks += [_held(lines, name) for name in ("ips", "dr")]
    apart = max(line["obp"][name] for line in lines for name in ALL)
    marks.append(Mark("as obp's of the same name, to 1e-9", f"{apart:.1e}", apart <= SAME))
    figures = {
        "pairs": {
            pair: {name: [float(np.mean(_errors(of, name))), _rmse(of, name)] for name in ALL}
            for pair, of in pairs.items()
        },
        "seeds": sorted({line["seed"] for line in lines}),
    }
    table = Table(f"{len(lines)} logs of about {lines[0]['rows']} decisions", head, rows)
    return Section("C", "off-policy estimators against the truth", (table,), tuple(marks), figures)


def _row(pair: str, of: Sequence[Line]) -> tuple[str, ...]:
    bias = [f"{np.mean(e):+.4f} ±{_se(e):.4f}" for e in (_errors(of, name) for name in ALL)]
    return (
        pair,
        str(len(of)),
        f"{np.mean([line['truth'] for line in of]):.3f}",
        f"{np.mean([line['ess'] for line in of]):.0f}",
        *bias,
        *(f"{_rmse(of, name):.4f}" for name in ALL),
        *(f"{np.mean([line['sequence'][name][0] for line in of]):.0%}" for name in ("ips", "dr")),
        f"{np.mean([line['sequence']['dr'][1] for line in of]):.3f}",
    )


def _errors(of: Sequence[Line], name: str) -> Floats:
    return np.array([line["error"][name] for line in of])


def _se(errors: Floats) -> float:
    return float(errors.std(ddof=1) / np.sqrt(len(errors))) if len(errors) > 1 else float("nan")


def _rmse(of: Sequence[Line], name: str) -> float:
    return float(np.sqrt(np.mean(np.square(_errors(of, name)))))


def _unbiased(lines: Sequence[Line], name: str) -> Mark:
    """Logs of one seed share a world, so a seed counts once."""
    seeds = sorted({line["seed"] for line in lines})
    errors = np.array([np.mean([ln["error"][name] for ln in lines if ln["seed"] == seed]) for seed in seeds])
    bias, se = float(errors.mean()), _se(errors)
    says = f"{name} unbiased within {WITHIN_SE:.0f} s.e."
    passed = None if np.isnan(se) else abs(bias) <= WITHIN_SE * se
    return Mark(says, f"{bias:+.5f}, s.e. {se:.5f}", passed)


def _held(lines: Sequence[Line], name: str) -> Mark:
    held = [bool(line["sequence"][name][0]) for line in lines]
    says = f"confidence sequence ({name}) holds the truth at every moment in ≥ {LEVEL:.0%} of logs"
    return Mark(says, f"{np.mean(held):.1%} of {len(held)}", float(np.mean(held)) >= LEVEL)
