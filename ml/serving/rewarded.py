"""A reward as the log of events tells it, made what `POST /reward` takes."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from google.protobuf.message import DecodeError
from pydantic import TypeAdapter, ValidationError

from ml.serving.contract_learned import RewardEvent

# The generated messages import each other by their own root, which is not this repository's.
sys.path.append(str(Path(__file__).resolve().parents[2] / "packages" / "shared-types" / "gen" / "py"))
from oo.events.v1.envelope_pb2 import Envelope

_PARTS = ("timing", "choice")
_EVENT = TypeAdapter(RewardEvent)


class Never(Exception):
    """A message that cannot be applied, today or later."""


def reward_event(data: bytes) -> RewardEvent | None:
    """What `POST /reward` takes, or None where there is nothing to learn: a decision that ml did not make."""
    try:
        envelope = Envelope.FromString(data)
    except DecodeError:
        raise Never("it is not an event") from None
    if envelope.WhichOneof("payload") != "tip_rewarded":
        raise Never(f"it is not a reward but {envelope.type[:64]!r}")
    told = envelope.tip_rewarded
    if not told.feature_names:
        return None
    try:
        return _EVENT.validate_python(
            {
                "eventId": told.reward_id,
                "decisionId": told.decision_id,
                "personId": UUID(envelope.person_id),
                "reward": told.reward if told.HasField("reward") else None,
                "part": told.part if told.part in _PARTS else "all",
                "replaces": told.replaces or None,
                "features": {
                    "ids": [told.chosen],
                    "names": list(told.feature_names),
                    "values": [list(told.features)],
                },
                "chosen": told.chosen,
                "probabilities": [told.probability],
                "at": _instant(told.earned_at.ToMilliseconds()) if told.HasField("earned_at") else None,
            }
        )
    except (ValidationError, ValueError) as error:
        raise Never(f"its fields do not hold together ({type(error).__name__})") from None


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
