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
