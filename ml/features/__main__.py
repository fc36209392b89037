"""`python -m ml.features`: what each column says to a person, as JSON; its words are written nowhere else."""

import json
import sys

from ml.features.learned import LEARNED
from ml.features.registry import BY_COLUMN


def document() -> dict[str, dict[str, str]]:
    return {
        column: {
            "purpose": feature.purpose,
            "why": feature.reason(column, 1.0),
            "whyBelow": feature.why_below,
            "whyLess": feature.reason_less(column),
            "learnedMore": LEARNED[column].more,
            "learnedLess": LEARNED[column].less,
        }
        for column, feature in BY_COLUMN.items()
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=2) + "\n")
