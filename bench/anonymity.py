"""The tests of `tests/anonymity` in full size, as a report in Markdown: the linkage attack on sixty
rooms of the real server and of each build with a planted leak; the canaries; the evenness of the
shuffle; ten thousand wrong secrets.

    .venv/bin/python -m bench.anonymity [ROOMS]
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.anonymity.adversary import ESTIMATORS
from tests.anonymity.linkage import Attack, attack
from tests.anonymity.planted import LEAKS, program
from tests.anonymity.shuffling import evenness, reveals
from tests.anonymity.witnesses import search_all
from tests.anonymity.wrong_secrets import steal

ROOMS = 60
REVEALS = 100 * 720
TRIES = 10_000
BUILDS = {"as it is": "", **{leak: leak for leak in LEAKS}, "no shuffle alone": "unshuffled-marks"}


def linkage(rooms: int) -> Iterator[str]:
    """Estimators by builds, per cent; bold what is above the bound, a dash where nothing was
    found."""
    attacks = {
        name: attack(rooms, program(fault)) if fault else attack(rooms)
        for name, fault in BUILDS.items()
    }
    yield row("estimator", *attacks)
    yield row("---", *["--:" for _ in attacks])
    for name in ESTIMATORS:
        yield row(name, *(cell(each, name) for each in attacks.values()))
    yield row("*places looked at*", *(str(each.tried) for each in attacks.values()))
    bound = attacks["as it is"].bound
    yield f"\n{rooms} rooms, chance 8.3 %, bound {100 * bound:.1f} %."


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def cell(attack: Attack, name: str) -> str:
    rate = attack.rates[name]
    if rate is None:
        return "–"
    return f"**{100 * rate:.1f}**" if name in attack.caught else f"{100 * rate:.1f}"


def canaries() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        search = search_all(Path(folder))
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


def wrong_secrets() -> Iterator[str]:
    stolen = steal(TRIES)
    changed = "nothing" if stolen.wall == stolen.written else "SOMETHING"
    yield f"Wrong secrets: {TRIES}, which changed {changed}."
    for name, tries in stolen.all.items():
        [(status, *_)] = [*tries.answers][:1]
        yield (
            f"- {name}: {tries.number} tries, {len(tries.answers)} answer ({status}); nearly right"
            f" ones take {tries.ratio:.3f} of the time of others ({tries.tells:+.1f} sigma)"
        )


def main() -> None:
    rooms = int(sys.argv[1]) if len(sys.argv) > 1 else ROOMS
    for part in (shuffle(), canaries(), wrong_secrets(), linkage(rooms)):
        for line in part:
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
