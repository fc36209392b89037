"""What new people start from: the newest fit is taken up within seconds, and made where it is due.

Every night, at once where somebody left or where it cannot be read. The fit is a process of its own; which
copy of ml starts it is settled in the database.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from ml.features import NAMES
from ml.policy import Pools, Prior, moment
from ml.policy.pooling import LEAST_PEOPLE
from ml.policy.prior import from_json
from ml.serving.background import Background
from ml.serving.child import run_child
from ml.serving.contract import HealthPart
from ml.serving.contract_learned import PriorStats
from ml.serving.log import log
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.rebuilding import Rebuilding
from ml.state import Away, Store, opened
from ml.state.pooled import Seen, agreeing, put_failed, read_prior, read_seen

LOOK_EVERY_S = 3.0
DEADLINE_S = 3_600.0
REST_S = 60.0
"""After a fit that another copy of ml was making; and between those of what is learned of moments."""
REST_AFTER_FAILURE = timedelta(minutes=10)
NIGHT = timedelta(hours=3)
"""UTC"""
USUAL = "hb_ts"
DECISIONS_KEPT_DAYS = 30.0
"""How long the api logs them; what they name is kept no shorter."""


class Pooling(Background):
    def __init__(
        self,
        store: Store,
        database_url: str,
        policies: Policies,
        rebuilding: Rebuilding,
        metrics: Metrics,
        keep_days: float,
        beside: "Pooling | None" = None,
        of_moments: bool = False,
    ) -> None:
        """Of the first policy that pools, or of what is learned of moments. `beside` is seen to as well, in
        its turn: one fit at a time, and the first one's comes first."""
        self._store, self._database_url, self._metrics = store, database_url, metrics
        self._rebuilding, self._learning = rebuilding, policies.learning
        self._keep_days = max(keep_days, DECISIONS_KEPT_DAYS)
        some = (policies.moments,) if of_moments else policies.all
        self._names = moment.COLUMNS if of_moments else NAMES
        pooling = [policy for policy in some if isinstance(policy, Pools)]
        self._policy = pooling[0] if pooling else None
        # Where none pools now, who leaves is still taken out of what was fitted before.
        self._name = next((policy.name for policy in some if policy is self._policy), USUAL)
        self._received = policies.received
        self._shipped = self._policy.prior if self._policy else None
        self._seen: Seen | None = None
        self._unreadable = False
        self._beside = beside
        self._of_moments = of_moments
        self._rests_until = monotonic() + (REST_S if of_moments else 0.0)

    async def _run(self) -> None:
        while True:
            await self._see_to()
            if self._beside:
                await self._beside._see_to()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _see_to(self) -> None:
        try:
            seen = await self.look()
            if self.is_due(seen) and monotonic() >= self._rests_until:
                if not await self.round(seen) or self._of_moments:
                    self._rests_until = monotonic() + REST_S
                await self.look()
        except Away:
            pass
        except Exception as error:  # the next look tries again
            log.error("the population's prior could not be seen to", extra={"error": type(error).__name__})

    async def look(self) -> Seen:
        """Takes up what is in force; what cannot be read changes nothing."""
        file: str | None = None
        async with self._store.transaction() as connection:
            seen = await read_seen(connection, self._name, LEAST_PEOPLE)
            if seen.version and seen.version != self._version:
                file = await read_prior(connection, self._name, seen.version)
        self._unreadable = not self._take_up(seen, file)
        self._seen = seen
        if self._policy:
            self._metrics.begins(self._name, self._version, self._people, self._made_at)
        return seen

    def _take_up(self, seen: Seen, file: str | None) -> bool:
        if self._policy is None or self._shipped is None or seen.version == self._version:
            return True
        try:
            if seen.version is None:
                self._assume(self._shipped, {})
                return True
            if file is None:
                raise ValueError("It is damaged.")
            known = from_json(file)
            self._assume(known.over(self._names), known.received)
        except ValueError as error:
            if not self._unreadable:
                log.error("the population's prior cannot be read", extra={"error": str(error)[:300]})
            return False
        # Made before a column came: what is new is not in it.
        return known.names == self._names

    def _assume(self, prior: Prior, cards: Mapping[str, float]) -> None:
        """For decisions from now on; none sees the one without the other."""
        if self._policy:
            self._policy.assume(prior)
        if not self._of_moments:
            self._received.cards = cards

    def is_due(self, seen: Seen) -> bool:
        if seen.failed and seen.tried_at and seen.now - seen.tried_at < REST_AFTER_FAILURE:
            return False
        # Who leaves is taken out of all that was fitted at once, by the first one's fit.
        if (seen.left and not self._of_moments) or self._unreadable:
            return True
        if self._policy is None:
            return False
        if seen.agreed < LEAST_PEOPLE and seen.version is None:
            return False
        return seen.at is None or _night(seen.at) < _night(seen.now)

    async def round(self, seen: Seen, deadline_s: float = DEADLINE_S) -> bool:
        """False where another copy of ml is at it."""
        await self._make_anew()
        words = ("ml.pipelines.pool", "--policy", self._name, "--after", str(seen.seq or 0))
        keep = ("--keep-days", str(self._keep_days))
        outcome, said = await run_child((*words, *keep), self._database_url, deadline_s)
        if outcome == "done" and not said:
            return False
        self._metrics.fits.add(1, {"outcome": outcome})
        if outcome == "done":
            log.info(f"the population's prior was made: {said}")
            return True
        log.error("the population's prior could not be made", extra={"error": said})
        async with self._store.transaction() as connection:
            await put_failed(connection, self._name, said)
        return True

    async def _make_anew(self) -> None:
        """States of an older release, and damaged ones: who agreed counts without coming by, too."""
        policy, some = self._policy, list[UUID]()
        if policy is None:
            return
        version = self._learning.version(policy)
        async with self._store.transaction() as connection:
            async for person, made_of, row in agreeing(connection, self._name):
                if opened(policy, person, row, made_of, version)[1] != "known":
                    some.append(person)
        for person in some:
            await self._rebuilding.rebuild(person)

    @property
    def _version(self) -> str:
        return self._policy.prior.version if self._policy else ""

    @property
    def _is_fitted(self) -> bool:
        return self._seen is not None and self._seen.version == self._version

    @property
    def _people(self) -> int:
        return (self._seen.people or 0) if self._seen and self._is_fitted else 0

    @property
    def _made_at(self) -> datetime | None:
        return self._seen.at if self._seen and self._is_fitted else None

    def stats(self) -> PriorStats | None:
        if self._policy is None:
            return None
        told = PriorStats(policy=self._name, version=self._version, people=self._people)
        if self._made_at:
            told["madeAt"] = self._made_at.isoformat()
        return told

    def health(self) -> HealthPart | None:
        """Its own, unless the one beside it is the one that is not well."""
        mine, other = self._health(), self._beside.health() if self._beside else None
        return other if other and other["status"] != "ok" and (not mine or mine["status"] == "ok") else mine

    def _health(self) -> HealthPart | None:
        if self._policy is None:
            return None
        since = f", made {self._made_at:%Y-%m-%d} from {self._people} people" if self._made_at else ""
        begins = f"{self._name} starts from {self._version}{since}."
        if self._unreadable:
            return HealthPart(status="degraded", detail=f"The newest prior cannot be read: {begins}")
        if self._seen and self._seen.failed:
            return HealthPart(status="degraded", detail=f"The last fit failed ({self._seen.said}): {begins}")
        return HealthPart(status="ok", detail=begins)


def _night(at: datetime) -> int:
    """Which night it belongs to."""
    return (at - NIGHT).toordinal()
