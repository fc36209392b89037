"""Steps of ml join the trace of what was delivered; without a collector nothing happens."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from ml.serving.tracing import Tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Any]]]:
    told: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", told
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_event_is_learned_in_its_own_trace(collector: tuple[str, list[Any]]) -> None:
    url, told = collector
    other = PARENT.replace("0af7", "1bf7")
    tracing = Tracing(url)
    with tracing.steps(("ml learns", "posterior transaction"), [PARENT, other]):
        pass
    with pytest.raises(ValueError, match="words"), tracing.steps(("ml learns",), [PARENT]):
        raise ValueError("the words of a person")
    tracing.close()
    spans = [span for body in told for span in body["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    assert len(spans) == 5
    outer = next(s for s in spans if s["name"] == "ml learns" and s["traceId"].startswith("1bf7"))
    inner = next(s for s in spans if s["name"].startswith("post") and s["traceId"].startswith("1bf7"))
    assert outer["parentSpanId"] == PARENT.split("-")[2]
    assert inner["parentSpanId"] == outer["spanId"]
    assert sum(span["status"]["code"] == 2 for span in spans) == 1
    assert "the words" not in json.dumps(told)


def test_nothing_is_told_where_nobody_collects_and_nothing_breaks_where_the_collector_is_away() -> None:
    for tracing in (Tracing(None), Tracing("http://127.0.0.1:9")):
        with tracing.steps(("ml learns",), [PARENT, "nonsense"]):
            pass
        tracing.close()
