"""The naive stack's second half: FastAPI, a pydantic model for everything, and LinUCB that inverts its matrix
on every call. It is what a first version of such a service looks like; async, so that no thread pool slows it.
"""

import os
import sys
from datetime import UTC, date, datetime

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

WIDTH = 8


class Due(BaseModel):
    date: date


class Attributes(BaseModel):
    priority: int
    due: Due | None = None
    createdAt: datetime
    effortMin: float | None = None
    timesShown: int
    recurring: bool


class Candidate(BaseModel):
    id: str
    kind: str
    source: str
    text: str
    attributes: Attributes


class ScoreRequest(BaseModel):
    decisionId: str
    personId: str
    now: datetime
    timeZone: str
    trigger: str
    candidates: list[Candidate]


class ScoreResult(BaseModel):
    decisionId: str
    chosen: str
    scores: list[float]
    probabilities: list[float]


app = FastAPI()
rng = np.random.default_rng(1)
seen = rng.normal(size=(200, WIDTH))
precision = np.eye(WIDTH) + seen.T @ seen
response = seen.sum(axis=0)


def features(candidate: Candidate, now: datetime) -> list[float]:
    about = candidate.attributes
    days_left = (about.due.date - now.date()).days if about.due else 30
    age_days = (now - about.createdAt).days
    effort = about.effortMin or 0
    return [
        1.0,
        about.priority / 4,
        float(days_left < 0),
        float(days_left == 0),
        min(age_days, 60) / 60,
        effort / 60,
        about.timesShown / 10,
        float(about.recurring),
    ]


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok", "at": datetime.now(UTC).isoformat()}


@app.post("/score")
async def score(request: ScoreRequest) -> ScoreResult:
    x = np.array([features(candidate, request.now) for candidate in request.candidates])
    covariance = np.linalg.inv(precision)
    width = np.sqrt(np.einsum("ij,jk,ik->i", x, covariance, x))
    scores = x @ (covariance @ response) + width
    odds = np.exp(scores - scores.max())
    probabilities = odds / odds.sum()
    chosen = int(rng.choice(len(x), p=probabilities))
    return ScoreResult(
        decisionId=request.decisionId,
        chosen=request.candidates[chosen].id,
        scores=scores.tolist(),
        probabilities=probabilities.tolist(),
    )


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
