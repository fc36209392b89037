"""`python -m ml.experiments.pictures`: makes the page's pictures and figures anew; `--check` looks only."""

import sys

from ml.experiments.pictures.page import COMMAND, stale, write


def main(said: list[str]) -> int:
    found = stale() if "--check" in said else write()
    lines = found or ["everything is as the code has it"]
    sys.stdout.write("\n".join(lines) + "\n")
    if found and "--check" in said:
        sys.stdout.write(f"These are not as the code has it any more; run {COMMAND}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
