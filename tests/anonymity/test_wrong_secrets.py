"""Who does not hold a note's secret cannot change it, nor find the secret out bit by bit.

Ten thousand tries: `bench.anonymity`.
"""

from tests.anonymity.planted import program
from tests.anonymity.wrong_secrets import deviations, nearly, steal, unlike

TRIES = 800
TOO_FAR = 6.0
"""Standard deviations; chance alone passes this once in five hundred million times."""


def test_wrong_secrets_change_nothing_and_learn_nothing() -> None:
    stolen = steal(TRIES)

    assert stolen.wall == stolen.written
    for name, tries in stolen.all.items():
        assert len(tries.answers) == 1, name
        assert abs(tries.tells) < TOO_FAR, f"{name}: {tries.ratio:.3f}"
    assert {status for tries in stolen.all.values() for status, *_ in tries.answers} == {404, 409}


def test_a_comparison_that_stops_at_the_first_difference_is_noticed() -> None:
    stolen = steal(TRIES // 2, program("near-misses-take-longer"))

    assert all(tries.tells > TOO_FAR for tries in stolen.all.values())


def test_secrets_are_wrong_where_they_should_be() -> None:
    secret = "A" * 43
    assert nearly(secret)[:41] == secret[:41] and nearly(secret) != secret
    assert unlike(secret)[0] != "A" and len(unlike(secret)) == 43
    assert deviations([1, 2, 3], [4, 5, 6]) < 0 < deviations([4, 5, 6], [1, 2, 3])
