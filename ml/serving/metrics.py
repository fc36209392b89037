"""What ml counts, by OpenTelemetry, read as Prometheus text. No person, no text, few label values."""

from datetime import datetime

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5]


class Metrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        reader = PrometheusMetricReader(
            disable_target_info=True, scope_info_enabled=False, registry=self._registry
        )
        self._provider = MeterProvider([reader], shutdown_on_exit=False)
        meter = self._provider.get_meter("oo.ml")
        # These two are written in every decision, and OpenTelemetry takes longer for them than a policy does.
        self._decisions = Counter(
            "oo_ml_decisions",
            "decisions by policy and outcome",
            ["policy", "outcome"],
            registry=self._registry,
        )
        self._score_seconds = Histogram(
            "oo_ml_score_seconds", "time of one decision", buckets=_SECONDS, registry=self._registry
        )
        self._counters: dict[tuple[str, str], Counter] = {}
        self._begins: dict[str, str] = {}
        # Of the version of now alone: OpenTelemetry would go on telling the old ones.
        self._prior_people = Gauge(
            "oo_ml_prior_people",
            "people whom the prior in force was fitted from; 0 as shipped",
            ["policy", "version"],
            registry=self._registry,
        )
        self._prior_made = Gauge(
            "oo_ml_prior_made_seconds",
            "when it was fitted; 0 as shipped",
            ["policy"],
            registry=self._registry,
        )
        self.state_faults = meter.create_counter(
            "oo_ml_state_faults", description="stored rows that could not be used, by what was wrong"
        )
        self.rebuilds = meter.create_counter(
            "oo_ml_rebuilds", description="states made anew from their terms, by outcome"
        )
        self.refolds = meter.create_counter(
            "oo_ml_refolds",
            description="people folded anew while learning: a correction, an undo, a late event",
        )
        self.shadow_failures = meter.create_counter(
            "oo_ml_shadow_failures", description="shadows that failed"
        )
        self.shadows_resting = meter.create_counter(
            "oo_ml_shadows_resting", description="shadows left out for a while, because they were slow"
        )
        self.opportunities = meter.create_counter(
            "oo_ml_opportunities", description="opportunities for a push by what became of them"
        )
        self.rewards = meter.create_counter(
            "oo_ml_rewards", description="reward events by what became of them"
        )
        self.judgements = meter.create_counter(
            "oo_ml_judgements", description="looks at the decision log by what became of them"
        )
        self.fits = meter.create_counter(
            "oo_ml_prior_fits", description="fits of the population's prior by what became of them"
        )
        self.consumed = meter.create_counter(
            "oo_ml_consumed", description="messages of the event stream by what became of them"
        )

    def decided(self, policy: str, outcome: str, elapsed_s: float) -> None:
        self._score_seconds.observe(elapsed_s)
        counter = self._counters.get((policy, outcome))
        if counter is None:
            counter = self._counters[policy, outcome] = self._decisions.labels(policy, outcome)
        counter.inc()

    def begins(self, policy: str, version: str, people: int, made_at: datetime | None) -> None:
        before = self._begins.get(policy)
        if before not in (None, version):
            self._prior_people.remove(policy, before)
        self._begins[policy] = version
        self._prior_people.labels(policy, version).set(people)
        self._prior_made.labels(policy).set(made_at.timestamp() if made_at else 0)

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def close(self) -> None:
        self._provider.shutdown()
