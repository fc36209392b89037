"""The route of every JSON operation: declared to FastAPI for its document, but decoded and encoded directly.

The body is validated by pydantic's own JSON parser in one pass, the answer is written by msgspec from plain
values; no dependency solving and no response model stand between.
"""

from collections.abc import Callable, Coroutine
from typing import Any, get_type_hints

import msgspec
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from ml.serving.problems import invalid

_encode = msgspec.json.Encoder().encode


class JsonRoute(APIRoute):
    """Handles `async def verb(body: T) -> R`, with T and R from the contract."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        verb = self.endpoint
        decode = TypeAdapter(get_type_hints(verb)["body"]).validate_json

        async def handle(request: Request) -> Response:
            try:
                body = decode(await request.body())
            except ValidationError as error:
                raise invalid(error) from None
            return Response(_encode(await verb(body)), media_type="application/json")

        return handle
