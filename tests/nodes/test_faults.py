"""Several processes when something breaks: nothing that was acknowledged is lost, and what is left
goes on by itself."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event

import httpx2

from tests.contract.people import Note, Phone, Room, eventually, wall_of
from tests.nodes.pairs import Pair

CONVERGED_SECONDS = 5
"""The poll takes a second; the rest is for a busy machine."""


def test_without_news_the_poll_is_enough(nodes: Pair) -> None:
    here = nodes.facilitator().open(mode="direct")
    there = nodes.moved(here, nodes.other)
    phone = there.phone()
    with deaf(nodes), here.screen() as screen:
        screen.frame("whole")
        for n in range(3):
            began = time.monotonic()
            note = phone.write(f"sans nouvelles {n}")
            while note.note not in wall_of(screen.board):
                screen.frame("update", "whole", within=4)
            assert time.monotonic() - began < CONVERGED_SECONDS


def test_news_come_back_after_their_connection_was_cut(nodes: Pair) -> None:
    here = nodes.facilitator().open(mode="direct")
    phone = nodes.moved(here, nodes.other).phone()
    before = set(news_backends(nodes))
    nodes.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              " WHERE application_name = 'atelier news'")  # fmt: skip
    eventually(lambda: len(set(news_backends(nodes)) - before) == 2, within=8)
    with here.screen() as screen:
        screen.frame("whole")
        phone.write("de nouveau")
        screen.frame("update", within=CONVERGED_SECONDS)


def test_a_node_that_is_killed_loses_nothing_and_holds_nothing(own_nodes: Pair) -> None:
    """Under load: what either acknowledged is on the wall, and the other goes on acting at once."""
    here = own_nodes.facilitator().open()
    there = own_nodes.moved(here, own_nodes.other)
    phones = [*here.phones(4), *there.phones(4)]
    with writing(phones) as kept:
        time.sleep(0.7)
        own_nodes.one.kill()
        time.sleep(0.5)
    assert len(kept) > 20
    began = time.monotonic()
    assert there.phone().post(Note(text="après")).status_code == 201
    assert time.monotonic() - began < 2, "nobody waits for the dead"
    eventually(lambda: there.do("reveals").status_code == 204, within=8)
    assert kept <= set(there.wall())
    own_nodes.one.start()
    assert own_nodes.moved(here, own_nodes.one).wall() == there.wall()


def test_a_database_that_stops_and_starts_again(own_nodes: Pair) -> None:
    here = own_nodes.facilitator().open(mode="direct")
    there = own_nodes.moved(here, own_nodes.other)
    phone = here.phone()
    before = phone.write("avant")
    with there.screen() as screen:
        screen.frame("whole")
        own_nodes.cluster.stop("immediate")
        note = Note(text="pendant")
        refused = phone.post(note)
        assert refused.status_code == 503 and "Retry-After" in refused.headers
        assert own_nodes.one.client().get("/healthz").status_code == 503
        own_nodes.cluster.start()
        eventually(lambda: phone.post(note).status_code in (200, 201), within=10)
        eventually(lambda: own_nodes.other.client().get("/healthz").status_code == 200, within=10)
        while note.note not in wall_of(screen.board):
            screen.frame("update", "whole", within=8)
    assert here.wall() == there.wall() == {before.note: "avant", note.note: "pendant"}


def test_who_loses_the_turn_writes_nothing(nodes: Pair) -> None:
    """The connection that holds a room is cut under load: every answer stays true."""
    here = nodes.facilitator().open(mode="direct")
    there = nodes.moved(here, nodes.other)
    phones = [here.phone(), there.phone()] * 3
    with writing(phones) as kept:
        for _ in range(8):
            time.sleep(0.1)
            nodes.sql("SELECT pg_terminate_backend(pid) FROM pg_locks"
                      " JOIN pg_stat_activity USING (pid)"
                      " WHERE locktype = 'advisory'"
                      " AND application_name = 'atelier'")  # fmt: skip
    for room in (here, there):
        eventually(partial(shown, room))
        assert '"uvicorn.error' not in room.server.log.read_text(), "each cut was answered as one"
    assert kept <= set(here.wall())
    assert here.wall() == there.wall()
    log = nodes.sql(f"SELECT seq FROM main.event WHERE room = '{here.room}' ORDER BY seq")
    assert [int(seq) for seq in log.split()] == list(range(1, here.seq() + 1))


def shown(room: Room) -> bool:
    return room.get("board").status_code == 200


@contextmanager
def writing(phones: list[Phone]) -> Iterator[set[str]]:
    """Each of them writes on meanwhile; afterwards, the notes that were acknowledged."""
    kept: set[str] = set()
    stop = Event()
    with ThreadPoolExecutor(len(phones)) as at_once:
        writers = [at_once.submit(write_on, phone, kept, stop) for phone in phones]
        try:
            yield kept
        finally:
            stop.set()
        for writer in writers:
            writer.result()


def write_on(phone: Phone, kept: set[str], stop: Event) -> None:
    """Until told to stop, or nobody answers."""
    while not stop.is_set():
        note = Note(text="encore une")
        try:
            if phone.post(note).status_code == 201:
                kept.add(note.note)
        except httpx2.TransportError:
            return


def news_backends(nodes: Pair) -> list[int]:
    """The server's processes that tell our nodes what is new."""
    found = nodes.sql(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'atelier news'"
        " AND datname = current_database()"
    )
    return [int(pid) for pid in found.split()]


@contextmanager
def deaf(nodes: Pair) -> Iterator[None]:
    """Neither of the nodes hears or tells anything, and no connection says so."""
    stopped = news_backends(nodes)
    assert len(stopped) == 2
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
