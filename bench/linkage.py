"""The linkage attack of `tests/anonymity` in full size: sixty rooms of the real server, then of
each build with a planted leak. Prints the table of docs/explanation/notes-without-a-name.md.

    .venv/bin/python -m bench.linkage [ROOMS]
"""

import sys
import time

from tests.anonymity.adversary import ESTIMATORS
from tests.anonymity.linkage import Attack, attack
from tests.anonymity.planted import LEAKS, program

ROOMS = 60
BUILDS = {
    "as it is": None,
    **{leak: leak for leak in LEAKS},
    "no shuffle alone": "unshuffled-marks",
}


def table(attacks: dict[str, Attack]) -> str:
    """Estimators by builds, per cent; bold what is above the bound, a dash where nothing was
    found."""
    rows = [["estimator", *attacks], ["---", *["--:" for _ in attacks]]]
    for name in ESTIMATORS:
        rows.append([name, *(cell(each, name) for each in attacks.values())])
    rows.append(["*places looked at*", *(str(each.tried) for each in attacks.values())])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cell(attack: Attack, name: str) -> str:
    rate = attack.rates[name]
    if rate is None:
        return "–"
    return f"**{100 * rate:.1f}**" if name in attack.caught else f"{100 * rate:.1f}"


def main() -> None:
    rooms = int(sys.argv[1]) if len(sys.argv) > 1 else ROOMS
    began = time.monotonic()
    attacks = {
        name: attack(rooms, program(fault)) if fault else attack(rooms)
        for name, fault in BUILDS.items()
    }
    print(table(attacks))
    [one, *_] = attacks.values()
    print(f"\n{rooms} rooms, chance 8.3 %, bound {100 * one.bound:.1f} %,", end=" ")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
