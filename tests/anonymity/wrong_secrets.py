"""Thousands of wrong secrets for notes of others: what they change, and what they tell."""

import string
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from random import SystemRandom
from secrets import choice, token_hex
from statistics import median

from tests.anonymity.sessions import one_server
from tests.anonymity.stores import ENGINE, Engine
from tests.contract.people import ATELIER, Note, Phone, Room

chance = SystemRandom()
SIGNS = string.ascii_letters + string.digits + "-_"
RIGHT_SIGNS = 41
"""Of 43, in a secret that is nearly right; the last sign holds only four bits of it."""


@dataclass
class Tries:
    """What came back, for secrets that are nearly right and for others."""

    near: list[float] = field(default_factory=list)
    """Seconds."""
    far: list[float] = field(default_factory=list)
    answers: set[tuple[int, bytes, tuple[str, ...]]] = field(default_factory=set)

    @property
    def number(self) -> int:
        return len(self.near) + len(self.far)

    @property
    def ratio(self) -> float:
        """How much longer the nearly right ones take."""
        return median(self.near) / median(self.far)

    @property
    def tells(self) -> float:
        """How far the order of the times is from chance, in standard deviations."""
        return deviations(self.near, self.far)


def deviations(some: Sequence[float], others: Sequence[float]) -> float:
    """Mann and Whitney's count of pairs, which one slow answer cannot move."""
    ranked = sorted([(time, True) for time in some] + [(time, False) for time in others])
    ranks = sum(rank for rank, (_, one) in enumerate(ranked, start=1) if one)
    n, m = len(some), len(others)
    return (ranks - n * (n + m + 1) / 2) / sqrt(n * m * (n + m + 1) / 12)


def nearly(secret: str) -> str:
    """Its beginning is right."""
    wrong = choice([sign for sign in SIGNS if sign != secret[RIGHT_SIGNS]])
    return secret[:RIGHT_SIGNS] + wrong + secret[RIGHT_SIGNS + 1 :]


def unlike(secret: str) -> str:
    """Its first sign is wrong already."""
    wrong = choice([sign for sign in SIGNS if sign != secret[0]])
    return wrong + "".join(choice(SIGNS) for _ in secret[1:])


@dataclass
class Stolen:
    """A room whose notes somebody tries to change: before the reveal, then after it."""

    before: dict[str, Tries]
    after: dict[str, Tries]
    written: dict[str, str]
    wall: dict[str, str]
    """What was written, and what hangs there after all the tries."""

    @property
    def all(self) -> dict[str, Tries]:
        return {
            **{f"{act} before the reveal": tries for act, tries in self.before.items()},
            **{f"{act} after it": tries for act, tries in self.after.items()},
        }


def steal(
    tries: int, program: Sequence[str | Path] = (ATELIER,), engine: Engine = ENGINE
) -> Stolen:
    """`tries` wrong secrets in all, a quarter each for edits and take-backs, before and after."""
    with one_server(program, engine) as (server, _):
        room = server.facilitator("claire@example.org").open()
        phones = room.phones(5)
        for phone in phones:
            phone.http.get(room.page)
        notes = [phone.write(f"à moi {token_hex(3)}") for phone in phones]
        before = try_all(room, notes, tries // 4)
        room.reveal()
        after = try_all(room, notes, tries // 4)
        room.done("veils", on="1")  # a late change would go with it
        return Stolen(before, after, {note.note: note.text for note in notes}, room.wall())


def try_all(room: Room, notes: Sequence[Note], number: int) -> dict[str, Tries]:
    thief = room.phone()
    return {
        "edits": tried(thief, "notes", notes, number),
        "take-backs": tried(thief, "withdrawals", notes, number),
    }


def tried(thief: Phone, noun: str, notes: Sequence[Note], number: int) -> Tries:
    """Near and far mixed, so that whatever else the machine does weighs on both alike."""
    tries = Tries()
    for near, body in bodies(noun, notes, number):
        began = time.perf_counter()
        answer = thief.send(noun, body)
        (tries.near if near else tries.far).append(time.perf_counter() - began)
        headers = tuple(f"{k}: {v}" for k, v in answer.headers.items() if is_stable(k))
        tries.answers.add((answer.status_code, answer.content, headers))
    return tries


def is_stable(header: str) -> bool:
    """Whether a header is the same in any two answers: the clock and the nonce are not."""
    return header.lower() not in ("date", "content-security-policy")


def bodies(noun: str, notes: Sequence[Note], number: int) -> Iterator[tuple[bool, object]]:
    for near in chance.sample([True, False], counts=[number // 2] * 2, k=number // 2 * 2):
        note = choice(notes)
        secret = nearly(note.secret) if near else unlike(note.secret)
        body: dict[str, object] = {"note": note.note, "secret": secret, "pad": ""}
        if noun == "notes":
            body |= {"text": "volée", "rev": 7}
        yield near, body
