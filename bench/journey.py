"""The main journey without a browser: forty phones write three notes each, the wall is revealed,
a note is moved. Prints how long the last screen waits, and what the pages weigh.

    .venv/bin/python -m bench.journey

Absolute times depend on the machine; the fsync line is the yardstick to read them by.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex, token_urlsafe

import httpx2
from websockets.asyncio.client import ClientConnection, connect

from bench import weights
from bench.gauges import fsync_ms
from tests.server import Facilitator, Server, serving

PHONES = 40
NOTES = 3
MOVES = 20


async def journey(server: Server) -> dict[str, float]:
    facilitator = Facilitator(server)
    room = facilitator.open_room(title="Essai", mode="reveal")
    async with httpx2.AsyncClient(base_url=server.origin, timeout=30) as client:
        began = time.perf_counter()
        screens = await asyncio.gather(*(screen(server, room["code"]) for _ in range(PHONES)))
        joined = time.perf_counter() - began
        bearer, sockets = screens[0][0], [socket for _, socket in screens]
        seconds = await write(client, room["room"], bearer)
        reveal = await until_last(
            sockets, lambda: facilitator.does(room["room"], "reveals"), b'"seq": 3'
        )
        note = str(
            facilitator.client.get(f"/r/{room['room']}/board").text.split('data-note="')[1][:32]
        )
        cluster = token_hex(16)
        await asyncio.to_thread(
            facilitator.does, room["room"], "clusters", cluster=cluster, title="Grappe"
        )
        moves = []
        for number in range(MOVES):
            target = cluster if number % 2 == 0 else ""

            def move(target: str = target) -> httpx2.Response:
                return facilitator.does(room["room"], "moves", note=note, cluster=target)

            moves.append(await until_last(sockets, move, f'"seq": {5 + number}'.encode()))
        await asyncio.gather(*(socket.close() for socket in sockets))
    return {
        "joins with page and socket, per second": PHONES / joined,
        "notes kept, per second": PHONES * NOTES / seconds,
        "reveal of 120 notes to the last of 40 screens, ms": reveal * 1000,
        "move to the last of 40 screens, median ms": statistics.median(moves) * 1000,
    }


async def screen(server: Server, code: str) -> tuple[str, ClientConnection]:
    async with httpx2.AsyncClient(base_url=server.origin, timeout=30) as client:
        headers = {"Accept": "application/json"}
        joined = (await client.post("/join", data={"code": code}, headers=headers)).json()
        await client.get(joined["page"])
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    url = server.origin.replace("http", "ws") + joined["live"]
    socket = await connect(url, additional_headers={"Cookie": cookie}, max_size=None)
    return joined["pass"], socket


async def write(client: httpx2.AsyncClient, room: str, bearer: str) -> float:
    """Seconds that it takes to keep all notes, forty phones at once."""

    async def phone(number: int) -> None:
        for count in range(NOTES):
            body = {
                "note": token_hex(16),
                "text": f"note {number}.{count}",
                "secret": token_urlsafe(32),
                "rev": 0,
            }
            headers = {"Authorization": f"Bearer {bearer}"}
            answer = await client.post(f"/r/{room}/notes", json=body, headers=headers)
            answer.raise_for_status()

    began = time.perf_counter()
    await asyncio.gather(*(phone(number) for number in range(PHONES)))
    return time.perf_counter() - began


async def until_last(
    sockets: list[ClientConnection], act: Callable[[], httpx2.Response], mark: bytes
) -> float:
    """Seconds from the request to the frame with this number on the last screen."""

    async def seen(socket: ClientConnection) -> None:
        while True:
            frame = await socket.recv(decode=False)
            if mark in frame[:80] or f'"seq": {json.loads(frame).get("seq")}'.encode() == mark:
                return

    watching = [asyncio.create_task(seen(socket)) for socket in sockets]
    began = time.perf_counter()
    answer = await asyncio.to_thread(act)
    answer.raise_for_status()
    await asyncio.gather(*watching)
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as server:
        figures = asyncio.run(journey(server))
        figures["one fsync here, median ms"] = fsync_ms(Path(data))
        table = weights.pages(server)
    for name, figure in figures.items():
        print(f"{figure:10.1f}  {name}")
    weights.show(table)


if __name__ == "__main__":
    main()
