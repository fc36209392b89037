"""Rewards from JetStream instead of HTTP: the only place in ml that knows NATS.

A message is acknowledged after the transaction that learned from it. The same reward may come any number of
times, by this way and by `POST /reward`: ml applies each id once. Nothing here is on the way of an answer.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NothingCame
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from ml.serving.background import Background
from ml.serving.contract_learned import RewardEvent, RewardRequest
from ml.serving.learn import learn
from ml.serving.log import log
from ml.serving.metrics import Metrics
from ml.serving.policies import Policies
from ml.serving.problems import Refusal
from ml.serving.rewarded import Never, reward_event
from ml.state import Away, Store

STREAM, DURABLE, SUBJECTS = "oo-signals", "ml", "signals.tip.rewarded.*"
AT_ONCE = 64
ACKNOWLEDGE_WITHIN_S = 30
WAIT_S = 5.0
AWAY_S = 2.0
REST_FIRST_S, REST_MOST_S = 0.2, 5.0
CONNECT_WITHIN_S = 2
STOP_TRIES, STOP_WAIT_S = 4, 0.5


@dataclass(frozen=True)
class Lesson:
    message: Msg
    event: RewardEvent


class Consuming(Background):
    def __init__(self, url: str, policies: Policies, store: Store, metrics: Metrics) -> None:
        self._url, self._policies, self._store, self._metrics = url, policies, store, metrics
        self._stopping = False
        self.connected = False

    async def stop(self) -> None:
        """What was not acknowledged comes again, to this process or to another."""
        self._stopping = True
        for _ in range(STOP_TRIES):  # the client may swallow a cancellation
            if self._task is None or self._task.done():
                return
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=STOP_WAIT_S)

    async def _run(self) -> None:
        rest, told = REST_FIRST_S, False
        while not self._stopping:
            try:
                await self._consume()
            except Exception as error:  # whatever it is, answers go on and this is tried again
                if self.connected:
                    rest, told = REST_FIRST_S, False
                if not told:
                    log.warning("the event stream is away", extra={"error": type(error).__name__})
                    told = True
            self.connected = False
            await asyncio.sleep(rest)
            rest = min(REST_MOST_S, rest * 2)

    async def _consume(self) -> None:
        """Until the connection is lost."""
        client = await _connect(self._url)
        try:
            context = client.jetstream(timeout=CONNECT_WITHIN_S)
            await _ensure_consumer(context)
            subscription = await context.pull_subscribe_bind(consumer=DURABLE, stream=STREAM)
            self.connected = True
            log.info("rewards are taken from the event stream")
            while client.is_connected and not self._stopping:
                with suppress(NothingCame):
                    await self.take(await subscription.fetch(AT_ONCE, timeout=WAIT_S))
        finally:
            await _close(client)

    async def take(self, messages: Sequence[Msg]) -> None:
        lessons: list[Lesson] = []
        for message in messages:
            try:
                event = reward_event(message.data)
            except Never as never:
                await self._give_up(message, str(never))
            else:
                if event is None:
                    await message.ack()
                else:
                    lessons.append(Lesson(message, event))
        if not lessons:
            return
        try:
            await self._learn(lessons)
        except NatsError:
            raise
        except Exception:  # one of them is to blame: each on its own
            for lesson in lessons:
                await self._learn_alone(lesson)

    async def _learn_alone(self, lesson: Lesson) -> None:
        try:
            await self._learn([lesson])
        except Refusal as refusal:
            await self._give_up(lesson.message, refusal.detail)
        except NatsError:
            raise
        except Exception as error:  # a fault of ours: it comes again, and the others go on
            self._metrics.consumed.add(1, {"outcome": "later"})
            log.error("a reward could not be learned; it comes again", extra={"error": type(error).__name__})
            await lesson.message.nak(delay=ACKNOWLEDGE_WITHIN_S)

    async def _learn(self, lessons: Sequence[Lesson]) -> None:
        try:
            events = [lesson.event for lesson in lessons]
            await learn(RewardRequest(events=events), self._policies, self._store, self._metrics)
        except Away:
            self._metrics.consumed.add(len(lessons), {"outcome": "later"})
            for lesson in lessons:
                await lesson.message.nak(delay=AWAY_S)
            return
        self._metrics.consumed.add(len(lessons), {"outcome": "learned"})
        for lesson in lessons:
            await lesson.message.ack()

    async def _give_up(self, message: Msg, why: str) -> None:
        self._metrics.consumed.add(1, {"outcome": "refused"})
        log.error(f"message {message.metadata.sequence.stream} of {STREAM} is never applied: {why}")
        await message.term()


async def _connect(url: str) -> Client:
    parts = urlsplit(url)
    access: dict[str, Any] = {}
    if parts.password is not None:
        access = {"user": unquote(parts.username or ""), "password": unquote(parts.password)}
    elif parts.username:
        access = {"token": unquote(parts.username)}

    async def ignore(_: Exception) -> None:
        """Told once by whoever notices, not by the client at every try."""

    client = Client()
    try:
        await client.connect(
            f"{parts.scheme}://{parts.hostname}:{parts.port or 4222}",
            name="oo-ml",
            allow_reconnect=False,
            connect_timeout=CONNECT_WITHIN_S,
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=ignore,
            **access,
        )
    except BaseException:  # a greeting that failed, or was broken off, leaves the socket open
        await _close(client)
        raise
    return client


async def _close(client: Client) -> None:
    with suppress(NatsError, OSError, TimeoutError):
        await asyncio.wait_for(client.close(), CONNECT_WITHIN_S)


async def _ensure_consumer(context: JetStreamContext) -> None:
    """Safe to run again, and in every copy of ml: they share the work."""
    await context.add_consumer(
        STREAM,
        ConsumerConfig(
            durable_name=DURABLE,
            filter_subject=SUBJECTS,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACKNOWLEDGE_WITHIN_S,
            max_ack_pending=4 * AT_ONCE,
        ),
    )
