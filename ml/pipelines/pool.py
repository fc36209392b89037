"""`python -m ml.pipelines.pool`: fits the population's prior from those who agreed to pooling.

The database's address comes on standard input (it holds a password). It prints what became of it as JSON, or
nothing where somebody else fits now or has done so since `--after`.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence

from ml.pipelines.log import DAY_S, days
from ml.policy import POLICIES
from ml.policy.moment import Moments


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m ml.pipelines.pool", description=__doc__)
    parser.add_argument("--policy", choices=sorted([*POLICIES, Moments.name]), default="hb_ts")
    parser.add_argument("--now", help="RFC 3339; default: now")
    parser.add_argument("--after", type=int, help="the fit that is known to be in force; 0 for none")
    parser.add_argument("--keep-days", type=float, default=30.0, help="how long decisions are logged")
    asked = parser.parse_args(words)
    now = days(asked.now) if asked.now else time.time() / DAY_S

    from ml.pipelines.pooling import Refused, pool  # noqa: PLC0415 - numpy and the driver, once words are right

    os.nice(19)  # beside a service that answers people
    url = sys.stdin.readline().strip()
    try:
        fit = asyncio.run(pool(url, asked.policy, now, asked.keep_days, asked.after))
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    except Exception as error:  # its message could repeat what it was about
        sys.stderr.write(f"The prior could not be fitted ({type(error).__name__}).\n")
        return 1
    if fit is not None:
        told = {"outcome": fit.outcome, "people": fit.people, "version": fit.version, "said": fit.said}
        sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
