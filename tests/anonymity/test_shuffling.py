"""Every order of the notes is as likely as any other."""

from random import SystemRandom
from typing import Any

import pytest

from atelier import notes
from tests.anonymity.shuffling import chi_squared_tail, evenness, reveals

REVEALS = 20 * 720
LEAST_P = 0.001


async def test_a_reveal_makes_every_order_equally_likely() -> None:
    """Chance fails this once in a thousand times; twice in a row, once in a million."""
    if evenness(await reveals(REVEALS)) <= LEAST_P:
        assert evenness(await reveals(REVEALS)) > LEAST_P


async def test_a_shuffle_that_favours_some_orders_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The well-known mistake: each note changes places with any other, not with a later one."""

    def naive(items: list[Any]) -> None:
        for place in range(len(items)):
            other = SystemRandom().randrange(len(items))
            items[place], items[other] = items[other], items[place]

    monkeypatch.setattr(notes.chance, "shuffle", naive)
    assert evenness(await reveals(REVEALS)) < 1e-9


async def test_a_reveal_that_does_not_shuffle_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes.chance, "shuffle", lambda _: None)
    assert evenness(await reveals(REVEALS)) < 1e-9


@pytest.mark.parametrize(
    ("squared", "p"), [(719, 0.4930), (783.4, 0.0476), (783.0, 0.0486), (841, 0.00107)]
)
def test_the_tail_of_chi_squared_is_right(squared: float, p: float) -> None:
    assert chi_squared_tail(squared, 719) == pytest.approx(p, rel=0.02)
