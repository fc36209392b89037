"""`python -m ml.reward`: the table as JSON, so that its numbers are typed nowhere else."""

import json
import sys
from typing import get_args

from ml.reward.table import DEFAULT_REWARD, FINAL, Earned, Reaction, earned


def _told(reward: Earned | None) -> dict[str, object] | None:
    return None if reward is None else {"value": reward.value, "part": reward.part}


def document() -> dict[str, object]:
    reactions: tuple[Reaction, ...] = get_args(Reaction)
    return {
        "reactions": {one: {"reward": _told(earned(one)), "final": one in FINAL} for one in reactions},
        "default": _told(DEFAULT_REWARD),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=2) + "\n")
