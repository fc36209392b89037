"""The page of results is what the report says, and says it all."""

import json
from pathlib import Path

from ml.experiments.results import results

LAB = Path(__file__).resolve().parents[2] / "docs" / "lab"
REPORT = {
    "made": "2026-11-22",
    "marks": {"reached": 1, "of": 2},
    "tracks": {
        "D": {
            "title": "when to interrupt",
            "tables": [{"title": "goals (3 seeds)", "head": ["rule", "net"], "rows": [["fixed", "+0.1"]]}],
            "marks": [
                {"says": "above fixed times", "figure": "2.00 ×", "passed": True},
                {"says": "by 2.5 ×", "figure": "2.00 ×", "passed": False},
                {"says": "by night", "figure": "nobody played", "passed": None},
            ],
            "figures": {"seeds": [100, 101, 102, 110]},
        }
    },
}


def test_what_was_missed_is_told_as_plainly_as_what_was_reached() -> None:
    page = results(REPORT)
    assert "**1 of 2** pass marks" in page
    assert "Seeds 100–102, 110." in page
    assert "| above fixed times | 2.00 × | yes |" in page
    assert "| by 2.5 × | 2.00 × | **no** |" in page
    assert "| by night | nobody played | not measured |" in page
    assert "| fixed | +0.1 |" in page


def test_the_page_in_docs_is_that_of_the_report_beside_it() -> None:
    report = json.loads((LAB / "report.json").read_text(encoding="utf-8"))
    page = results(report)
    assert (LAB / "results.md").read_text(encoding="utf-8") == page
    for picture in LAB.glob("*.png"):
        assert picture.name in page


def test_every_track_is_on_record_with_seeds_that_nothing_was_tuned_on() -> None:
    report = json.loads((LAB / "report.json").read_text(encoding="utf-8"))
    assert sorted(report["tracks"]) == ["A", "B", "C", "D"]
    for track in report["tracks"].values():
        assert min(track["figures"]["seeds"]) >= 100
    assert report["marks"]["of"] == sum(
        mark["passed"] is not None for track in report["tracks"].values() for mark in track["marks"]
    )
