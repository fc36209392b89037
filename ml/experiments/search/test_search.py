"""A search plays every setting once and keeps the best, on tuning seeds alone."""

from collections.abc import Iterator, Mapping, Sequence

from ml.experiments.runs import Line, Unit
from ml.experiments.search.grid import Grid, crossed, grid, named, read
from ml.experiments.search.search import SEARCHED, Round, search
from ml.experiments.tracks.catalogue import TUNING


class Plain:
    """The score is the setting's `good`."""

    letter, rounds = "B", (Round(9, 1, ("low",)), Round(2, 2, ("low",)))

    def grids(self) -> Mapping[str, Grid]:
        parts = crossed(good=(0.1, 0.4), own=(True, False)), crossed(good=(0.4, 0.9), own=(True,))
        return {"peer": grid(dict, *parts)}

    def units(self, names: Sequence[str], seeds: Sequence[int], places: Sequence[str]) -> list[Unit]:
        return [Unit("B", place, seed, tuple(names), 1.0) for seed in seeds for place in places]

    def source(self) -> str:
        return "s"

    def work(self, unit: Unit) -> Iterator[Line]:
        for name in unit.agents:
            yield {"agent": name, "score": read(name)[1]["good"], "seconds": 0.0}


def test_every_setting_plays_once_and_the_best_go_on() -> None:
    track, played = Plain(), list[tuple[int, str]]()

    def play_all(units: Sequence[Unit]) -> list[Line]:
        lines = []
        for unit in units:
            for line in track.work(unit):
                at = {"place": unit.place, "seed": unit.seed}
                lines.append(line | at | {"key": f"{unit.place} {unit.seed} {line['agent']}"})
                played.append((unit.seed, line["agent"]))
        return lines

    found = search(track, ["peer"], track.rounds, play_all)
    first = [name for seed, name in played[:5] if seed == 0]
    assert len(set(first)) == 5
    assert {read(name)[1]["good"] for _, name in played[5:]} == {0.9, 0.4}
    assert [len(table.rows) for table in found.tables] == [5, 2]
    assert found.tables[1].rows[0][1] == "0.9000"


def test_a_name_says_all_of_a_setting() -> None:
    settings = {"width": 0.1, "also": "--power_t 0", "personal": True}
    assert read(named("vw cover", settings)) == ("vw cover", settings)


def test_no_search_leaves_the_tuning_seeds() -> None:
    for track in SEARCHED.values():
        assert all(1 <= this.seeds <= len(TUNING) for this in track.rounds)
