"""The event log, the words that lie beside it, and the directory of rooms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .db import Database, Statement, statement
from .keys import Keyring, RoomKeys, mark, seal, unseal
from .rooms.codec import decode, encode
from .rooms.events import Recorded
from .rooms.ids import NoteId, RoomId, WordsId
from .rooms.timer import Timer
from .rooms.words import Lexicon, Words


@dataclass(frozen=True, slots=True)
class Secret:
    """The keyed hash of a phone's secret for one note on the wall, and the note's revision."""

    mark: bytes
    rev: int


@dataclass(frozen=True, slots=True)
class Until:
    """The days on which what a closed room keeps is erased: its notes, then the room."""

    notes: date
    room: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a closing is carried out, in Unix seconds, and until when the rest is kept; None when
    the room is open again."""

    at: int | None
    until: Until | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit brings: events, and what changes beside them."""

    recorded: tuple[Recorded, ...]
    words: Mapping[WordsId, Words] = field(default_factory=dict)
    forget: frozenset[WordsId] = frozenset()
    secrets: Mapping[NoteId, Secret] = field(default_factory=dict)
    drop_secrets: frozenset[NoteId] = frozenset()
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A room in the directory. Times are Unix seconds, whole minutes for `opened` and
    `attended`; `finish_at` is when a closing is carried out. `screens` and `readers` count how
    often the links for projectors and readers were renewed."""

    id: RoomId
    owner: str
    code: str
    epoch: str
    opened: int
    attended: int
    finish_at: int | None
    finished: bool
    timer: Timer | None = None
    until: Until | None = None
    screens: int = 0
    readers: int = 0
    rehearsal: bool = False


Link = Literal["screens", "readers"]
"""Links that open a room without an account, by the column that counts their renewals."""

