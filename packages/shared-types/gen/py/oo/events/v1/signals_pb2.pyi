import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CalendarSynced(_message.Message):
    __slots__ = ("source", "intervals")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    INTERVALS_FIELD_NUMBER: _ClassVar[int]
    source: str
    intervals: int
    def __init__(self, source: _Optional[str] = ..., intervals: _Optional[int] = ...) -> None: ...

class ContextReported(_message.Message):
    __slots__ = ("visible", "idle_seconds", "place_id", "source", "measured_at", "types", "busy")
    VISIBLE_FIELD_NUMBER: _ClassVar[int]
    IDLE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    PLACE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    MEASURED_AT_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    BUSY_FIELD_NUMBER: _ClassVar[int]
    visible: bool
    idle_seconds: int
    place_id: str
    source: str
    measured_at: _timestamp_pb2.Timestamp
    types: _containers.RepeatedScalarFieldContainer[str]
    busy: bool
    def __init__(self, visible: _Optional[bool] = ..., idle_seconds: _Optional[int] = ..., place_id: _Optional[str] = ..., source: _Optional[str] = ..., measured_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., types: _Optional[_Iterable[str]] = ..., busy: _Optional[bool] = ...) -> None: ...

class MoodReported(_message.Message):
    __slots__ = ("mood", "source", "measured_at")
    MOOD_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    MEASURED_AT_FIELD_NUMBER: _ClassVar[int]
    mood: int
    source: str
    measured_at: _timestamp_pb2.Timestamp
    def __init__(self, mood: _Optional[int] = ..., source: _Optional[str] = ..., measured_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HealthReported(_message.Message):
    __slots__ = ("source", "measures", "day")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    source: str
    measures: int
    day: _timestamp_pb2.Timestamp
    def __init__(self, source: _Optional[str] = ..., measures: _Optional[int] = ..., day: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
