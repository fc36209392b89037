"""Log lines are JSON on stderr. An exception is its type and place: its message could repeat the input."""

import logging
import sys
from datetime import UTC, datetime
from traceback import extract_tb

import msgspec

log = logging.getLogger("oo.ml")
_FIELDS = ("path", "error")
FRAMES = 12


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": "ml",
            "message": record.getMessage(),
        }
        line |= {field: getattr(record, field) for field in _FIELDS if hasattr(record, field)}
        if record.exc_info and record.exc_info[1]:
            frames = extract_tb(record.exc_info[2])[-FRAMES:]
            line["error"] = type(record.exc_info[1]).__name__
            line["at"] = [f"{frame.filename}:{frame.lineno}" for frame in frames]
        return msgspec.json.encode(line).decode()


def configure() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO)
