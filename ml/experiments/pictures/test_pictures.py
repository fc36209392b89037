"""The page is as the code has it; and its example holds together."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ml.experiments.pictures import page
from ml.experiments.pictures.__main__ import main
from ml.experiments.pictures.draws import scores
from ml.experiments.pictures.example import HOLDBACK
from ml.experiments.pictures.page import COMMAND, FIGURES, FOLDER, PAGE, PICTURES, alike, stale
from ml.experiments.pictures.person import CANDIDATES, NOW, ada, days, decided, policy
from ml.policy.hb_ts import DRAWS
from ml.policy.linear import EPSILON

TEXT = (FOLDER / PAGE).read_text()


def test_every_figure_and_picture_of_the_page_is_as_the_code_has_it() -> None:
    found = stale()
    assert not found, f"{', '.join(found)}: not as the code has it any more; run {COMMAND} and read the page"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page and its pictures in another folder."""
    (tmp_path / "decision-engine").mkdir()
    for name in (PAGE, *PICTURES):
        (tmp_path / name).write_text((FOLDER / name).read_text())
    monkeypatch.setattr(page, "FOLDER", tmp_path)
    return tmp_path


def test_a_figure_that_was_changed_is_noticed_and_made_anew(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    share = re.search(r"\d+\.\d %", TEXT)
    assert share
    (copied / PAGE).write_text(TEXT.replace(share[0], "99.9 %", 1))
    (copied / "decision-engine" / "way.svg").unlink()
    assert main(["--check"]) == 1
    assert COMMAND in capsys.readouterr().out
    assert main([]) == 0
    assert capsys.readouterr().out.split() == [PAGE, "decision-engine/way.svg"]
    assert (copied / PAGE).read_text() == TEXT
    assert main(["--check"]) == 0


def test_what_another_machine_rounds_another_way_is_not_stale() -> None:
    assert alike("chance 40.5 % of 21", "chance 40.6 % of 21")
    assert not alike("chance 40.5 %", "chance 40.7 %")
    assert not alike("of 21", "of 22")
    assert not alike("+0.5", "−0.5")
    assert not alike("a walk 0.5", "a run 0.5")


def test_the_page_shows_every_picture_and_every_figure_once() -> None:
    shown = re.findall(r"!\[[^\]]{20,}\]\((\S+)\)", TEXT)
    assert sorted(shown) == sorted(PICTURES)
    assert sorted(re.findall(r"<!-- figures: (\w+) -->", TEXT)) == sorted(FIGURES)
    assert TEXT.count("<!-- end of figures -->") == len(FIGURES)


def test_the_page_can_be_read_and_every_section_says_where_it_is_in_the_code() -> None:
    sections = TEXT.split("\n## ")[1:]
    silent = [
        one.partition("\n")[0] for one in sections if not one.rstrip().split("\n")[-1].startswith("In the")
    ]
    assert silent == []
    assert len(TEXT.splitlines()) <= 370


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_small_said_in_words_and_needs_nothing_from_elsewhere(name: str) -> None:
    svg = PICTURES[name]()
    assert svg == PICTURES[name]()
    assert len(svg) < 14_000
    # Made a line above.
    drawn = ElementTree.fromstring(svg)  # noqa: S314
    words = {tag: drawn.findtext(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc")}
    assert all(len(said or "") > 10 for said in words.values()), words
    assert "prefers-color-scheme: dark" in svg
    assert "href" not in svg
    assert "url(" not in svg


def test_the_example_adds_up() -> None:
    own = decided(ada())
    assert own.made.usable
    assert own.made.probabilities.sum() == pytest.approx(1.0)
    assert own.made.contributions.sum(axis=1) == pytest.approx(own.scores)
    assert own.scores.max() > 0, "nothing would be shown: Ada needs another afternoon"
    drawn, shares = scores(policy().tempered(ada(), days(NOW)))
    assert shares == pytest.approx(own.made.probabilities)
    won = np.bincount(drawn.argmax(axis=1), minlength=len(CANDIDATES)) / DRAWS
    assert shares == pytest.approx((1 - EPSILON) * won + EPSILON / len(CANDIDATES))


def test_the_holdback_is_that_of_serving() -> None:
    told = (FOLDER.parents[1] / "ml" / "serving" / "README.md").read_text()
    assert f"| `OO_ML_HOLDBACK` | {HOLDBACK:g}:" in told
