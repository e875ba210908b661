"""What was deleted is in no file of the database any more, nor in its log a little later, and no
word is in clear anywhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import pytest

from tests.anonymity.linkage import attack_on, attack_on_ballots
from tests.anonymity.sessions import hold
from tests.anonymity.stores import TALKATIVE, Postgresql
from tests.contract.people import Note, atelier, eventually, refused
from tests.nodes.pairs import Pair

ROOMS = 2
SCHEMA = Path(__file__).parent.parent / "schema.txt"


def test_a_reveal_leaves_neither_the_notes_face_down_nor_their_key(nodes: Pair) -> None:
    room = nodes.facilitator().open()
    for phone in room.phones(3):
        phone.write(f"note {token_hex(4)}")
    boxes = waiting(nodes, room.room)
    assert len(boxes) == 4 and in_files(nodes, boxes) == boxes, "or the search finds nothing"
    room.reveal()
    assert in_files(nodes, boxes) == set()


def test_a_note_taken_back_or_written_anew_leaves_no_trace(nodes: Pair) -> None:
    room = nodes.facilitator().open()
    phone = room.phone()
    taken, kept = phone.write("retirée"), phone.write("changée")
    boxes = waiting(nodes, room.room)
    assert phone.take_back(taken).status_code == 204
    assert phone.post(kept, text="autrement", rev=1).status_code == 200
    left = waiting(nodes, room.room)
    assert len(boxes - left) == 2 and in_files(nodes, boxes) == boxes & left


def test_what_leaves_the_wall_or_a_closing_leaves_the_files(nodes: Pair) -> None:
    room = nodes.facilitator().open(mode="direct")
    phone = room.phone()
    note = phone.write("retirée du mur")
    box = words(nodes, room.room, note)
    assert len(box) == 1 and in_files(nodes, box) == box
    assert phone.take_back(note, now=True).status_code == 204
    assert in_files(nodes, box) == set()


def test_no_word_is_in_clear_in_files_log_or_journal(nodes: Pair) -> None:
    room = nodes.facilitator().open()
    canary = token_hex(12)
    phone = room.phone()
    note = phone.write(canary)
    assert refused(phone.post(Note(note=note.note, text=canary)), 409) == "note-id-taken"
    for path in nodes.cluster.folder.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes(), path
    assert "Failing row" not in nodes.cluster.log.read_text()


@pytest.fixture
def store(nodes: Pair) -> Iterator[Postgresql]:
    """All that is left on a server that writes down all it can."""
    for each in TALKATIVE:
        name, _, value = each.partition(" = ")
        plain = value.strip("'")
        if name != "track_commit_timestamp":  # it wants a new start
            nodes.sql(f"ALTER SYSTEM SET {name} = '{plain}'")
    nodes.sql("SELECT pg_reload_conf()")
    yield Postgresql(nodes.cluster, nodes.one.variables["DATABASE_URL"])
    nodes.sql("ALTER SYSTEM RESET ALL")
    nodes.sql("SELECT pg_reload_conf()")


def test_who_watched_the_room_and_holds_heap_and_journals_does_not_learn_who_wrote(
    nodes: Pair, store: Postgresql
) -> None:
    """By notes over both servers; every estimator and seven planted leaks: `bench.anonymity`."""
    facilitator = nodes.facilitator()
    held = []
    for _ in range(ROOMS):
        room = facilitator.open()
        held.append(hold([room, nodes.moved(room, nodes.other)], store, {}))
    found, ballots = attack_on(held), attack_on_ballots(held)

    assert found.caught == {}, f"above {found.bound:.3f}"
    assert ballots.caught == {}, f"above {ballots.bound:.3f}"
    looked = {name for name, rate in found.rates.items() if rate is not None}
    assert {"row order", "page offset", "list positions", "frame order"} <= looked
    assert not {"journals", "log lines"} & looked, "there is not a trace of a note"


def test_an_erased_room_leaves_its_id_and_nothing_else(nodes: Pair, store: Postgresql) -> None:
    room = nodes.facilitator().open(mode="waves")
    notes = room.revealed(*(f"note {token_hex(6)}" for _ in range(3)))
    room.phone().write("en attente")
    traces = of_room(nodes, room.room) | {bytes.fromhex(note.note) for note in notes}
    traces |= {note.note.encode() for note in notes} | {room.code.replace(" ", "").encode()}
    nodes.sql("ANALYZE")
    assert len(traces & found_in(store, traces)) > len(traces) / 2, "or the search finds nothing"
    erased = atelier("erase", room.room, data=nodes.one.data, stdin="oui\n", **nodes.one.variables)
    assert erased.returncode == 0, erased.stderr
    # What another server was writing at that moment may take it one more round to forget.
    eventually(lambda: found_in(store, traces) == set(), within=20)
    assert nodes.sql(f"SELECT what FROM main.moment WHERE room = '{room.room}'") == ""


def test_an_erased_room_goes_from_the_files_once_who_read_it_before_is_gone(
    nodes: Pair, store: Postgresql
) -> None:
    room = nodes.facilitator().open()
    traces = of_room(nodes, room.room)
    read = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; SELECT pg_sleep(4)"
    with ThreadPoolExecutor() as aside:
        reader = aside.submit(nodes.sql, read)
        eventually(lambda: "pg_sleep" in nodes.sql(READING))
        erased = atelier(
            "erase", room.room, data=nodes.one.data, stdin="oui\n", **nodes.one.variables
        )
        assert erased.returncode == 0, erased.stderr
        reader.result()
    assert found_in(store, traces) == set()


READING = "SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


def of_room(nodes: Pair, room: str) -> set[bytes]:
    """Everything that is one of a kind in the rows of a room: the end of each."""
    found = nodes.sql(
        f"SELECT encode(code_mark, 'hex') FROM main.room WHERE id = '{room}' UNION ALL"
        f" SELECT encode(code_box, 'hex') FROM main.room WHERE id = '{room}' UNION ALL"
        f" SELECT encode(box, 'hex') FROM main.words WHERE room = '{room}' UNION ALL"
        f" SELECT encode(mark, 'hex') FROM main.secret WHERE room = '{room}' UNION ALL"
        f" SELECT encode(box, 'hex') FROM inbox.sealed WHERE batch LIKE '{room}%' UNION ALL"
        f" SELECT encode(box, 'hex') FROM keyring.wrapped_key WHERE name LIKE '%{room}%'"
    )
    return {bytes.fromhex(each)[-30:] for each in found.split()}


def found_in(store: Postgresql, traces: set[bytes]) -> set[bytes]:
    data = b"".join(store.files(soon=True).values())
    return {trace for trace in traces if trace in data}


def test_the_planner_keeps_no_sample_of_a_row(nodes: Pair) -> None:
    room = nodes.facilitator().open(mode="direct")
    room.phone().write("un mot")
    nodes.sql("ANALYZE")
    sampled = nodes.sql(
        "SELECT tablename, attname FROM pg_stats JOIN information_schema.columns ON"
        " (schemaname, tablename, attname) = (table_schema, table_name, column_name)"
        " WHERE schemaname IN ('main', 'inbox', 'keyring') AND data_type <> 'bigint'"
    )
    assert sampled == ""


def test_the_schema_is_the_one_that_was_reviewed(nodes: Pair) -> None:
    """Parts of a table are as the whole; what is of a moment has a table beside it."""
    ours = {"text": "TEXT", "bytea": "BLOB", "bigint": "INTEGER"}
    found = nodes.sql(
        "SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type"
        " FROM information_schema.columns WHERE table_schema IN ('main', 'inbox', 'keyring')"
    ).splitlines()
    columns = {f"{name} {ours.get(kind, kind)}" for name, _, kind in map(split, found)}
    whole = {each for each in columns if not each.startswith("main.moment.")}
    parts = {each for each in whole if each.partition(" ")[0].split(".")[1][-2:-1] == "_"}
    assert whole - parts == set(SCHEMA.read_text().splitlines())
    assert columns - whole == {
        "main.moment.room TEXT", "main.moment.what TEXT", "main.moment.body BLOB",
        "main.moment.node TEXT", "main.moment.at timestamp with time zone",
    }  # fmt: skip


def split(line: str) -> tuple[str, str, str]:
    return line.partition(" ")


def test_nothing_beside_the_tables_could_keep_an_order(nodes: Pair) -> None:
    """No sequence, view or trigger, no index but of a key, no column that is filled by itself."""
    ours = "nspname IN ('main', 'inbox', 'keyring')"
    assert nodes.sql(
        "SELECT DISTINCT relkind FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        f" WHERE {ours} ORDER BY 1"
    ).split() == ["I", "i", "p", "r"]
    assert nodes.sql(
        "SELECT relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
        f" JOIN pg_namespace n ON n.oid = relnamespace WHERE {ours} AND NOT indisunique"
    ).split() == []  # fmt: skip
    assert nodes.sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").split() == []
    filled = nodes.sql(
        "SELECT column_default FROM information_schema.columns WHERE table_schema IN"
        " ('main', 'inbox', 'keyring') AND column_default IS NOT NULL AND table_name <> 'moment'"
    )
    assert {each.partition("::")[0] for each in filled.split()} <= {"0", "''"}


def test_what_was_deleted_leaves_the_write_ahead_log(nodes: Pair) -> None:
    room = nodes.facilitator().open()
    for phone in room.phones(3):
        phone.write(f"note {token_hex(4)}")
    boxes = {bytes.fromhex(box)[-30:] for box in waiting(nodes, room.room)}

    def ahead() -> set[bytes]:
        held = b""
        for path in (nodes.cluster.data / "pg_wal").glob("0*"):
            with suppress(FileNotFoundError):  # recycled by the server while we read
                held += path.read_bytes()
        return {box for box in boxes if box in held}

    assert ahead(), "or the search finds nothing"
    room.reveal()
    eventually(lambda: not ahead(), within=8)


def waiting(nodes: Pair, room: str) -> set[str]:
    """In hex: what is sealed in a room's inbox, and the wrapped keys of it."""
    found = nodes.sql(
        f"SELECT encode(box, 'hex') FROM inbox.sealed WHERE batch LIKE '{room}%' UNION ALL"
        f" SELECT encode(box, 'hex') FROM keyring.wrapped_key WHERE name LIKE 'inbox:{room}%'"
    )
    return set(found.split())


def words(nodes: Pair, room: str, note: Note) -> set[str]:
    found = nodes.sql(
        f"SELECT encode(box, 'hex') FROM main.words WHERE room = '{room}' AND id = '{note.note}'"
    )
    return set(found.split())


def in_files(nodes: Pair, boxes: set[str]) -> set[str]:
    """Those that are still in a file of this database: by their last bytes, as a long value is
    kept in pieces."""
    nodes.sql("CHECKPOINT")
    number = nodes.sql("SELECT oid FROM pg_database WHERE datname = current_database()").strip()
    folder = nodes.cluster.data / "base" / number
    held = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return {box for box in boxes if bytes.fromhex(box)[-40:] in held}
