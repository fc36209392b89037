"""The JSON operations: declared to FastAPI for its document, and answered at the door, ahead of it.

What a framework does between the socket and a verb (routing, middleware, dependencies, a response model)
takes longer than a decision.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec
from fastapi import FastAPI

from ml.serving.contract import Problem
from ml.serving.reading import reader

V = TypeVar("V", bound=Callable[..., Any])
Answer = Callable[[bytes], Awaitable[bytes]]
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (401, 408, 413, 422, 503)
}
_encode = msgspec.json.Encoder().encode


class Operations:
    """By path; each is a POST of `async def verb(body: T) -> R`, with T and R from the contract."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._answers: dict[str, Answer] = {}

    @property
    def answers(self) -> Mapping[str, Answer]:
        return self._answers

    def add(self, path: str, result: Any = None) -> Callable[[V], V]:
        """`result` is what a verb answers that writes it down itself."""

        def added(verb: V) -> V:
            self._answers[path] = _answering(verb)
            self._app.router.add_api_route(
                path,
                verb,
                methods=["POST"],
                operation_id=path[1:],
                responses=REFUSALS,
                response_model=result or get_type_hints(verb)["return"],
            )
            return verb

        return added


def _answering(verb: Callable[..., Any]) -> Answer:
    read = reader(get_type_hints(verb)["body"])

    async def answer(body: bytes) -> bytes:
        return _encode(await verb(read(body)))

    return answer
