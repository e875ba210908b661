"""Rate limits, in memory. An address is known only by a hash keyed for this process."""

import asyncio
import os
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Scope

from ..keys import mark, token
from .crowd import Crowd

JOIN_FAILURES_ADDRESS = RateLimitItemPerMinute(20)
"""Wrong codes from one address. Forty people behind one address join within a minute."""
JOIN_FAILURES_ALL = RateLimitItemPerMinute(60)
"""Wrong codes from everywhere; past that, an address with a wrong code waits."""
NOTES_ADDRESS = RateLimitItemPerMinute(1200)
SIGN_INS_ADDRESS = RateLimitItemPerMinute(30)
SIGN_IN_FAILURES = 5
SIGN_IN_WINDOW = 15 * 60


DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Failures:
    """No try before `until`; all is `forgotten` then. Both on the monotonic clock."""

    failures: int
    until: float
    forgotten: float


NO_FAILURES = Failures(0, 0.0, 0.0)


class TooMany(Exception):
    """Wait `seconds`, then try again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = max(1, round(seconds))


class Throttle:
    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.salt = os.urandom(32)
        self.limiter = FixedWindowRateLimiter(MemoryStorage())
        self.joining = asyncio.Lock()
        self.crowd = Crowd(on=on)
        self.sign_ins: dict[str, Failures] = {}

    def address(self, scope: Scope) -> str:
        host = scope["client"][0] if scope.get("client") else "-"
        return token(mark(self.salt, neighbourhood(host)))[:16]

    # Joining

    def before_join(self, scope: Scope) -> None:
        if not self.on:
            return
        mine = self.limiter.get_window_stats(JOIN_FAILURES_ADDRESS, "join", self.address(scope))
        failed = JOIN_FAILURES_ADDRESS.amount - mine.remaining
        busy = not self.limiter.test(JOIN_FAILURES_ALL, "join-all")
        if mine.remaining == 0 or (busy and failed):
            raise TooMany(mine.reset_time - time.time())

    def join_failed(self, scope: Scope) -> None:
        self.limiter.hit(JOIN_FAILURES_ADDRESS, "join", self.address(scope))
        self.limiter.hit(JOIN_FAILURES_ALL, "join-all")

    # Writing

    def before_note(self, who: str) -> None:
        """`who` is what `address` gave before the sender was taken away."""
        if self.on and not self.limiter.hit(NOTES_ADDRESS, "note", who):
            reset, _ = self.limiter.get_window_stats(NOTES_ADDRESS, "note", who)
            raise TooMany(reset - time.time())

    # Signing in: five failures, then a wait that doubles, for this account from this address

    def before_sign_in(self, scope: Scope, email: str) -> None:
        """Counts as a failure until it succeeds, so that many at once are no more than in turn."""
        if self.on and not self.limiter.hit(SIGN_INS_ADDRESS, "sign-in", self.address(scope)):
            raise TooMany(60)
        self.attempt(self.sign_in_window(scope, email))

    def signed_in(self, scope: Scope, email: str) -> None:
        self.sign_ins.pop(self.sign_in_window(scope, email), None)

    def sign_in_window(self, scope: Scope, email: str) -> str:
        return self.window(f"{self.address(scope)}/{email.strip().lower()}")

    # The password again, of who is signed in: whoever else tries, from wherever, is not in the way

    def before_password(self, account: str) -> None:
        self.attempt(self.window(account))

    def password_given(self, account: str) -> None:
        self.sign_ins.pop(self.window(account), None)

    def attempt(self, window: str) -> None:
        """From the fifth failure on there is one try after each wait, and the next wait is twice
        as long; a day at most."""
        now = time.monotonic()
        self.sign_ins = {k: v for k, v in self.sign_ins.items() if v.forgotten > now}
        known = self.sign_ins.get(window, NO_FAILURES)
        if self.on and known.until > now:
            raise TooMany(known.until - now)
        failures = known.failures + 1
        doublings = failures - SIGN_IN_FAILURES
        wait = 0 if doublings < 0 else min(DAY, SIGN_IN_WINDOW * 2**doublings)
        self.sign_ins[window] = Failures(failures, now + wait, now + max(2 * wait, SIGN_IN_WINDOW))

    def window(self, what: str) -> str:
        return token(mark(self.salt, what))


def neighbourhood(host: str) -> str:
    """An IPv6 subscriber has 2^64 addresses: they count as one."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ip_network((int(address) >> 64 << 64, 64)))
