import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from oo.events.v1 import account_pb2 as _account_pb2
from oo.events.v1 import policy_pb2 as _policy_pb2
from oo.events.v1 import profile_pb2 as _profile_pb2
from oo.events.v1 import signals_pb2 as _signals_pb2
from oo.events.v1 import task_pb2 as _task_pb2
from oo.events.v1 import tip_pb2 as _tip_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Envelope(_message.Message):
    __slots__ = ("id", "type", "at", "person_id", "trace_id", "schema_version", "trace_parent", "tip_served", "tip_shown", "tip_reacted", "reaction_undone", "tip_withdrawn", "tip_rewarded", "tip_closed", "task_completed", "task_removed", "task_synced", "calendar_synced", "context_reported", "mood_reported", "health_reported", "consent_changed", "pause_changed", "time_zone_changed", "account_created", "account_deleted", "source_connected", "source_disconnected", "policy_promoted", "policy_moved", "policy_alarm")
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    TRACE_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_VERSION_FIELD_NUMBER: _ClassVar[int]
    TRACE_PARENT_FIELD_NUMBER: _ClassVar[int]
    TIP_SERVED_FIELD_NUMBER: _ClassVar[int]
    TIP_SHOWN_FIELD_NUMBER: _ClassVar[int]
    TIP_REACTED_FIELD_NUMBER: _ClassVar[int]
    REACTION_UNDONE_FIELD_NUMBER: _ClassVar[int]
    TIP_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    TIP_REWARDED_FIELD_NUMBER: _ClassVar[int]
    TIP_CLOSED_FIELD_NUMBER: _ClassVar[int]
    TASK_COMPLETED_FIELD_NUMBER: _ClassVar[int]
    TASK_REMOVED_FIELD_NUMBER: _ClassVar[int]
    TASK_SYNCED_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_SYNCED_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_REPORTED_FIELD_NUMBER: _ClassVar[int]
    MOOD_REPORTED_FIELD_NUMBER: _ClassVar[int]
    HEALTH_REPORTED_FIELD_NUMBER: _ClassVar[int]
    CONSENT_CHANGED_FIELD_NUMBER: _ClassVar[int]
    PAUSE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CREATED_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_DELETED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CONNECTED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_DISCONNECTED_FIELD_NUMBER: _ClassVar[int]
    POLICY_PROMOTED_FIELD_NUMBER: _ClassVar[int]
    POLICY_MOVED_FIELD_NUMBER: _ClassVar[int]
    POLICY_ALARM_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    at: _timestamp_pb2.Timestamp
    person_id: str
    trace_id: str
    schema_version: int
    trace_parent: str
    tip_served: _tip_pb2.TipServed
    tip_shown: _tip_pb2.TipShown
    tip_reacted: _tip_pb2.TipReacted
    reaction_undone: _tip_pb2.ReactionUndone
    tip_withdrawn: _tip_pb2.TipWithdrawn
    tip_rewarded: _tip_pb2.TipRewarded
    tip_closed: _tip_pb2.TipClosed
    task_completed: _task_pb2.TaskCompleted
    task_removed: _task_pb2.TaskRemoved
    task_synced: _task_pb2.TaskSynced
    calendar_synced: _signals_pb2.CalendarSynced
    context_reported: _signals_pb2.ContextReported
    mood_reported: _signals_pb2.MoodReported
    health_reported: _signals_pb2.HealthReported
    consent_changed: _profile_pb2.ConsentChanged
    pause_changed: _profile_pb2.PauseChanged
    time_zone_changed: _profile_pb2.TimeZoneChanged
    account_created: _account_pb2.AccountCreated
    account_deleted: _account_pb2.AccountDeleted
    source_connected: _account_pb2.SourceConnected
    source_disconnected: _account_pb2.SourceDisconnected
    policy_promoted: _policy_pb2.PolicyPromoted
    policy_moved: _policy_pb2.PolicyMoved
    policy_alarm: _policy_pb2.PolicyAlarm
    def __init__(self, id: _Optional[str] = ..., type: _Optional[str] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., person_id: _Optional[str] = ..., trace_id: _Optional[str] = ..., schema_version: _Optional[int] = ..., trace_parent: _Optional[str] = ..., tip_served: _Optional[_Union[_tip_pb2.TipServed, _Mapping]] = ..., tip_shown: _Optional[_Union[_tip_pb2.TipShown, _Mapping]] = ..., tip_reacted: _Optional[_Union[_tip_pb2.TipReacted, _Mapping]] = ..., reaction_undone: _Optional[_Union[_tip_pb2.ReactionUndone, _Mapping]] = ..., tip_withdrawn: _Optional[_Union[_tip_pb2.TipWithdrawn, _Mapping]] = ..., tip_rewarded: _Optional[_Union[_tip_pb2.TipRewarded, _Mapping]] = ..., tip_closed: _Optional[_Union[_tip_pb2.TipClosed, _Mapping]] = ..., task_completed: _Optional[_Union[_task_pb2.TaskCompleted, _Mapping]] = ..., task_removed: _Optional[_Union[_task_pb2.TaskRemoved, _Mapping]] = ..., task_synced: _Optional[_Union[_task_pb2.TaskSynced, _Mapping]] = ..., calendar_synced: _Optional[_Union[_signals_pb2.CalendarSynced, _Mapping]] = ..., context_reported: _Optional[_Union[_signals_pb2.ContextReported, _Mapping]] = ..., mood_reported: _Optional[_Union[_signals_pb2.MoodReported, _Mapping]] = ..., health_reported: _Optional[_Union[_signals_pb2.HealthReported, _Mapping]] = ..., consent_changed: _Optional[_Union[_profile_pb2.ConsentChanged, _Mapping]] = ..., pause_changed: _Optional[_Union[_profile_pb2.PauseChanged, _Mapping]] = ..., time_zone_changed: _Optional[_Union[_profile_pb2.TimeZoneChanged, _Mapping]] = ..., account_created: _Optional[_Union[_account_pb2.AccountCreated, _Mapping]] = ..., account_deleted: _Optional[_Union[_account_pb2.AccountDeleted, _Mapping]] = ..., source_connected: _Optional[_Union[_account_pb2.SourceConnected, _Mapping]] = ..., source_disconnected: _Optional[_Union[_account_pb2.SourceDisconnected, _Mapping]] = ..., policy_promoted: _Optional[_Union[_policy_pb2.PolicyPromoted, _Mapping]] = ..., policy_moved: _Optional[_Union[_policy_pb2.PolicyMoved, _Mapping]] = ..., policy_alarm: _Optional[_Union[_policy_pb2.PolicyAlarm, _Mapping]] = ...) -> None: ...