NO_WORDS: Lexicon = {}
ENTRIES = (
    "SELECT id, owner, code_box, epoch, opened, attended, finish_at, finished,"
    " timer_total, timer_left, timer_ends, notes_until, room_until,"
    " screens, readers, rehearsal FROM room"
)


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows of a room there were; texts are notes, titles and prompts."""

    events: int
    texts: int
    secrets: int


class Store:
    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db = db
        self.keyring = keyring

    # Rooms

    async def add_room(self, entry: Entry, keys: RoomKeys, change: Change) -> None:
        """Raises `Conflict` when the code is taken by another open room. A room that is finished
        has none."""
        await self.db.write(
            statement(
                "INSERT INTO room"
                " (id, owner, code_mark, code_box, epoch, opened, attended, finish_at, finished)"
                " VALUES (:id, :owner, :code_mark, :code_box, :epoch, :opened, :attended,"
                " :finish_at, :finished)",
                id=entry.id,
                owner=entry.owner,
                code_mark=None if entry.finished else mark(self.keyring.codes, entry.code),
                code_box=seal(self.keyring.codes, entry.code.encode(), entry.id),
                epoch=entry.epoch,
                opened=entry.opened,
                attended=entry.attended,
                finish_at=entry.finish_at,
                finished=entry.finished,
            ),
            *statements(entry.id, keys, change),
        )

    async def room(self, id: RoomId) -> Entry | None:
        rows = await self.db.fetch(ENTRIES + " WHERE id = :id", id=id)
        return self.entry(rows[0]) if rows else None

    async def rooms(self, owner: str | None = None) -> list[Entry]:
        """All rooms, or those of one account, the newest first."""
        rows = await self.db.fetch(
            ENTRIES + " WHERE owner = :owner OR :owner IS NULL ORDER BY opened DESC, id",
            owner=owner,
        )
        return [self.entry(row) for row in rows]

    def entry(self, row: tuple[Any, ...]) -> Entry:
        id, owner, code_box, epoch, opened, attended, finish_at, finished, *others = row
        total, left, ends, notes, room, screens, readers, rehearsal = others
        return Entry(
            id=RoomId(id),
            owner=owner,
            code=unseal(self.keyring.codes, code_box, id).decode(),
            epoch=epoch,
            opened=opened,
            attended=attended,
            finish_at=finish_at,
            finished=bool(finished),
            timer=None if total is None else Timer(total, left, ends),
            until=room and Until(date.fromisoformat(notes), date.fromisoformat(room)),
            screens=screens,
            readers=readers,
            rehearsal=bool(rehearsal),
        )

    async def find_code(self, code: str) -> RoomId | None:
        """The room that can be joined with `code`: neither closed nor closing."""
        rows = await self.db.fetch(
            "SELECT id FROM room WHERE code_mark = :mark AND finish_at IS NULL AND finished = 0",
            mark=mark(self.keyring.codes, code),
        )
        return RoomId(rows[0][0]) if rows else None

    async def set_code(self, id: RoomId, code: str) -> None:
        """Raises `Conflict` when the code is taken by another open room."""
        await self.db.write(
            statement(
                "UPDATE room SET code_mark = :mark, code_box = :box WHERE id = :id",
                id=id,
                mark=mark(self.keyring.codes, code),
                box=seal(self.keyring.codes, code.encode(), id),
            )
        )

    async def attend(self, id: RoomId, minute: int) -> None:
        """Note that somebody facilitates the room; `minute` in Unix seconds, rounded."""
        await self.db.write(
            statement("UPDATE room SET attended = :minute WHERE id = :id", id=id, minute=minute)
        )

    async def renew_link(self, id: RoomId, link: Link) -> int:
        """The links before this one open nothing any more; the number that it has."""
        async with self.db.transaction() as tx:
            await tx.execute(
                f"UPDATE room SET {link} = {link} + 1 WHERE id = :id",  # noqa: S608 - a `Link`
                id=id,
            )
            [[number]] = await tx.fetch(
                f"SELECT {link} FROM room WHERE id = :id",  # noqa: S608 - a `Link`
                id=id,
            )
            return int(number)

    async def mark_rehearsal(self, id: RoomId) -> None:
        await self.db.write(statement("UPDATE room SET rehearsal = 1 WHERE id = :id", id=id))

    async def set_timer(self, id: RoomId, timer: Timer | None) -> None:
        await self.db.write(
            statement(
                "UPDATE room SET timer_total = :total, timer_left = :left, timer_ends = :ends"
                " WHERE id = :id",
                id=id,
                total=timer and timer.total,
                left=timer and timer.left,
                ends=timer and timer.ends,
            )
        )

    async def keep_until(self, id: RoomId, until: Until) -> None:
        await self.db.write(set_until(id, until))

    async def finish(self, id: RoomId, forget: Iterable[WordsId]) -> None:
        """Carry a closing out: no code, no secret, and the words in `forget` gone."""
        await self.db.write(
            statement("DELETE FROM secret WHERE room = :id", id=id),
            *forgetting(id, forget),
            statement(
                "UPDATE room SET finished = 1, finish_at = NULL, code_mark = NULL WHERE id = :id",
                id=id,
            ),
        )

    # Erasure

    async def remove_room(self, id: RoomId) -> Removed:
        """Everything of the room in this database; its key is the keyring's."""
        events, texts, secrets, *_ = await self.db.write(
            statement("DELETE FROM event WHERE room = :id", id=id),
            statement("DELETE FROM words WHERE room = :id", id=id),
            statement("DELETE FROM secret WHERE room = :id", id=id),
            statement("DELETE FROM forgotten WHERE room = :id", id=id),
            statement("DELETE FROM room WHERE id = :id", id=id),
        )
        return Removed(events, texts, secrets)

    async def bury(self, id: RoomId, day: str) -> None:
        """Write down that the room is erased, before it is: what a crash cuts short is finished,
        and a copy that is put back is without it."""
        await self.db.write(
            statement(
                "INSERT INTO tombstone VALUES (:id, :day) ON CONFLICT (room) DO NOTHING",
                id=id,
                day=day,
            )
        )

    async def buried(self, id: RoomId) -> str | None:
        """The day on which the room was erased, if it was."""
        rows = await self.db.fetch("SELECT day FROM tombstone WHERE room = :id", id=id)
        return rows[0][0] if rows else None

    async def half_erased(self) -> list[RoomId]:
        """The rooms whose erasure was begun and not ended."""
        rows = await self.db.fetch("SELECT id FROM room WHERE id IN (SELECT room FROM tombstone)")
        return [RoomId(id) for (id,) in rows]

    # The log

    async def append(self, id: RoomId, keys: RoomKeys, change: Change) -> None:
        """All or nothing; `Conflict` if another process appended the same numbers first."""
        await self.db.write(*statements(id, keys, change))

    async def read(self, id: RoomId, after: int = 0) -> list[Recorded]:
        rows = await self.db.fetch(
            "SELECT seq, name, body, minute FROM event WHERE room = :id AND seq > :after"
            " ORDER BY seq",
            id=id,
            after=after,
        )
        return [Recorded(seq, decode(name, body), minute) for seq, name, body, minute in rows]

    async def words(
        self, id: RoomId, keys: RoomKeys, known: Lexicon = NO_WORDS
    ) -> dict[WordsId, Words]:
        """All texts of the room; those `known` already are not opened again, as a text never
        changes."""
        rows = await self.db.fetch("SELECT id, box FROM words WHERE room = :id", id=id)
        return {
            WordsId(words): known.get(words)
            or Words(unseal(keys.words, box, f"{id}/{words}").decode())
            for words, box in rows
        }

    async def secret(self, id: RoomId, note: NoteId) -> Secret | None:
        rows = await self.db.fetch(
            "SELECT mark, rev FROM secret WHERE room = :id AND note = :note", id=id, note=note
        )
        return Secret(*rows[0]) if rows else None


