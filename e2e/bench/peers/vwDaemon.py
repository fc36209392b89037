"""The VW daemon of the Python package: `vwDaemon.py PORT`. One connection at a time; it listens on all addresses."""

import sys

from vowpalwabbit import Workspace, pyvw

POLICY = "--cb_explore_adf --cb_type mtr --epsilon 0.02 --random_seed 1 --testonly --quiet"
DAEMON = f"--daemon --foreground --num_children 1 --port {sys.argv[1]}"

pyvw.pylibvw.vw.run_parser(Workspace(arg_list=f"{POLICY} {DAEMON}".split()))
