"""Steps of a trace, only where somebody collects them. Names and states, never a person."""

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

SEND_WITHIN_S = 5.0
FLUSH_EVERY_MS = 500


class Tracing:
    def __init__(self, endpoint: str | None) -> None:
        self._provider: TracerProvider | None = None
        if endpoint:
            resource = Resource({"service.name": "ml"})
            self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
            exporter = OtlpJson(f"{endpoint}/v1/traces")
            self._provider.add_span_processor(
                BatchSpanProcessor(exporter, schedule_delay_millis=FLUSH_EVERY_MS)
            )

    @contextmanager
    def steps(self, names: Sequence[str], parents: Iterable[str]) -> Generator[None]:
        """One within the other, once for each traceparent: many events may be learned at once."""
        opened: list[Span] = []
        if self._provider:
            tracer = self._provider.get_tracer("oo.ml")
            for parent in parents:
                within = TraceContextTextMapPropagator().extract({"traceparent": parent})
                for name in names:
                    span = tracer.start_span(name, within)
                    within = set_span_in_context(span)
                    opened.append(span)
        try:
            yield
        except Exception as error:
            for span in opened:
                span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            for span in reversed(opened):
                span.end()

    def close(self) -> None:
        if self._provider:
            self._provider.shutdown()


class OtlpJson(SpanExporter):
    """OTLP over HTTP in its JSON form: a few lines instead of a client with its own HTTP stack."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        body = json.dumps(_document(spans)).encode()
        connect = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        connection = connect(self._url.netloc, timeout=SEND_WITHIN_S)
        try:
            connection.request("POST", self._url.path, body, {"content-type": "application/json"})
            taken = connection.getresponse().status < 300
        except (OSError, HTTPException):
            taken = False
        finally:
            connection.close()
        return SpanExportResult.SUCCESS if taken else SpanExportResult.FAILURE


def _document(spans: Sequence[ReadableSpan]) -> dict[str, object]:
    name = {"key": "service.name", "value": {"stringValue": "ml"}}
    scope = {"scope": {"name": "oo.ml"}, "spans": [_span(span) for span in spans]}
    return {"resourceSpans": [{"resource": {"attributes": [name]}, "scopeSpans": [scope]}]}


def _span(span: ReadableSpan) -> dict[str, object]:
    context, parent = span.get_span_context(), span.parent
    return {
        "traceId": f"{context.trace_id:032x}" if context else "",
        "spanId": f"{context.span_id:016x}" if context else "",
        **({"parentSpanId": f"{parent.span_id:016x}"} if parent else {}),
        "name": span.name,
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "status": {"code": span.status.status_code.value},
    }
