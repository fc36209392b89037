from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PolicyPromoted(_message.Message):
    __slots__ = ("policy", "version", "from_policy", "from_version")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FROM_POLICY_FIELD_NUMBER: _ClassVar[int]
    FROM_VERSION_FIELD_NUMBER: _ClassVar[int]
    policy: str
    version: str
    from_policy: str
    from_version: str
    def __init__(self, policy: _Optional[str] = ..., version: _Optional[str] = ..., from_policy: _Optional[str] = ..., from_version: _Optional[str] = ...) -> None: ...

class PolicyMoved(_message.Message):
    __slots__ = ("policy", "version", "from_state", "to_state", "overridden")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FROM_STATE_FIELD_NUMBER: _ClassVar[int]
    TO_STATE_FIELD_NUMBER: _ClassVar[int]
    OVERRIDDEN_FIELD_NUMBER: _ClassVar[int]
    policy: str
    version: str
    from_state: str
    to_state: str
    overridden: bool
    def __init__(self, policy: _Optional[str] = ..., version: _Optional[str] = ..., from_state: _Optional[str] = ..., to_state: _Optional[str] = ..., overridden: _Optional[bool] = ...) -> None: ...

class PolicyAlarm(_message.Message):
    __slots__ = ("kind", "subject")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    subject: str
    def __init__(self, kind: _Optional[str] = ..., subject: _Optional[str] = ...) -> None: ...
