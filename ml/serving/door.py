"""The edge of ml, as plain ASGI: who may enter, how large and how slow a body may be, before any parsing.

JSON operations are answered here; all else goes inside, to the framework.
"""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Generic, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml.serving.operations import Answer
from ml.serving.problems import Refusal, broken

A = TypeVar("A", bound=ASGIApp)

OPEN_PATHS = frozenset({"/health", "/metrics"})
MAX_BODY_BYTES = 256 * 1024
MAX_BODY_BYTES_BY_PATH: Mapping[str, int] = {"/reward": 4 * 1024 * 1024, "/insights": 1024 * 1024}
BODY_TIMEOUT_S = 5.0
SECRET_HEADER = b"x-oo-secret"


class Door(Generic[A]):
    def __init__(
        self, inside: A, secret: str, answers: Mapping[str, Answer], body_timeout_s: float = BODY_TIMEOUT_S
    ) -> None:
        self.inside = inside
        self._answers = answers
        self._digest = sha256(secret.encode()).digest()
        self._body_timeout_s = body_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.inside(scope, receive, send)
        try:
            self._admit(scope)
            body = await self._body(scope, receive)
        except Refusal as refusal:
            return await refusal.response()(scope, receive, send)
        answering = self._answers.get(scope["path"]) if scope["method"] == "POST" else None
        if answering is None:
            return await self.inside(scope, _replay(body, receive), send)
        try:
            answer = await answering(body)
        except Refusal as refusal:
            return await refusal.response()(scope, receive, send)
        except Exception as error:
            return await broken(scope["path"], error)(scope, receive, send)
        headers = [(b"content-length", b"%d" % len(answer)), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        return await send({"type": "http.response.body", "body": answer})

    def _admit(self, scope: Scope) -> None:
        """Both sides are hashed, so neither content nor length leaks through timing."""
        if scope["path"] in OPEN_PATHS:
            return
        given = [value for name, value in scope["headers"] if name == SECRET_HEADER]
        if len(given) != 1 or not compare_digest(sha256(given[0]).digest(), self._digest):
            raise Refusal(401, "Send the shared secret in the header x-oo-secret (ML_SHARED_SECRET).")

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        limit = MAX_BODY_BYTES_BY_PATH.get(scope["path"], MAX_BODY_BYTES)
        too_large = Refusal(
            413, f"The body is larger than {limit // 1024} KiB.", headers={"connection": "close"}
        )
        for name, value in scope["headers"]:
            if name == b"content-length" and (len(value) > 12 or int(value) > limit):
                raise too_large
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._body_timeout_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refusal(400, "The body ended early.")
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    if size > limit:
                        raise too_large
                    chunks.append(chunk)
                    if not message.get("more_body", False):
                        return b"".join(chunks)
        except TimeoutError:
            raise Refusal(408, "The body took too long to arrive.", headers={"connection": "close"}) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
