"""The peers' tests need the peers: they are collected in `.venv-lab` and nowhere else."""

from importlib.util import find_spec

LAB = ("peers/test_*.py", "tracks/test_bakeoff.py", "tracks/test_offpolicy.py")
collect_ignore_glob = [] if find_spec("vowpalwabbit") else list(LAB)
