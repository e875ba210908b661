"""Two versions side by side: servers of this one, on tables that a newer one has brought on."""

from pathlib import Path

from tests.contract.people import THRESHOLD, Room, atelier
from tests.nodes.pairs import Pair

NEWER = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT schemaname, tablename FROM pg_tables
        WHERE schemaname IN ('main', 'inbox', 'keyring')
        AND tablename NOT IN ('migration', 'moment') AND tablename !~ '_[0-9a-f]$'
    LOOP
        EXECUTE format('ALTER TABLE %I.%I ADD COLUMN later BIGINT DEFAULT 7',
            each.schemaname, each.tablename);
    END LOOP;
END $$;
CREATE TABLE main.later (room TEXT PRIMARY KEY);
INSERT INTO main.migration VALUES (9999)
"""


def test_servers_go_on_when_a_newer_version_adds_tables_and_columns(
    own_nodes: Pair, tmp_path: Path
) -> None:
    before = own_nodes.facilitator().open(mode="waves")
    session(own_nodes, before)
    own_nodes.sql(NEWER)
    session(own_nodes, before)
    own_nodes.other.stop()
    own_nodes.other.start()
    room = own_nodes.facilitator().open(mode="waves")
    session(own_nodes, room)
    copy = tmp_path / "copy"
    saved = atelier("backup", str(copy), data=own_nodes.one.data, **own_nodes.one.variables)
    assert saved.returncode == 0, saved.stderr
    room.done("closings", keep="all")
    assert room.export()["notes"]
    room.done("erasures")
    for server in (own_nodes.one, own_nodes.other):
        assert '"level": "error"' not in server.log.read_text()


def session(nodes: Pair, room: Room) -> None:
    """Notes on both servers, written, changed, taken back, revealed and gathered."""
    there = nodes.moved(room, nodes.other)
    held = len(room.wall())
    phones = [by_way.phone() for by_way in (room, there) for _ in range(THRESHOLD)]
    notes = [phone.write(f"note {n}") for n, phone in enumerate(phones)]
    assert phones[0].post(notes[0], text="autrement", rev=1).status_code == 200
    assert phones[-1].take_back(notes[-1]).status_code == 204
    room.reveal()
    assert len(there.wall()) == held + len(notes) - 1
    there.cluster("Grappe", notes[0].note)
    assert phones[1].take_back(notes[1], now=True).status_code == 204
    assert there.undo().status_code in (200, 204), "the gathering"
