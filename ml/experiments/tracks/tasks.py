"""Sixteen streams of decisions for track A: a context, K actions, what each action would have earned.

From scikit-learn, river and coba, all of them inside the packages: nothing is downloaded. Contexts are
centred and scaled over the whole set, for everyone alike; a seed shuffles a set or makes a stream.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

import numpy as np
import river.datasets
import sklearn.datasets
from coba import environments
from numpy.typing import NDArray
from river.datasets import synth

from ml.experiments.tracks.task import Task
from ml.policy.base import Floats

MOST = 1500
Labels = NDArray[np.int64]


def _classes(x: Floats, labels: Labels, rng: np.random.Generator | None) -> Task:
    """Naming the class earns 1, any other 0. Without a generator the order is the stream's own."""
    order = np.arange(len(x)) if rng is None else rng.permutation(len(x))
    order = order[:MOST]
    spread = x.std(axis=0)
    scaled = np.clip((x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0), -5.0, 5.0)[:, spread > 0]
    return Task(scaled[order], np.eye(int(labels.max()) + 1)[labels[order]])


def _sklearn(load: str) -> Callable[[int], Task]:
    def task(seed: int) -> Task:
        x, y = getattr(sklearn.datasets, f"load_{load}")(return_X_y=True)
        if load == "diabetes":
            y = np.searchsorted(np.quantile(y, [0.25, 0.5, 0.75]), y)
        return _classes(x, y.astype(np.int64), np.random.default_rng(seed))

    return task


def _numbered(pairs: Iterable[tuple[Mapping[Any, Any], Any]]) -> tuple[Floats, Labels]:
    rows = list(pairs)
    names = sorted({name for x, _ in rows for name in x})
    said = sorted({y for _, y in rows})
    x = np.array([[float(x.get(name, 0.0)) for name in names] for x, _ in rows])
    return x, np.array([said.index(y) for _, y in rows], dtype=np.int64)


def _river(name: str) -> Callable[[int], Task]:
    def task(seed: int) -> Task:
        x, y = _numbered(getattr(river.datasets, name)())
        return _classes(x, y, np.random.default_rng(seed))

    return task


def _made(
    classes: int, features: int, informative: int, clusters: int, apart: float
) -> Callable[[int], Task]:
    def task(seed: int) -> Task:
        x, y = sklearn.datasets.make_classification(
            n_samples=MOST,
            n_features=features,
            n_informative=informative,
            n_classes=classes,
            n_clusters_per_class=clusters,
            class_sep=apart,
            random_state=seed,
        )
        return _classes(x, y, None)

    return task


def _coba(kind: str, **settings: Any) -> Callable[[int], Task]:
    def task(seed: int) -> Task:
        make = getattr(environments, f"{kind}SyntheticSimulation")
        made = make(1000, n_actions=5, n_context_features=8, n_action_features=0, seed=seed + 1, **settings)
        rows = list(made.read())
        x = np.array([row["context"] for row in rows], dtype=np.float64)
        rewards = np.array([row["rewards"] for row in rows], dtype=np.float64)
        return Task((x - x.mean(axis=0)) / x.std(axis=0), np.clip(rewards, 0.0, 1.0))

    return task


def _sea(seed: int) -> Task:
    """A rule that changes from one moment to the next, half-way."""
    before = islice(synth.SEA(variant=0, seed=seed, noise=0.05), MOST // 2)
    after = islice(synth.SEA(variant=2, seed=seed + 5000, noise=0.05), MOST // 2)
    return _classes(*_numbered([*before, *after]), None)


def _hyperplane(seed: int) -> Task:
    """A rule that turns a little with every row."""
    stream = synth.Hyperplane(seed=seed, n_features=8, n_drift_features=4, mag_change=0.01, sigma=0.2)
    return _classes(*_numbered(islice(stream, MOST)), None)


TASKS: Mapping[str, Callable[[int], Task]] = {
    "iris": _sklearn("iris"),
    "wine": _sklearn("wine"),
    "breast_cancer": _sklearn("breast_cancer"),
    "digits": _sklearn("digits"),
    "diabetes": _sklearn("diabetes"),
    "phishing": _river("Phishing"),
    "segments": _river("ImageSegments"),
    "made_easy": _made(3, 10, 5, 1, 1.5),
    "made_wide": _made(5, 20, 10, 1, 1.0),
    "made_bent": _made(4, 10, 6, 2, 1.0),
    "coba_linear": _coba("Linear", reward_features=["x"]),
    "coba_neighbors": _coba("Neighbors"),
    "coba_kernel": _coba("Kernel"),
    "coba_mlp": _coba("MLP"),
    "drift_sudden": _sea,
    "drift_slow": _hyperplane,
}
