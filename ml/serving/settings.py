"""The only reader of the environment in ml. What is wrong is one sentence that says what to do."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address

KNOWN = (
    "OO_ML_PORT",
    "OO_BIND",
    "ML_SHARED_SECRET",
    "OO_ML_DATABASE_URL",
    "OO_ML_POLICY",
    "OO_ML_SHADOWS",
    "OO_ML_RETENTION_DAYS",
    "OO_ML_NATS_URL",
    "OO_ML_HOLDBACK",
    "OO_ML_PUSH_PRICE",
)
MIN_SECRET_CHARS = 32


class SettingsError(Exception):
    """A setting that stops the start."""


@dataclass(frozen=True, slots=True)
class Settings:
    port: int
    bind: str
    secret: str
    database_url: str | None
    policy: str
    shadows: tuple[str, ...]
    retention_days: float = 30.0
    nats_url: str | None = None
    traces_url: str | None = None
    holdback: float = 0.05
    push_price: float = 0.1
    warnings: tuple[str, ...] = ()


def use_one_blas_thread() -> None:
    """Before numpy is imported: our matrices are small, more threads only cost memory and waiting."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def from_environment() -> Settings:
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    policy = environment.get("OO_ML_POLICY") or "hb_ts"
    named = environment.get("OO_ML_SHADOWS", "random").split(",")
    shadows = tuple(dict.fromkeys(name for name in map(str.strip, named) if name and name != policy))
    return Settings(
        port=_port(environment.get("OO_ML_PORT") or "8000"),
        bind=_bind(environment.get("OO_BIND") or "127.0.0.1"),
        secret=_secret(environment.get("ML_SHARED_SECRET", "")),
        database_url=_database_url(environment.get("OO_ML_DATABASE_URL") or None),
        policy=policy,
        shadows=shadows,
        retention_days=_days(environment.get("OO_ML_RETENTION_DAYS") or "30"),
        nats_url=_nats_url(environment.get("OO_ML_NATS_URL") or None),
        traces_url=_traces_url(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None),
        holdback=_share("OO_ML_HOLDBACK", environment.get("OO_ML_HOLDBACK") or "0.05"),
        push_price=_share("OO_ML_PUSH_PRICE", environment.get("OO_ML_PUSH_PRICE") or "0.1"),
        warnings=tuple(_unknown_names(environment)),
    )


def _port(said: str) -> int:
    if not said.isascii() or not said.isdigit() or int(said) > 65535:
        raise SettingsError(f"OO_ML_PORT must be a port number from 0 to 65535, not {said!r}.")
    return int(said)


def _days(said: str) -> float:
    if not said.isascii() or not said.isdigit() or not 2 <= int(said) <= 3650:
        raise SettingsError(f"OO_ML_RETENTION_DAYS must be a number of days from 2 to 3650, not {said!r}.")
    return float(said)


def _share(name: str, said: str) -> float:
    if not re.fullmatch(r"0|1|[01]?\.[0-9]{1,6}", said) or float(said) > 1:
        raise SettingsError(f"{name} must be a number from 0 to 1 such as 0.05, not {said!r}.")
    return float(said)


def _bind(said: str) -> str:
    try:
        return str(ip_address("127.0.0.1" if said == "localhost" else said))
    except ValueError:
        raise SettingsError(f"OO_BIND must be an IP address such as 127.0.0.1, not {said!r}.") from None


def _secret(said: str) -> str:
    if not said:
        raise SettingsError(
            "ML_SHARED_SECRET is not set: give ml and the api the same secret of at least 32 characters."
        )
    if len(said) < MIN_SECRET_CHARS or len(set(said)) < 8:
        raise SettingsError(
            "ML_SHARED_SECRET is too weak: use at least 32 characters, for example 32 random bytes in hex."
        )
    return said


def _database_url(said: str | None) -> str | None:
    if said is not None and not said.startswith(("postgresql://", "postgres://")):
        raise SettingsError(
            "OO_ML_DATABASE_URL must begin with postgresql:// (a socket folder goes in ?host=)."
        )
    return said


def _nats_url(said: str | None) -> str | None:
    if said is not None and not re.fullmatch(r"(nats|tls)://[^@/]+@[^@/]+", said):
        raise SettingsError("OO_ML_NATS_URL must be an address such as nats://user:password@127.0.0.1:4222.")
    return said


def _traces_url(said: str | None) -> str | None:
    if said is not None and not said.startswith(("http://", "https://")):
        raise SettingsError("OTEL_EXPORTER_OTLP_ENDPOINT must be an address such as http://127.0.0.1:4318.")
    return said.rstrip("/") if said else None


def _unknown_names(environment: Mapping[str, str]) -> list[str]:
    unknown = sorted(name for name in environment if name.startswith("OO_ML_") and name not in KNOWN)
    return [_unknown_name(name) for name in unknown]


def _unknown_name(name: str) -> str:
    near = get_close_matches(name, KNOWN, n=1)
    return f"{name} is not a setting of ml." + (f" Did you mean {near[0]}?" if near else "")
