"""R3, the part that tells: deliveries with repetitions and disorder to several ml processes that are killed meanwhile.

`python exactlyOnce.py '{"database": URL, "ports": [..], "people": n, "events": n, "killEveryS": s,
"mostKills": n, "without": ""}'` prints one line of JSON. A batch that was not answered with 200 is told again, as the
relay would.
"""

import asyncio
import json
import random
import sys
import threading
import time
from queue import Empty, Queue

from scorer import Scorer  # first: it makes ml importable

import asyncpg
from lives import as_told, compare, event_of, lives
from ml.state.made_up import deliveries
from numpy.random import default_rng

AT_ONCE = 256
WINDOW = 1_000
DAYS = 20.0
SENDERS_EACH = 2
REST_S = 0.1
TOLD_EVERY_S = 5.0


class Run:
    def __init__(self, asked: dict) -> None:
        rng = default_rng(20_26)
        self.made = {
            person: [as_told(one) for one in told]
            for person, told in lives(asked["people"], asked["events"], rng, DAYS).items()
        }
        stream = sorted((one for told in self.made.values() for one in told), key=lambda one: one.t_days)
        self.stream = deliveries(stream, rng, window=WINDOW)
        self.events = len(stream)
        self.scorers = [Scorer(asked["database"], port, asked["without"]) for port in asked["ports"]]
        self.kill_every_s, self.most_kills = asked["killEveryS"], asked["mostKills"]
        self.kills = self.again = 0
        self.batches: Queue[list] = Queue()
        for start in range(0, len(self.stream), AT_ONCE):
            self.batches.put(self.stream[start : start + AT_ONCE])
        self.left = self.of = self.batches.qsize()
        self.lock = threading.Lock()

    def tell(self, scorer: Scorer) -> None:
        """Until nothing is left: one batch after the other, a failed one again and at once, by whoever is free."""
        while self.left > 0:
            try:
                batch = self.batches.get(timeout=REST_S)
            except Empty:
                continue
            status, answer = scorer.ask("POST", "/reward", {"events": [event_of(one) for one in batch]})
            if status == 200:
                scorer.is_up = True
                with self.lock:
                    self.left -= 1
                continue
            if status not in (0, 503):
                raise SystemExit(f"ml answered {status}: {answer}")
            self.batches.put(batch)
            with self.lock:
                self.again += 1
            time.sleep(REST_S)

    def kill_now_and_then(self) -> None:
        """When all have learned something since they came up: a busy machine, where a start takes as long as the
        time between two kills, must not keep them from ever working."""
        chance = random.Random(3)
        next_at = time.monotonic() + self.kill_every_s
        while self.left > 0 and self.kills < self.most_kills:
            up = [scorer for scorer in self.scorers if scorer.is_up]
            if len(up) == len(self.scorers) and time.monotonic() >= next_at:
                victim = chance.choice(up)
                victim.kill()
                victim.start()
                self.kills += 1
                next_at = time.monotonic() + self.kill_every_s
            time.sleep(0.02)

    def tell_how_far(self) -> None:
        """On stderr, one line every few seconds."""
        began = told = time.monotonic()
        while self.left > 0:
            time.sleep(REST_S)
            if time.monotonic() - told < TOLD_EVERY_S:
                continue
            told, done = time.monotonic(), self.of - self.left
            rest_s = (told - began) / max(1, done) * self.left
            far = f"{done * AT_ONCE:,} of {len(self.stream):,} deliveries, {self.kills} kills, {rest_s:.0f} s left"
            print(f"… {far}", file=sys.stderr, flush=True)

    def run(self) -> float:
        for scorer in self.scorers:
            scorer.start()
        for scorer in self.scorers:
            scorer.wait_until_ready()
        began = time.monotonic()
        threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self.kill_now_and_then, self.tell_how_far)
        ]
        for scorer in self.scorers * SENDERS_EACH:
            threads.append(threading.Thread(target=self.tell, args=(scorer,), daemon=True))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began


async def judged(asked: dict, run: Run) -> dict:
    database = await asyncpg.connect(asked["database"])
    try:
        return await compare(database, run.made)
    finally:
        await database.close()


def main() -> None:
    asked = json.loads(sys.argv[1])
    run = Run(asked)
    try:
        seconds = run.run()
    finally:
        for scorer in run.scorers:
            scorer.kill()
    told = asyncio.run(judged(asked, run)) | {
        "deliveries": len(run.stream),
        "events": run.events,
        "kills": run.kills,
        "again": run.again,
        "seconds": round(seconds, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
