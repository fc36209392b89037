import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReactionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REACTION_KIND_UNSPECIFIED: _ClassVar[ReactionKind]
    REACTION_KIND_DONE: _ClassVar[ReactionKind]
    REACTION_KIND_HELPFUL: _ClassVar[ReactionKind]
    REACTION_KIND_SNOOZE: _ClassVar[ReactionKind]
    REACTION_KIND_NOT_HELPFUL: _ClassVar[ReactionKind]
    REACTION_KIND_DISMISS: _ClassVar[ReactionKind]
    REACTION_KIND_WRONG_TIME: _ClassVar[ReactionKind]
    REACTION_KIND_WRONG_THING: _ClassVar[ReactionKind]
    REACTION_KIND_ALREADY_DONE: _ClassVar[ReactionKind]
    REACTION_KIND_NEVER: _ClassVar[ReactionKind]
REACTION_KIND_UNSPECIFIED: ReactionKind
REACTION_KIND_DONE: ReactionKind
REACTION_KIND_HELPFUL: ReactionKind
REACTION_KIND_SNOOZE: ReactionKind
REACTION_KIND_NOT_HELPFUL: ReactionKind
REACTION_KIND_DISMISS: ReactionKind
REACTION_KIND_WRONG_TIME: ReactionKind
REACTION_KIND_WRONG_THING: ReactionKind
REACTION_KIND_ALREADY_DONE: ReactionKind
REACTION_KIND_NEVER: ReactionKind

class TipServed(_message.Message):
    __slots__ = ("tip_id", "decision_id", "policy", "eligible")
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    ELIGIBLE_FIELD_NUMBER: _ClassVar[int]
    tip_id: str
    decision_id: str
    policy: str
    eligible: int
    def __init__(self, tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., policy: _Optional[str] = ..., eligible: _Optional[int] = ...) -> None: ...

class TipShown(_message.Message):
    __slots__ = ("tip_id", "decision_id", "shown_at")
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    SHOWN_AT_FIELD_NUMBER: _ClassVar[int]
    tip_id: str
    decision_id: str
    shown_at: _timestamp_pb2.Timestamp
    def __init__(self, tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., shown_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TipReacted(_message.Message):
    __slots__ = ("reaction_id", "tip_id", "decision_id", "reaction", "replaces")
    REACTION_ID_FIELD_NUMBER: _ClassVar[int]
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    REACTION_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    reaction_id: str
    tip_id: str
    decision_id: str
    reaction: ReactionKind
    replaces: str
    def __init__(self, reaction_id: _Optional[str] = ..., tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., reaction: _Optional[_Union[ReactionKind, str]] = ..., replaces: _Optional[str] = ...) -> None: ...

class ReactionUndone(_message.Message):
    __slots__ = ("reaction_id", "tip_id", "decision_id")
    REACTION_ID_FIELD_NUMBER: _ClassVar[int]
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    reaction_id: str
    tip_id: str
    decision_id: str
    def __init__(self, reaction_id: _Optional[str] = ..., tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ...) -> None: ...

class TipWithdrawn(_message.Message):
    __slots__ = ("tip_id", "decision_id", "reason")
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    tip_id: str
    decision_id: str
    reason: str
    def __init__(self, tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class TipClosed(_message.Message):
    __slots__ = ("tip_id", "decision_id", "shown")
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    tip_id: str
    decision_id: str
    shown: bool
    def __init__(self, tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., shown: _Optional[bool] = ...) -> None: ...

class TipRewarded(_message.Message):
    __slots__ = ("reward_id", "tip_id", "decision_id", "reward", "part", "replaces", "feature_names", "features", "probability", "chosen", "earned_at", "policy")
    REWARD_ID_FIELD_NUMBER: _ClassVar[int]
    TIP_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    REWARD_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    FEATURE_NAMES_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    CHOSEN_FIELD_NUMBER: _ClassVar[int]
    EARNED_AT_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    reward_id: str
    tip_id: str
    decision_id: str
    reward: float
    part: str
    replaces: str
    feature_names: _containers.RepeatedScalarFieldContainer[str]
    features: _containers.RepeatedScalarFieldContainer[float]
    probability: float
    chosen: str
    earned_at: _timestamp_pb2.Timestamp
    policy: str
    def __init__(self, reward_id: _Optional[str] = ..., tip_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., reward: _Optional[float] = ..., part: _Optional[str] = ..., replaces: _Optional[str] = ..., feature_names: _Optional[_Iterable[str]] = ..., features: _Optional[_Iterable[float]] = ..., probability: _Optional[float] = ..., chosen: _Optional[str] = ..., earned_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., policy: _Optional[str] = ...) -> None: ...
