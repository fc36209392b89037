"""Bodies, read by msgspec in a third of pydantic's time.

The contract stays the only definition: structs are made from its types. Whatever they refuse pydantic reads
again: its word counts, and its sentence is told. Only what is finer than a microsecond is read differently:
rounded, where pydantic cuts it off.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

import msgspec
from pydantic import AfterValidator, AwareDatetime, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

from ml.serving.problems import invalid

T = TypeVar("T")
Check = Callable[[Any], Any]
_KEPT = (date, datetime, UUID)
_PLAIN = (bool, float, int, str, date, UUID, NoneType)
_BOUNDS = ("ge", "le", "min_length", "max_length", "pattern")


def reader(body: type[T]) -> Callable[[bytes], T]:
    """From JSON to a body of the contract, or a Refusal with a sentence."""
    slow, checks = TypeAdapter(body).validate_json, list[tuple[str, Check]]()
    quick = msgspec.json.Decoder(_struct(body, checks)).decode

    def read(data: bytes) -> T:
        try:
            told = msgspec.to_builtins(quick(data), builtin_types=_KEPT)
            for name, check in checks:
                check(told[name])
            return cast(T, told)  # what the struct lets in is of the type: test_reading.py
        except (msgspec.MsgspecError, ValueError, RecursionError):
            try:
                return slow(data)
            except ValidationError as error:
                raise invalid(error) from None

    return read


def _struct(body: Any, checks: list[tuple[str, Check]] | None = None) -> Any:
    """Of a TypedDict that refuses what it does not name. `checks` takes what goes beyond types and bounds."""
    if body.__pydantic_config__.get("extra") != "forbid":
        raise TypeError(f"{body.__name__} must refuse what it does not name.")
    fields: list[Any] = []
    for name, said in get_type_hints(body, include_extras=True).items():
        found: list[Check] = []
        kind = _field(said, found)
        required = name in body.__required_keys__
        fields.append((name, kind) if required else (name, kind | msgspec.UnsetType, msgspec.UNSET))
        if found and (checks is None or not required):
            raise TypeError(f"{body.__name__}.{name} has a check that reading.py would not make.")
        if checks is not None:
            checks += [(name, check) for check in found]
    return msgspec.defstruct(body.__name__, fields, forbid_unknown_fields=True, kw_only=True)


def _field(said: Any, checks: list[Check], bounds: Mapping[str, Any] | None = None) -> Any:
    """The same type as msgspec names it, within these bounds."""
    origin, args = get_origin(said), get_args(said)
    if origin is NotRequired:
        return _field(args[0], checks)
    if origin is Annotated:
        checks += [cast(Check, one.func) for one in args[1:] if isinstance(one, AfterValidator)]
        return _field(args[0], checks, _bounds([one for one in args[1:] if isinstance(one, FieldInfo)]))
    if origin in (Union, UnionType):
        return reduce(or_, (_field(one, checks, None if one is NoneType else bounds) for one in args))
    kind = _plain(said, origin, args, checks)
    return Annotated[kind, msgspec.Meta(**bounds)] if bounds else kind


def _plain(said: Any, origin: Any, args: Sequence[Any], checks: list[Check]) -> Any:
    if origin is list:
        return list.__class_getitem__(_field(args[0], checks))
    if said is AwareDatetime:
        return Annotated[datetime, msgspec.Meta(tz=True)]
    if origin is Literal or said in _PLAIN:
        return said
    if is_typeddict(said):
        return _struct(said)
    raise TypeError(f"The contract says {said}, which reading.py does not know.")


def _bounds(fields: Sequence[FieldInfo]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for one in [one for field in fields for one in field.metadata]:
        named = {name: getattr(one, name) for name in _BOUNDS if hasattr(one, name)}
        if not named:
            raise TypeError(f"The contract says {one}, which reading.py does not know.")
        found |= named
    if "pattern" in found:
        found["pattern"] = _to_the_end(found["pattern"])
    return found


def _to_the_end(pattern: str) -> str:
    """Python's `$` lets a line end follow, pydantic's does not."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern
