"""Runs the app under uvicorn on a socket we bound ourselves, until SIGTERM or SIGINT."""

import asyncio
import gc
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager
from errno import EACCES, EADDRINUSE

import uvicorn

from ml.serving.app import create_app
from ml.serving.log import configure, log
from ml.serving.policies import Policies
from ml.serving.settings import Settings, SettingsError

GRACE_S = 4
BACKLOG = 512
COLLECT_AFTER = 50_000
"""Objects more than were let go."""


class _Server(uvicorn.Server):
    """Stops on a signal and then ends like any program: uvicorn's own would raise the signal again."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def serve(settings: Settings, policies: Policies | None = None) -> None:
    """`policies` replaces what the settings name (for proofs)."""
    configure()
    app = create_app(settings, policies)
    _collect_rarely()
    with _bound(settings) as listener:
        for warning in settings.warnings:
            log.warning(warning)
        host, port = listener.getsockname()[:2]
        log.info(f"ml listens on http://{f'[{host}]' if ':' in host else host}:{port}")
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=75,
        )
        _Server(config).run(sockets=[listener])


def _collect_rarely() -> None:
    """What is here now stays, and no request leaves cycles: looking for them took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.bind, settings.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = {EADDRINUSE: "is taken", EACCES: "is not allowed for this user"}.get(
            error.errno or 0, "cannot be opened"
        )
        raise SettingsError(
            f"Port {settings.port} on {settings.bind} {reason}: stop what uses it or set OO_ML_PORT."
        ) from error
    return listener
