"""Every refusal is a problem document with a sentence; it never repeats what was sent."""

from http import HTTPStatus

import msgspec
from pydantic import ValidationError
from starlette.responses import Response

from ml.serving.contract import FieldError, Problem
from ml.serving.log import log

MAX_ERRORS = 8
Headers = dict[str, str]


class Refusal(Exception):
    """An answer other than success; the door turns it into a problem document."""

    def __init__(
        self, status: int, detail: str, errors: list[FieldError] | None = None, headers: Headers | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers

    def response(self) -> Response:
        return problem(self.status, self.detail, self.errors, self.headers)


def away(detail: str) -> Refusal:
    return Refusal(503, f"{detail} Nothing was changed; try again.", headers={"retry-after": "1"})


def problem(
    status: int, detail: str, errors: list[FieldError] | None = None, headers: Headers | None = None
) -> Response:
    body = Problem(type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail)
    if errors:
        body["errors"] = errors
    return Response(msgspec.json.encode(body), status, headers, media_type="application/problem+json")


def broken(path: str, error: Exception) -> Response:
    log.error("request failed", extra={"path": path, "error": type(error).__name__})
    return problem(500, "ml could not answer this; its log says where.")


def invalid(error: ValidationError) -> Refusal:
    found = error.errors(include_url=False, include_input=False, include_context=False)[:MAX_ERRORS]
    errors = [FieldError(path=_path(e["loc"]), message=_sentence(e["msg"])) for e in found]
    first = errors[0]
    return Refusal(422, f"{first['path'] or 'The body'}: {first['message']}.", errors)


def _path(loc: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step[:64]}" for step in loc)
    return "".join(steps).lstrip(".")


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")