def statements(id: RoomId, keys: RoomKeys, change: Change) -> Iterator[Statement]:
    for recorded in change.recorded:
        name, body = encode(recorded.event)
        yield statement(
            "INSERT INTO event VALUES (:room, :seq, :name, :body, :minute)",
            room=id,
            seq=recorded.seq,
            name=name,
            body=body,
            minute=recorded.minute,
        )
    for words, text in change.words.items():
        yield statement(
            "INSERT INTO words VALUES (:room, :id, :box)",
            room=id,
            id=words,
            box=seal(keys.words, text.encode(), f"{id}/{words}"),
        )
    yield from forgetting(id, change.forget)
    for note, secret in change.secrets.items():
        yield statement(
            "INSERT INTO secret VALUES (:room, :note, :mark, :rev)"
            " ON CONFLICT (room, note) DO UPDATE SET mark = excluded.mark, rev = excluded.rev",
            room=id,
            note=note,
            mark=secret.mark,
            rev=secret.rev,
        )
    for note in change.drop_secrets:
        yield statement(
            "DELETE FROM secret WHERE room = :room AND note = :note", room=id, note=note
        )
    if change.deadline is not None:
        yield statement(
            "UPDATE room SET finish_at = :at WHERE id = :id", id=id, at=change.deadline.at
        )
        yield set_until(id, change.deadline.until)


def set_until(id: RoomId, until: Until | None) -> Statement:
    return statement(
        "UPDATE room SET notes_until = :notes, room_until = :room WHERE id = :id",
        id=id,
        notes=until and until.notes.isoformat(),
        room=until and until.room.isoformat(),
    )


def forgetting(id: RoomId, words: Iterable[WordsId]) -> Iterator[Statement]:
    """That they are forgotten is written down: a copy that is put back is without them."""
    for each in words:
        yield statement("DELETE FROM words WHERE room = :room AND id = :id", room=id, id=each)
        yield statement(
            "INSERT INTO forgotten VALUES (:room, :id) ON CONFLICT (room, words) DO NOTHING",
            room=id,
            id=each,
        )
