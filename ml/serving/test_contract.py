"""What features are tested with is what the contract lets in: nothing less, and nothing it does not name."""

from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec
from hypothesis import given
from pydantic import TypeAdapter

from ml.features import matrix
from ml.features.made_up import ATTRIBUTES, CONTEXT, KINDS, THEMES, Decision, batch_of, decisions
from ml.serving.contract import Attributes, Context, Kind, ScoreRequest, Theme

PERSON = UUID("7f000000-0000-4000-8000-000000000001")
decode = TypeAdapter(ScoreRequest).validate_json


def request_of(decision: Decision) -> dict[str, Any]:
    """As the api asks; how cards were received ml knows itself."""
    candidates = [{**candidate, "id": f"c{at}"} for at, candidate in enumerate(decision["candidates"])]
    asked = {name: value for name, value in decision.items() if name != "received"}
    return {
        "decisionId": "d1",
        "personId": PERSON,
        "trigger": "open",
        **asked,
        "candidates": candidates,
    }


def test_every_attribute_of_the_contract_is_made_up_in_tests() -> None:
    assert get_type_hints(Attributes).keys() == ATTRIBUTES.keys()
    assert get_type_hints(Context).keys() == CONTEXT.keys()
    assert sorted(get_args(Kind)) == sorted(KINDS)
    assert sorted(get_args(Theme)) == sorted(THEMES)


@given(decisions)
def test_what_is_made_up_is_accepted_and_means_the_same_over_the_wire(decision: Decision) -> None:
    asked = request_of(decision)
    heard = decode(msgspec.json.encode(asked))
    assert (matrix(batch_of(heard)) == matrix(batch_of(asked))).all()
