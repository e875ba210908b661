"""The tests of `tests/anonymity` in full size, as a report in Markdown: the linkage attack on sixty
rooms of the real server and of each build with a planted leak; the canaries; the evenness of the
shuffle; ten thousand wrong secrets.

    .venv/bin/python -m bench.anonymity [--engine postgresql] [ROOMS]

On PostgreSQL a cluster of its own is started, which writes into its log all that it can.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.anonymity.adversary import ESTIMATORS
from tests.anonymity.linkage import Attack, attack
from tests.anonymity.planted import (
    LEAKS,
    LEAKS_OF_BALLOTS,
    LEAKS_OF_BALLOTS_OF_POSTGRESQL,
    LEAKS_OF_POSTGRESQL,
    program,
)
from tests.anonymity.shuffling import evenness, reveals
from tests.anonymity.stores import Engine
from tests.anonymity.witnesses import search_all
from tests.anonymity.wrong_secrets import steal

ROOMS = 60
REVEALS = 100 * 720
TRIES = 10_000
BUILDS: dict[Engine, tuple[str, ...]] = {
    "sqlite": (*LEAKS, "unshuffled-marks"),
    "postgresql": (*LEAKS_OF_POSTGRESQL, "unshuffled-marks"),
}
BUILDS_FOR_BALLOTS: dict[Engine, tuple[str, ...]] = {
    "sqlite": LEAKS_OF_BALLOTS,
    "postgresql": LEAKS_OF_BALLOTS_OF_POSTGRESQL,
}
AS_IT_IS = "as it is"


def linkage(rooms: int, engine: Engine) -> Iterator[str]:
    """Of notes, then of ballots, on the same rooms."""
    builds = dict.fromkeys((*BUILDS[engine], *BUILDS_FOR_BALLOTS[engine]))
    attacks = {AS_IT_IS: attack(rooms, engine=engine)} | {
        fault: attack(rooms, program(fault), engine) for fault in builds
    }
    for what, builds_for in (("notes", BUILDS), ("ballots", BUILDS_FOR_BALLOTS)):
        chosen = (AS_IT_IS, *builds_for[engine])
        yield f"\n{what}\n"
        yield from table({name: getattr(attacks[name], what) for name in chosen})


def table(attacks: Mapping[str, Attack]) -> Iterator[str]:
    """Estimators by builds, per cent; bold what is above the bound, a dash where nothing was
    found."""
    yield row("estimator", *attacks)
    yield row("---", *["--:" for _ in attacks])
    for name in ESTIMATORS:
        yield row(name, *(cell(each, name) for each in attacks.values()))
    yield row("*places looked at*", *(str(each.tried) for each in attacks.values()))
    real = attacks[AS_IT_IS]
    yield f"\n{real.rooms} rooms, chance 8.3 %, bound {100 * real.bound:.1f} %."


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def cell(attack: Attack, name: str) -> str:
    rate = attack.rates[name]
    if rate is None:
        return "–"
    return f"**{100 * rate:.1f}**" if name in attack.caught else f"{100 * rate:.1f}"


def canaries(engine: Engine) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        search = search_all(Path(folder), engine=engine)
    yield (
        f"Canaries: {search.traces} traces in {search.forms} forms, looked for in"
        f" {search.artefacts} artefacts and {search.layers} packed layers"
        f" ({search.size / 1e6:.0f} MB), after {search.provoked} provoked failures;"
        f" found: {len(search.found)}."
    )
    yield from search.found


def shuffle() -> Iterator[str]:
    p = evenness(asyncio.run(reveals(REVEALS)))
    yield f"Shuffle: {REVEALS} reveals of six notes, p = {p:.3f}."


def wrong_secrets(engine: Engine) -> Iterator[str]:
    stolen = steal(TRIES, engine=engine)
    changed = "nothing" if stolen.wall == stolen.written else "SOMETHING"
    yield f"Wrong secrets: {TRIES}, which changed {changed}."
    for name, tries in stolen.all.items():
        [(status, *_)] = [*tries.answers][:1]
        yield (
            f"- {name}: {tries.number} tries, {len(tries.answers)} answer ({status}); nearly right"
            f" ones take {tries.ratio:.3f} of the time of others ({tries.tells:+.1f} sigma)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.anonymity")
    parser.add_argument("rooms", nargs="?", type=int, default=ROOMS)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    engine: Engine = asked.engine
    for part in (
        shuffle(),
        canaries(engine),
        wrong_secrets(engine),
        linkage(asked.rooms, engine),
    ):
        for line in part:
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
