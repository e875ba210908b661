"""The time a step is given, as advice: nothing ever closes or moves on by itself."""

from dataclasses import dataclass, replace
from typing import Self

from .refusals import Refused

MINUTE = 60
LONGEST_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Timer:
    """`total` is what was given and `left` what is left of it, both in seconds; `left` is below
    zero when the time is over. While the timer runs, `ends` is the Unix second of its end and
    `left` is not looked at."""

    total: int
    left: int
    ends: int | None = None

    @classmethod
    def started(cls, minutes: float, now: float) -> Self:
        """`minutes` from a second up to eight hours."""
        seconds = round(minutes * MINUTE)
        if not 1 <= seconds <= LONGEST_MINUTES * MINUTE:
            raise Refused("minutes-out-of-range")
        return cls(seconds, seconds, int(now) + seconds)

    def left_at(self, now: float) -> int:
        return self.left if self.ends is None else self.ends - int(now)

    def extended(self, minutes: float, now: float) -> "Timer":
        """More time, or less; taking away stops at the end, it never makes an overrun."""
        left = self.left_at(now)
        more = max(round(minutes * MINUTE), -max(left, 0))
        total = self.total + more
        if total > LONGEST_MINUTES * MINUTE:
            raise Refused("minutes-out-of-range")
        ends = None if self.ends is None else self.ends + more
        return Timer(max(total, 1), left + more, ends)

    def paused(self, now: float) -> "Timer":
        return replace(self, left=self.left_at(now), ends=None)

    def resumed(self, now: float) -> "Timer":
        return replace(self, ends=int(now) + self.left) if self.ends is None else self
