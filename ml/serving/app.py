"""The composition root: builds each part once and hands it to the verbs."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ml.serving import contract as c
from ml.serving import contract_learned as learned
from ml.serving.background import Background
from ml.serving.door import Door
from ml.serving.health import health as check_health
from ml.serving.holdback import Holdback
from ml.serving.insights import insights
from ml.serving.judging import Judging
from ml.serving.learn import learn
from ml.serving.metrics import Metrics
from ml.serving.noting import Noting
from ml.serving.operations import REFUSALS, Operations
from ml.serving.person import erase, features, reset, stats
from ml.serving.policies import Policies, from_settings
from ml.serving.pooling import Pooling
from ml.serving.problems import Refusal, away, broken, problem
from ml.serving.rebuilding import Rebuilding
from ml.serving.recent import Recent
from ml.serving.score import Scores, Scoring
from ml.serving.settings import Settings
from ml.serving.shadows import Watching
from ml.serving.tracing import Tracing
from ml.serving.upkeep import Upkeep
from ml.state import Away, Store

if TYPE_CHECKING:
    from ml.serving.consume import Consuming

R = TypeVar("R")


def create_app(settings: Settings, policies: Policies | None = None) -> Door[FastAPI]:
    """`policies` replaces what the settings name (for tests and the lab)."""
    chosen = policies or from_settings(settings)
    metrics = Metrics()
    tracing = Tracing(settings.traces_url)
    stores: list[Store] = []  # filled while the app runs; empty without a database
    rebuilders: list[Rebuilding] = []
    poolings: list[Pooling] = []
    consumers: list[Consuming] = []
    alone = Scoring(
        chosen,
        metrics,
        Watching(chosen, metrics),
        Holdback(settings.holdback, settings.secret),
        Recent(),
        settings.push_price,
    )
    scores = [Scores(alone)]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        workers: list[Background] = []
        if settings.database_url:
            stores.append(await Store.open(settings.database_url))
            rebuilders.append(Rebuilding(stores[0], chosen.learning, metrics))
            noting = Noting(stores[0], metrics)
            url, days = settings.database_url, settings.retention_days
            told = (stores[0], url, chosen, rebuilders[0], metrics, days)
            poolings.append(Pooling(*told, beside=Pooling(*told, of_moments=True)))
            with_store = replace(alone, store=stores[0], rebuilding=rebuilders[0], noting=noting)
            scores.append(Scores(with_store))
            workers = [
                rebuilders[0],
                noting,
                Upkeep(stores[0], chosen.learning, metrics, days),
                Judging(url, metrics),
                poolings[0],
            ]
            if settings.nats_url:
                # NATS and protobuf are loaded only where they are used.
                from ml.serving.consume import Consuming  # noqa: PLC0415

                consumers.append(Consuming(settings.nats_url, chosen, stores[0], metrics))
        for worker in (*workers, *consumers):
            worker.start()
        yield
        rebuilders.clear()
        poolings.clear()
        del scores[1:]
        for worker in (*consumers, *workers):
            await worker.stop()
        consumers.clear()
        while stores:
            await stores.pop().close()
        metrics.close()
        tracing.close()

    def store() -> Store:
        if not stores:
            raise away("ml has no database (OO_ML_DATABASE_URL).")
        return stores[0]

    def rebuilding() -> Rebuilding | None:
        return rebuilders[0] if rebuilders else None

    app = FastAPI(
        title="oO ml", version="1", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    _add_handlers(app)
    operations = Operations(app)

    @operations.add("/score", c.ScoreResult)
    async def post_score(body: c.ScoreRequest) -> msgspec.Raw:
        return await scores[-1].score(body)

    @operations.add("/reward")
    async def post_reward(body: learned.RewardRequest) -> learned.RewardResult:
        return await _or_away(learn(body, chosen, store(), metrics, tracing))

    @operations.add("/reset")
    async def post_reset(body: learned.PersonRequest) -> learned.ResetResult:
        return await _or_away(reset(body["personId"], chosen, store()))

    @operations.add("/erase")
    async def post_erase(body: learned.PersonRequest) -> learned.EraseResult:
        alone.recent.forget(body["personId"])
        return await _or_away(erase(body["personId"], store()))

    @app.get("/stats", operation_id="stats", responses=REFUSALS)
    async def get_stats(personId: UUID) -> learned.StatsResult:  # noqa: N803 - the contract's name
        pooling = poolings[0] if poolings else None
        return await _or_away(stats(personId, chosen, store(), rebuilding(), pooling))

    @operations.add("/insights")
    async def post_insights(body: learned.InsightsRequest) -> learned.InsightsResult:
        return await _or_away(insights(body, chosen, store(), settings.holdback, rebuilding()))

    @app.get("/features", operation_id="features", responses=REFUSALS)
    async def get_features(decisionId: c.Id) -> c.FeaturesResult:  # noqa: N803 - the contract's name
        return await _or_away(features(decisionId, alone.recent, stores[0] if stores else None))

    @app.get("/health", operation_id="health", responses={s: {"model": c.HealthResult} for s in (200, 503)})
    async def get_health() -> Response:
        consumer = consumers[0].connected if consumers else None
        prior = poolings[0].health() if poolings else None
        return _told(await check_health(chosen, stores[0] if stores else None, consumer, prior))

    @app.get("/metrics", operation_id="metrics", response_class=Response)
    async def get_metrics() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return Door(app, settings.secret, operations.answers)


async def _or_away(work: Awaitable[R]) -> R:
    try:
        return await work
    except Away as gone:
        raise away(str(gone)) from gone


def _told(result: c.HealthResult) -> Response:
    status = 503 if result["status"] == "down" else 200
    return Response(msgspec.json.encode(result), status, media_type="application/json")


def _add_handlers(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        return refusal.response()

    @app.exception_handler(HTTPException)
    async def unknown(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, f"{error.detail}.", headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return problem(422, f"{first['loc'][-1]}: {first['msg']}.")

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        return broken(request.url.path, error)
