"""A real ml with an order-sensitive policy, as a process that a proof may kill; and the broken ones of the controls.

Run as `python scorer.py PORT [ids|checksums]` with SECRET and DATABASE in the environment. The second word takes away
what must not be missing: the memory of ids, or the look at checksums.
"""

import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
READY_WITHIN_S = 30.0
SECRET = "proofs-" + "0123456789abcdef" * 2


class Scorer:
    """The process, seen from the proof."""

    def __init__(self, database: str, port: int, without: str = "") -> None:
        self._database, self.port, self._without = database, port, without
        self._process: subprocess.Popen[bytes] | None = None
        self.is_up = False

    def start(self) -> None:
        self.is_up = False
        command = [sys.executable, __file__, str(self.port), self._without]
        env = {"PATH": os.environ["PATH"], "SECRET": SECRET, "DATABASE": self._database, "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while self.ask("GET", "/health")[0] != 200:
            if time.monotonic() > until:
                raise RuntimeError("ml did not come up")
            time.sleep(0.05)

    def ask(self, method: str, path: str, body: object = None, within_s: float = 10.0) -> tuple[int, object]:
        """The status and the answer; status 0 where there was none."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=within_s)
        try:
            headers = {"content-type": "application/json", "x-oo-secret": SECRET}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text)
        except (OSError, HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()


def _break(without: str) -> None:
    """What the controls lack."""
    import ml.serving.learn as learning
    import ml.state.recall as recalling

    if without == "ids":
        term = learning._term
        learning._term = lambda event, known: term({**event, "eventId": uuid4().hex}, known)
    if without == "checksums":
        recalling.verified = lambda person, policy, version, made_of, data, expected: data


def _serve(port: int, without: str) -> None:
    from ml.features import WIDTH
    from ml.policy import make
    from ml.policy.forgetful import Forgetful
    from ml.serving.policies import Policies
    from ml.serving.serve import serve
    from ml.serving.settings import Settings, use_one_blas_thread

    use_one_blas_thread()
    _break(without)
    settings = Settings(
        port=port,
        bind="127.0.0.1",
        secret=os.environ["SECRET"],
        database_url=os.environ["DATABASE"],
        policy="forgetful",
        shadows=("random",),
    )
    serve(settings, Policies(Forgetful(WIDTH), (make("random", WIDTH),)))


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
