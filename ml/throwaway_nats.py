"""A JetStream server for tests, on loopback in a temporary folder, gone afterwards."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 20.0


class NatsServer:
    """Keeps its address and its streams over stop and start."""

    def __init__(self, folder: Path) -> None:
        self._binary = _binary()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        password = secrets.token_hex(16)
        self.url = f"nats://oo:{password}@127.0.0.1:{self.port}"
        self._config = folder / "nats.conf"
        self._config.touch(mode=0o600)
        self._config.write_text(
            f'listen: "127.0.0.1:{self.port}"\n'
            f'authorization {{ user: "oo", password: "{password}" }}\n'
            f'jetstream {{ store_dir: "{folder / "streams"}" }}\n'
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._binary, "--config", self._config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START_TIMEOUT_S
        while b'"jetstream":true' not in self._greeting():
            assert self._process.poll() is None, "nats-server did not start"
            assert time.monotonic() < until, "nats-server was not ready in time"
            time.sleep(0.02)

    def _greeting(self) -> bytes:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as talk:
                return talk.recv(4096)
        except OSError:
            return b""

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(timeout=10)


@contextmanager
def nats_server(folder: Path) -> Iterator[NatsServer]:
    server = NatsServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _binary() -> Path:
    lock = sha256((ROOT / "requirements" / "nats.txt").read_bytes()).hexdigest()
    packaged = ROOT / ".venv-nats" / lock[:12] / "bin" / "nats-server"
    found = Path(os.environ.get("OO_TEST_NATS") or packaged)
    if not found.is_file():
        raise RuntimeError(
            "The event stream's tests need nats-server: run `npm test -- python`, which installs it, "
            "or set OO_TEST_NATS to one that is 2.10.23 or newer."
        )
    return found
