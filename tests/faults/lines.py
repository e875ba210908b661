"""One session behind bad lines, and the oracle: what was kept is what was revealed, what every
screen shows, what is exported and what is archived."""

import asyncio
import os
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.contract.people import wall_of
from tests.contract.tree import parse
from tests.faults.people import Screen, Writer
from tests.faults.proxy import Fault, bad_line
from tests.server import Facilitator, Phone, Server, serving

SCREENS = 4
KILLS = 1
SAME_WITHIN_SECONDS = 15


@dataclass
class Outcome:
    notes: int
    tries: int
    resyncs: int
    faults: Counter[Fault]


async def session(folder: Path, seed: int, phones: int, notes: int, **settings: str) -> Outcome:
    """Everybody writes, some take a note back, the wall is revealed and sorted, a second wave
    comes, and the server is killed meanwhile."""
    lot = Random(seed)
    with serving(folder, ATELIER_THRESHOLD="3", **settings) as server:
        facilitator = Facilitator(server)
        made = facilitator.open_room(title="Essai", mode="waves")
        room, code = made["room"], made["code"]
        members = [await asyncio.to_thread(Phone, server, code) for _ in range(phones)]
        before = descriptors(server)
        async with AsyncExitStack() as stack:
            line = await stack.enter_async_context(bad_line(server.port, seed))
            writers = [Writer(server, line.port, phone) for phone in members]
            screens = [
                Screen(server, line.port, cookies(phone), room) for phone in members[:SCREENS]
            ]
            follows = [asyncio.create_task(screen.follow()) for screen in screens]
            for wave in range(2):
                killer = asyncio.create_task(kill_in_between(server, lot))
                await asyncio.gather(*(writes(each, notes, wave, lot) for each in writers))
                await killer
                await act(facilitator, room, writers, wave)
            await same(facilitator, room, writers, screens)
            for each in follows:
                each.cancel()
            await asyncio.gather(*follows, return_exceptions=True)
        await finished(server, facilitator, room, writers, before)
        return Outcome(
            notes=sum(len(each.kept) for each in writers),
            tries=sum(each.tries for each in writers),
            resyncs=sum(each.resyncs for each in screens),
            faults=line.drawn,
        )


def cookies(phone: Phone) -> str:
    return "; ".join(f"{name}={value}" for name, value in phone.client.cookies.items())


async def writes(writer: Writer, notes: int, wave: int, lot: Random) -> None:
    for number in range(notes):
        await asyncio.sleep(lot.uniform(0, 0.3))
        note = await writer.write(f"{id(writer)} {wave}.{number}")
        if lot.random() < 0.2:
            await writer.take_back(note)


async def kill_in_between(server: Server, lot: Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(lot.uniform(0.3, 1.0))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)


async def act(facilitator: Facilitator, room: str, writers: list[Writer], wave: int) -> None:
    """The facilitator's line is a good one, and a kill comes in no act."""
    for writer in writers:  # after a kill the server knows only phones that show themselves
        await asyncio.to_thread(writer.phone.client.get, f"/r/{room}")
    answer = await asyncio.to_thread(facilitator.does, room, "reveals")
    assert answer.status_code == 204, answer.text
    held = [note for writer in writers[:3] for note in writer.kept][:4]
    form = {"cluster": f"{wave}" * 32, "title": "Grappe", "note": held}
    client = facilitator.client
    answer = await asyncio.to_thread(client.post, f"/r/{room}/clusters", data=form)
    assert answer.status_code == 204, answer.text
    assert (await asyncio.to_thread(facilitator.does, room, "undos")).status_code == 204


async def same(
    facilitator: Facilitator, room: str, writers: list[Writer], screens: list[Screen]
) -> None:
    """Every screen arrives at the board that there is, whatever its line did."""
    kept = {note: text for writer in writers for note, text in writer.kept.items()}
    html = (await asyncio.to_thread(facilitator.client.get, f"/r/{room}/board")).text
    board = parse(html)
    assert dict(wall_of(board)) == kept, "kept = revealed"
    until = time.monotonic() + SAME_WITHIN_SECONDS
    while any(each.shown != board.canonical() for each in screens):
        assert time.monotonic() < until, "a screen that never arrives"
        await asyncio.sleep(0.1)
    assert not [wrong for each in screens for wrong in each.wrong]


async def finished(
    server: Server, facilitator: Facilitator, room: str, writers: list[Writer], before: int
) -> None:
    kept = {text for writer in writers for text in writer.kept.values()}
    client = facilitator.client
    exported = client.get(f"/r/{room}/export/group.json").json()
    texts = [note["text"] for note in exported["notes"]]
    assert set(texts) == kept and len(texts) == len(kept), "kept = export, none twice"
    assert facilitator.does(room, "closings", keep="all").status_code == 204
    seq = int(parse(client.get(f"/r/{room}/board").text).having("data-seq")[0]["data-seq"])
    past = parse(client.get(f"/r/{room}/board?at={seq}").text)
    assert set(wall_of(past).values()) == kept, "kept = archive"
    assert "Traceback" not in server.log.read_text()
    for word in ("socket-failed", "chore-failed", "Exception in"):
        assert word not in server.log.read_text(), word
    for _ in range(50):
        if descriptors(server) <= before + 2:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{descriptors(server)} descriptors, {before} before")


def descriptors(server: Server) -> int:
    assert server.process
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))
