"""How fast room codes can be guessed: wrong ones sent as fast as they are answered, for a minute,
from one address and from many, with the limits of an installation.

    .venv/bin/python -m bench.guessing

Prints how many tries a minute were answered, what is said to the rest, and the chance that one of
them hits. Twenty rooms are taken to be open; there are 28^6 codes.
"""

import asyncio
import secrets
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx2

from atelier.codes import ALPHABET, CODE_LENGTH, new_code
from tests.server import Facilitator, Server, serving

MINUTE = 60.0
AT_ONCE = 20
ROOMS = 20
HOURS = 8


async def guess(server: Server, addresses: int, seconds: float) -> Counter[int]:
    """Answers by status; a proxy on this machine is believed about addresses."""
    seen: Counter[int] = Counter()
    until = time.monotonic() + seconds

    async def one(client: httpx2.AsyncClient) -> None:
        while time.monotonic() < until:
            number = secrets.randbelow(addresses)
            headers = {
                "Accept": "application/json",
                "X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}",
            }
            answer = await client.post("/join", data={"code": new_code()}, headers=headers)
            seen[answer.status_code] += 1

    async with httpx2.AsyncClient(base_url=server.origin, timeout=30) as client:
        await asyncio.gather(*(one(client) for _ in range(AT_ONCE)))
    return seen


def main() -> None:
    codes = len(ALPHABET) ** CODE_LENGTH
    print("| addresses | answered a second | told to wait a second | chance of a hit in 8 h |")
    print("|---|---|---|---|")
    for addresses in (1, 10, 1000):
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(Path(folder), ATELIER_RATE="on") as server,
        ):
            Facilitator(server).open_room(title="Essai", mode="reveal")
            seen = asyncio.run(guess(server, addresses, MINUTE))
        tries = seen[404] + seen[200]
        chance = 1 - (1 - ROOMS / codes) ** (tries * 60 * HOURS)
        print(f"| {addresses} | {tries / MINUTE:.2f} | {seen[429] / MINUTE:.0f} | {chance:.2%} |")


if __name__ == "__main__":
    main()
