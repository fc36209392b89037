"""What is read quickly is what the contract lets in, and means the same; what it refuses is refused."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ml.features.made_up import Decision, decisions
from ml.serving import contract as c
from ml.serving import contract_learned as learned
from ml.serving.problems import Refusal
from ml.serving.reading import reader
from ml.serving.test_contract import request_of

BODIES: tuple[Any, ...] = (
    c.ScoreRequest,
    learned.RewardRequest,
    learned.PersonRequest,
    learned.InsightsRequest,
)
READ = {body: (reader(body), TypeAdapter(body).validate_json) for body in BODIES}
ODD = (
    *("null", "true", "0", "-0.0", "1", "1.0", "5", "-1", "2.5", "1e2", "1e400", "-1e400", "1e-400", "NaN"),
    *(
        "1" + "0" * 40,
        "9007199254740993",
        '""',
        '" "',
        '"x"',
        '"d1\\n"',
        '"\\ud800"',
        '"a\\u0000b"',
        '"é"',
        "[]",
    ),
    *("{}", '{"a":1}', "[null]", '"2026-03-10"', '"2026-03-10T09:00:00"', '"2026-03-10T09:00:00Z"', '"todo"'),
    *('"2026-03-10T09:00:00+01:00"', '"2026-03-10t09:00:00z"', '"2026-03-10 09:00:00Z"', '"1773133200"'),
    *('"2026-03-10T23:59:60Z"', '"2026-03-10T24:00:00Z"', '"0000-01-01"'),
    *('"2026-03-10T09:00:00-25:00"', '"2026-02-30"', '"7F000000000040008000000000000001"', '"Europe/Berlin"'),
    *('"urn:uuid:7f000000-0000-4000-8000-000000000001"', f'"{"y" * 65}"', f'"{"é" * 200}"', f'"{"😀" * 64}"'),
)
EVENT = {
    "eventId": "e1", "decisionId": "d1", "personId": "7f000000-0000-4000-8000-000000000001",
    "reward": 0.5, "part": "all", "replaces": None, "chosen": "a", "probabilities": [0.25, 0.75],
    "features": {"ids": ["a", "b"], "names": ["x"], "values": [[1.0], [0]]}, "at": "2026-03-10T09:00:00Z",
}  # fmt: skip
WHOLE: dict[Any, Any] = {
    learned.RewardRequest: {"events": [EVENT], "fromTheStart": True, "toTheEnd": False},
    learned.PersonRequest: {"personId": EVENT["personId"]},
    learned.InsightsRequest: {"personId": EVENT["personId"], "moments": [{"atRandom": True, "reward": -1}]},
}


def both(body: Any, data: bytes) -> tuple[Any, Any]:
    quick, slow = READ[body]
    try:
        wanted = slow(data)
    except ValidationError:
        with pytest.raises(Refusal):
            quick(data)
        return None, None
    return quick(data), wanted


def changed(whole: Any, at: Any = ()) -> Iterator[str]:
    """The document with each of its values replaced by something odd, gone, or with a neighbour."""
    text = json.dumps(whole)
    mark = '"\u2020"'
    for path in _paths(whole):
        for odd in ODD:
            yield json.dumps(_with(whole, path, "\u2020"), ensure_ascii=False).replace(mark, odd)
        if path and isinstance(path[-1], str):
            yield json.dumps(_without(whole, path))
    yield from (text[:-1], text + "x", text.replace("{", '{"extra": 1,', 1), "", "null", "[" * 5_000)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _paths(one, (*path, key))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(copy[path[0]], path[1:], new)
    return copy


def _without(value: Any, path: tuple[Any, ...]) -> Any:
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) > 1:
        copy[path[0]] = _without(copy[path[0]], path[1:])
    else:
        del copy[path[0]]
    return copy


def as_sent(decision: Decision) -> Any:
    return json.loads(msgspec.json.encode(request_of(decision)))


@given(decisions)
def test_a_decision_means_the_same(decision: Decision) -> None:
    quick, slow = both(c.ScoreRequest, msgspec.json.encode(request_of(decision)))
    assert quick == slow is not None


@given(decisions, st.data())
def test_whatever_is_odd_in_a_decision_is_told_alike(decision: Decision, data: st.DataObject) -> None:
    whole = as_sent(decision)
    path = data.draw(st.sampled_from(list(_paths(whole))))
    for odd in ODD:
        sent = json.dumps(_with(whole, path, "\u2020"), ensure_ascii=False).replace('"\u2020"', odd)
        quick, slow = both(c.ScoreRequest, sent.encode())
        assert quick == slow, (path, odd)


@pytest.mark.parametrize("body", BODIES[1:])
def test_whatever_is_odd_elsewhere_is_told_alike(body: Any) -> None:
    quick, slow = both(body, json.dumps(WHOLE[body]).encode())
    assert quick == slow is not None
    for sent in changed(WHOLE[body]):
        quick, slow = both(body, sent.encode())
        assert quick == slow, sent


def test_bytes_that_are_no_text_are_refused() -> None:
    for body in BODIES:
        assert both(body, b'{"personId": "\xff"}') == (None, None)
        assert both(body, b"\xff\xfe") == (None, None)
