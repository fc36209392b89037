"""A bar with the time that is left, on a terminal's last line; a line a minute where there is no terminal."""

from collections.abc import Callable
from typing import TextIO

WIDTH = 30


class Bar:
    def __init__(self, out: TextIO, clock: Callable[[], float]) -> None:
        self._out, self._clock = out, clock
        self._began = self._told = clock()

    def __call__(self, done: float, total: float, doing: str) -> None:
        now = self._clock()
        live, over = self._out.isatty(), done >= total
        if not live and not over and now - self._told < 60:
            return
        self._told = now
        share = done / total if total else 1.0
        left = (now - self._began) * (1 - share) / share if share else 0.0
        bar = "█" * round(share * WIDTH) + "·" * (WIDTH - round(share * WIDTH))
        text = f"{bar} {share:4.0%}  {_clock_time(left)} left  {doing}"
        self._out.write(f"\r{text:<100.100}" if live else f"{text}\n")
        if live and over:
            self._out.write("\n")
        self._out.flush()


def _clock_time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
