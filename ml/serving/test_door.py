"""The door: the secret, the size and the pace of a body, and problem documents for every refusal."""

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from ml.serving.conftest import SECRET
from ml.serving.door import MAX_BODY_BYTES, Door

GUARDED = [("POST", "/score"), ("POST", "/reward"), ("POST", "/reset"), ("POST", "/erase"), ("GET", "/stats")]


@pytest.mark.parametrize(("method", "path"), [*GUARDED, ("GET", "/openapi.json"), ("GET", "/nowhere")])
@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "x", "é" * 40])
def test_without_the_secret_nothing_opens(
    client: TestClient, method: str, path: str, secret: str | None
) -> None:
    del client.headers["x-oo-secret"]
    headers = {} if secret is None else {b"x-oo-secret": secret.encode()}
    answer = client.request(method, path, headers=headers, content=b"x" * (MAX_BODY_BYTES * 20))
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert SECRET not in answer.text


def test_health_and_metrics_are_open(client: TestClient) -> None:
    del client.headers["x-oo-secret"]
    assert client.get("/health").status_code == 200
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/plain")


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/nowhere"])
def test_there_is_nothing_else(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Not Found.")


def test_the_wrong_method_is_named(client: TestClient) -> None:
    answer = client.get("/score")
    assert (answer.status_code, answer.json()["title"]) == (405, "Method Not Allowed")


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_too_large_is_refused(client: TestClient, declared: bool) -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)
    answer = client.post("/score", content=body if declared else iter([body[:100], body[100:]]))
    assert (answer.status_code, answer.json()["detail"]) == (413, "The body is larger than 256 KiB.")


def _through_door(messages: list[Message], headers: list[tuple[bytes, bytes]]) -> list[Message]:
    """Sends messages through a door and then nothing more, ever."""
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if messages else await asyncio.Event().wait()  # type: ignore[return-value]

    async def send(message: Message) -> None:
        sent.append(message)

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the door let it in")

    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/score", "headers": headers}
    asyncio.run(Door(inside, SECRET, {}, body_timeout_s=0.01)(scope, receive, send))
    return sent


def test_a_body_that_never_ends_is_given_up() -> None:
    half: Message = {"type": "http.request", "body": b"{", "more_body": True}
    assert _through_door([half], [(b"x-oo-secret", SECRET.encode())])[0]["status"] == 408


def test_two_secrets_are_none() -> None:
    twice = [(b"x-oo-secret", SECRET.encode()), (b"x-oo-secret", b"other")]
    assert _through_door([], twice)[0]["status"] == 401
