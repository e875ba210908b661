"""Signing in is slowed down for who fails, and for nobody else."""

import pytest

from atelier.web.throttle import SIGN_IN_FAILURES, SIGN_IN_WINDOW, Throttle, TooMany

HOME, ELSEWHERE = ({"client": (host, 1)} for host in ("192.0.2.1", "198.51.100.7"))
OWNER = "claire@example.org"


def fails(throttle: Throttle, times: int = SIGN_IN_FAILURES) -> None:
    for _ in range(times):
        throttle.before_sign_in(ELSEWHERE, OWNER)


def test_who_fails_from_another_address_does_not_lock_the_owner_out() -> None:
    throttle = Throttle(on=True)
    fails(throttle)
    with pytest.raises(TooMany):
        throttle.before_sign_in(ELSEWHERE, OWNER)
    throttle.before_sign_in(HOME, OWNER)
    throttle.before_sign_in(ELSEWHERE, "autre@example.org")


def test_the_password_again_is_asked_of_the_owner_whoever_else_fails_beside() -> None:
    throttle = Throttle(on=True)
    fails(throttle)
    throttle.before_password("account")
    throttle.password_given("account")
    for _ in range(SIGN_IN_FAILURES):
        throttle.before_password("account")
    with pytest.raises(TooMany):
        throttle.before_password("account")


def test_each_failure_after_the_fifth_doubles_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    throttle = Throttle(on=True)
    fails(throttle)
    waits = []
    for _ in range(4):
        with pytest.raises(TooMany) as refused:
            throttle.before_sign_in(ELSEWHERE, OWNER)
        waits.append(refused.value.seconds)
        clock[0] += refused.value.seconds + 1
        throttle.before_sign_in(ELSEWHERE, OWNER)
    assert waits == [SIGN_IN_WINDOW * 2**times for times in range(4)]


def test_failures_are_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    throttle = Throttle(on=True)
    fails(throttle)
    clock[0] += 2 * SIGN_IN_WINDOW + 1
    fails(throttle)


def test_a_success_forgets_the_failures() -> None:
    throttle = Throttle(on=True)
    fails(throttle, SIGN_IN_FAILURES - 1)
    throttle.signed_in(ELSEWHERE, OWNER)
    fails(throttle)
