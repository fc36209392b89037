"""`python -m ml.features.catalogue`: the table of the README, from what the features say of themselves."""

import sys
from importlib import import_module

from ml.features.feature import Feature
from ml.features.registry import FEATURES

HEAD = """| columns | what it is | part | range | consent | reads | what a person hears when it spoke |
|---|---|---|---|---|---|---|
"""


def table() -> str:
    return HEAD + "".join(_row(feature) for feature in FEATURES)


def _row(feature: Feature) -> str:
    columns = feature.column_names
    about = (import_module(f"ml.features.{feature.name}").__doc__ or "").partition("\n")[0]
    spoken = [feature.reason(column, 1.0) for column in columns] + [feature.why_below]
    spoken += [feature.reason_less(column) for column in columns]
    cells = (
        " ".join(columns),
        about,
        feature.part,
        f"{feature.low:g} to {feature.high:g}",
        feature.purpose,
        ", ".join(feature.reads) or "–",
        " / ".join(filter(None, spoken)),
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    sys.stdout.write(table())
