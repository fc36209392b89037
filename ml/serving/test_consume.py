"""Rewards from JetStream: learned once, acknowledged afterwards, whatever dies in between."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo
from nats.js.errors import NotFoundError
from oo.events.v1.envelope_pb2 import Envelope
from starlette.testclient import TestClient

from ml.features import NAMES
from ml.serving.app import create_app
from ml.serving.conftest import Open
from ml.serving.consume import AT_ONCE, DURABLE, STREAM, Consuming
from ml.serving.metrics import Metrics
from ml.serving.policies import from_settings
from ml.serving.rewarded import Never, reward_event
from ml.serving.settings import Settings, SettingsError, read
from ml.serving.test_learning import learned, stats
from ml.state import Away, Store
from ml.throwaway_nats import NatsServer, nats_server
from ml.throwaway_postgres import Database

WITHIN_S = 15.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    with nats_server(tmp_path) as running:
        yield running


def reward(person: str, reward_id: str | None = None, **changes: Any) -> Envelope:
    envelope = Envelope(id=str(uuid4()), type="signals.tip.rewarded", person_id=person, schema_version=1)
    told = envelope.tip_rewarded
    told.reward_id, told.decision_id, told.reward = reward_id or str(uuid4()), "d1", 1.0
    told.part, told.chosen, told.probability = "all", "todoist:1", 0.5
    told.feature_names.extend(NAMES)
    told.features.extend([1.0] * len(NAMES))
    told.earned_at.FromMilliseconds(1_772_000_000_123)
    for name, value in changes.items():
        setattr(told, name, value)
    return envelope


def over_http(envelope: Envelope) -> dict[str, Any]:
    """The same reward as the api sends it."""
    told = envelope.tip_rewarded
    block = {"ids": [told.chosen], "names": list(NAMES), "values": [list(told.features)]}
    return {
        "eventId": told.reward_id,
        "decisionId": told.decision_id,
        "personId": envelope.person_id,
        "reward": told.reward,
        "part": "all",
        "replaces": None,
        "features": block,
        "chosen": told.chosen,
        "probabilities": [told.probability],
        "at": "2026-02-25T06:13:20.123Z",
    }


@asynccontextmanager
async def on(server: NatsServer) -> AsyncIterator[JetStreamContext]:
    client = await nats.connect(server.url, allow_reconnect=False)
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def publish(server: NatsServer, *messages: Envelope | bytes) -> None:
    async with on(server) as stream:
        await stream.add_stream(name=STREAM, subjects=["signals.>"])
        for message in messages:
            data = message if isinstance(message, bytes) else message.SerializeToString()
            await stream.publish("signals.tip.rewarded.p0", data)


async def settled(server: NatsServer, count: int) -> tuple[int, int]:
    """Waits until `count` messages are done with; answers what is pending and what was given again."""
    until = monotonic() + WITHIN_S
    async with on(server) as stream:
        while True:
            info = await known(stream)
            if info and info.ack_floor and info.ack_floor.stream_seq == count:
                return info.num_ack_pending or 0, info.num_redelivered or 0
            assert monotonic() < until, f"not settled: {info}"
            await asyncio.sleep(0.02)


async def known(stream: JetStreamContext) -> ConsumerInfo | None:
    """None until ml has made its consumer."""
    try:
        info: ConsumerInfo = await stream.consumer_info(STREAM, DURABLE)
    except NotFoundError:
        return None
    return info


def wait_for(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def counted(client: TestClient, outcome: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    mine = [line for line in lines if line.startswith("oo_ml_consumed") and f'outcome="{outcome}"' in line]
    return float(mine[0].split()[-1]) if mine else 0.0


def test_a_reward_that_comes_both_ways_and_often_is_learned_once(
    open_app: Open, database: Database, server: NatsServer, person: str
) -> None:
    rewards = [reward(person) for _ in range(5)]
    wait_for(publish(server, *rewards, *rewards))
    client = open_app(database.url("oo_ml"), nats_url=server.url)
    for one in rewards:
        assert client.post("/reward", json={"events": [over_http(one)]}).status_code == 200
    assert wait_for(settled(server, 10)) == (0, 0)
    assert learned(database, person) == {"urgency": 5, "random": 5}
    assert client.get("/health").json()["parts"]["stream"]["status"] == "ok"


def test_both_ways_say_the_same_about_a_reward(person: str) -> None:
    told = reward(person)
    event = reward_event(told.SerializeToString())
    assert event is not None
    sent = over_http(told)
    at = event.pop("at")
    assert at is not None
    assert at.isoformat(timespec="milliseconds") == sent.pop("at").replace("Z", "+00:00")
    assert {**event, "personId": str(event["personId"])} == sent


def test_what_can_never_be_applied_is_given_up_and_the_rest_goes_on(
    open_app: Open, database: Database, server: NatsServer, person: str
) -> None:
    crooked = reward(person)
    crooked.tip_rewarded.features.append(1.0)
    nobody = reward("nobody")
    wild = reward(person, reward=11.0)
    other = Envelope(type="signals.tip.shown", person_id=person)
    other.tip_shown.tip_id = "t"
    by_fallback = reward(person)
    by_fallback.tip_rewarded.ClearField("feature_names")
    bad: list[Envelope | bytes] = [b"\xff\xff not protobuf", crooked, nobody, wild, other]
    wait_for(publish(server, *bad, by_fallback, reward(person)))
    client = open_app(database.url("oo_ml"), nats_url=server.url)
    assert wait_for(settled(server, 7)) == (0, 0)
    assert learned(database, person)["urgency"] == 1
    assert counted(client, "refused") == 5
    assert counted(client, "learned") == 1


def test_one_reward_that_ml_fails_on_holds_up_nobody_else(
    database: Database, server: NatsServer, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Settings(
        port=0, bind="127.0.0.1", secret="s" * 32, database_url=None, policy="urgency", shadows=()
    )
    other = str(uuid4())

    async def story() -> None:
        await publish(server, reward(other), *(reward(person) for _ in range(2)))
        store, metrics = await Store.open(database.url("oo_ml")), Metrics()
        working, both = store.learn, asyncio.Event()
        done: list[Any] = []

        async def failing(learning: Any, arrivals: dict[UUID, Any], *more: Any) -> Any:
            if UUID(other) in arrivals:
                raise ValueError("a fault of ours")
            told = await working(learning, arrivals, *more)
            done.extend(arrivals[UUID(person)])
            if len(done) == 2:
                both.set()
            return told

        monkeypatch.setattr(store, "learn", failing)
        consuming = Consuming(server.url, from_settings(said), store, metrics)
        consuming.start()
        await asyncio.wait_for(both.wait(), WITHIN_S)
        await consuming.stop()
        await store.close()
        metrics.close()

    wait_for(story())
    assert learned(database, person)["urgency"] == 2


def test_while_the_database_is_away_rewards_wait_and_are_learned_afterwards(
    database: Database, server: NatsServer, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Settings(
        port=0, bind="127.0.0.1", secret="s" * 32, database_url=None, policy="urgency", shadows=()
    )
    policies = from_settings(said)

    async def story() -> None:
        await publish(server, *(reward(person) for _ in range(3)))
        store, metrics = await Store.open(database.url("oo_ml")), Metrics()
        working, tried = store.learn, asyncio.Event()

        async def away(*_: Any) -> Any:
            tried.set()
            raise Away("The database did not answer.")

        monkeypatch.setattr("ml.serving.consume.AWAY_S", 0.1)
        monkeypatch.setattr(store, "learn", away)
        consuming = Consuming(server.url, policies, store, metrics)
        consuming.start()
        await asyncio.wait_for(tried.wait(), WITHIN_S)
        async with on(server) as stream:
            info = await stream.consumer_info(STREAM, DURABLE)
            assert info.ack_floor is not None
            assert info.ack_floor.stream_seq == 0
        monkeypatch.setattr(store, "learn", working)
        assert (await settled(server, 3))[0] == 0
        await consuming.stop()
        await store.close()
        metrics.close()

    wait_for(story())
    assert learned(database, person)["urgency"] == 3


def test_a_server_that_is_no_stream_is_left_again(database: Database) -> None:
    said = Settings(
        port=0, bind="127.0.0.1", secret="s" * 32, database_url=None, policy="urgency", shadows=()
    )

    async def story() -> None:
        left = asyncio.Event()

        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 another protocol\r\n")
            await reader.read()
            writer.close()
            left.set()

        listening = await asyncio.start_server(greet, "127.0.0.1", 0)
        store, metrics = await Store.open(database.url("oo_ml")), Metrics()
        url = f"nats://oo:secret@127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        consuming = Consuming(url, from_settings(said), store, metrics)
        consuming.start()
        await asyncio.wait_for(left.wait(), WITHIN_S)
        assert not consuming.connected
        await consuming.stop()
        listening.close()
        await store.close()
        metrics.close()

    wait_for(story())


def test_it_goes_on_where_it_was_when_it_or_the_stream_is_killed(
    open_app: Open, database: Database, server: NatsServer, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that is killed may forget the last acknowledgements: those messages come again after this time.
    monkeypatch.setattr("ml.serving.consume.ACKNOWLEDGE_WITHIN_S", 1)
    wait_for(publish(server, *(reward(person) for _ in range(3))))
    first = Settings(
        port=0,
        bind="127.0.0.1",
        secret="s" * 32,
        database_url=database.url("oo_ml"),
        policy="urgency",
        shadows=(),
        nats_url=server.url,
    )
    with TestClient(create_app(first)):
        wait_for(settled(server, 3))
    wait_for(publish(server, *(reward(person) for _ in range(2 * AT_ONCE))))
    client = open_app(database.url("oo_ml"), nats_url=server.url)
    server.kill()
    until = monotonic() + WITHIN_S
    while client.get("/health").json()["status"] != "degraded":
        assert monotonic() < until, "nobody noticed that the stream is away"
    assert client.get("/health").status_code == 200
    server.start()
    wait_for(settled(server, 3 + 2 * AT_ONCE))
    assert stats(client, person)["eventsLearned"] == 3 + 2 * AT_ONCE


def test_without_a_stream_answers_go_on(open_app: Open, database: Database, person: str) -> None:
    client = open_app(database.url("oo_ml"), nats_url="nats://oo:x@127.0.0.1:1")
    assert client.post("/reward", json={"events": [over_http(reward(person))]}).json()["applied"] == 1
    health = client.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "degraded")


def test_a_message_that_is_no_reward_is_told_apart(person: str) -> None:
    with pytest.raises(Never, match="not an event"):
        reward_event(b"\xff\xff")
    with pytest.raises(Never, match="not a reward"):
        reward_event(Envelope(type="account.created").SerializeToString())
    with pytest.raises(Never, match="do not hold together"):
        reward_event(reward("not-an-id").SerializeToString())


@pytest.mark.parametrize("said", ["http://x", "nats://host:4222", "nats://a@b@c"])
def test_an_address_without_a_name_is_refused(said: str) -> None:
    with pytest.raises(SettingsError, match="OO_ML_NATS_URL"):
        read({"ML_SHARED_SECRET": "0123456789abcdef" * 2, "OO_ML_NATS_URL": said})
