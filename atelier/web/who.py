"""Who is asking: somebody who facilitates, a phone that is in the room, a projector, nobody.

A phone's cookie says only "is in the room": a random part, so that phones can be counted, and a
signature by the room's door key. It never comes with a note.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hmac import compare_digest

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from ..accounts import Accounts
from ..choosing import Choosing
from ..closing import Closing
from ..cofacilitation import Cofacilitation
from ..door import Door
from ..hub import Hub
from ..keys import RoomKeys, mark, token
from ..live import Live, LiveRoom, NoRoom, whole_minute
from ..notes import Notes
from ..now import Announcer
from ..own_cards import OwnCards
from ..own_scripts import OwnScripts
from ..own_series import OwnSeries
from ..presence import Presence
from ..rehearsal import Rehearsals
from ..rooms.ids import RoomId, is_id
from ..rooms.refusals import Refused
from ..settings import Settings
from ..sittings import Sittings
from ..store import Link
from .throttle import Throttle

SITTING = "sitting"
PHONE = "phone-"
FORTNIGHT = 14 * 24 * 3600
DAY = 24 * 3600
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers work with; put together by `create_app`."""

    settings: Settings
    accounts: Accounts
    sittings: Sittings
    cofacilitation: Cofacilitation
    live: Live
    notes: Notes
    closing: Closing
    announcer: Announcer
    presence: Presence
    door: Door
    hub: Hub
    rehearsals: Rehearsals
    scripts: OwnScripts
    cards: OwnCards
    choosing: Choosing
    series: OwnSeries
    throttle: Throttle


class Forbidden(Exception):
    """This is for the person who facilitates the room."""


def services(conn: HTTPConnection) -> Services:
    found: Services = conn.app.state.services
    return found


async def live_room(conn: HTTPConnection) -> LiveRoom:
    """The room of the URL; raises `NoRoom`."""
    return await services(conn).live.open(room_id(conn))


def room_id(conn: HTTPConnection) -> RoomId:
    """The id in the URL, whether or not there is such a room; raises `NoRoom` for anything else."""
    id = conn.path_params["room"]
    if not is_id(id):
        raise NoRoom(id)
    return RoomId(id)


# Facilitators


async def account_of(conn: HTTPConnection) -> str | None:
    secret = sitting_of(conn)
    return await services(conn).sittings.account(secret) if secret else None


async def signed_in_account(conn: HTTPConnection) -> str:
    """`account_of`; raises `Forbidden` when nobody is signed in."""
    account = await account_of(conn)
    if account is None:
        raise Forbidden
    return account


def sitting_of(conn: HTTPConnection) -> str:
    """The secret of the sitting that this browser says it has."""
    return conn.cookies.get(cookie_name(conn, SITTING), "")


async def facilitates(conn: HTTPConnection, live: LiveRoom) -> bool:
    """Its owner, and who co-facilitates it."""
    account = await account_of(conn)
    if account is None:
        return False
    return account == live.entry.owner or await services(conn).cofacilitation.includes(
        live.id, account
    )


async def owns(conn: HTTPConnection, live: LiveRoom) -> bool:
    return await account_of(conn) == live.entry.owner


async def steered_room(request: Request) -> LiveRoom:
    """The room of the URL, for who facilitates it; raises `Forbidden`."""
    live = await live_room(request)
    if not await facilitates(request, live):
        raise Forbidden
    await attend(request, live)
    return live


async def owned_room(request: Request) -> LiveRoom:
    """The room of the URL, for who opened it: it is theirs to erase, and to share."""
    live = await steered_room(request)
    if not await owns(request, live):
        raise Forbidden
    return live


async def attend(conn: HTTPConnection, live: LiveRoom) -> None:
    """Somebody facilitates: the room is not deserted. Written down once an hour at most."""
    now = whole_minute(time.time())
    if now - live.entry.attended >= HOUR:
        await services(conn).live.store.attend(live.id, now)
        live.entry = replace(live.entry, attended=now)


def remember_sitting(conn: HTTPConnection, response: Response, secret: str) -> None:
    set_cookie(conn, response, SITTING, secret, FORTNIGHT)


# Phones


def phone_of(conn: HTTPConnection, live: LiveRoom) -> str | None:
    """The random part of a phone's cookie for this room, if it is genuine."""
    value = conn.cookies.get(cookie_name(conn, PHONE + live.id), "")
    phone, _, signature = value.partition(".")
    return phone if phone and genuine(live.keys, "phone:" + phone, signature) else None


def phone_cookies(conn: HTTPConnection) -> Iterator[RoomId]:
    """The rooms for which this browser brings a phone's cookie, genuine or not."""
    start = cookie_name(conn, PHONE)
    ids = (name.removeprefix(start) for name in conn.cookies if name.startswith(start))
    return (RoomId(id) for id in ids if is_id(id))


def let_in(conn: HTTPConnection, response: Response, live: LiveRoom) -> None:
    """Give the phone its cookie; one that is in the room already keeps the one it has."""
    phone = phone_of(conn, live) or token(os.urandom(16))
    value = f"{phone}.{signed(live.keys, 'phone:' + phone)}"
    set_cookie(conn, response, PHONE + live.id, value, DAY)
    services(conn).presence.saw(live.id, phone)


def let_out(conn: HTTPConnection, response: Response, room: RoomId) -> None:
    drop_cookie(conn, response, PHONE + room)


# Projectors, and readers of a closed session: they come with a link, and have a cookie for a day.
# Both are signed with the link's number, so that a renewal ends what came before.


def link_secret(live: LiveRoom, link: Link) -> str:
    return signed(live.keys, f"link:{numbered(live, link)}")


def is_screen(conn: HTTPConnection, live: LiveRoom) -> bool:
    return came_by(conn, live, "screens")


def is_reader(conn: HTTPConnection, live: LiveRoom) -> bool:
    return came_by(conn, live, "readers")


def came_by(conn: HTTPConnection, live: LiveRoom, link: Link) -> bool:
    value = conn.cookies.get(cookie_name(conn, f"{link}-{live.id}"), "")
    return genuine(live.keys, numbered(live, link), value)


def let_in_by(conn: HTTPConnection, response: Response, live: LiveRoom, link: Link) -> None:
    value = signed(live.keys, numbered(live, link))
    set_cookie(conn, response, f"{link}-{live.id}", value, DAY)


def numbered(live: LiveRoom, link: Link) -> str:
    return f"{link}:{live.entry.screens if link == 'screens' else live.entry.readers}"


async def past_of_room(request: Request) -> LiveRoom:
    """The room of the URL, for who may look back at it: who facilitates it, and readers once it is
    closed; raises `Forbidden`, and `Refused` for a reader who is too early."""
    live = await live_room(request)
    if await facilitates(request, live):
        await attend(request, live)
    elif not is_reader(request, live):
        raise Forbidden
    else:
        refuse_open(live)
    return live


def refuse_open(live: LiveRoom) -> None:
    """A link to read a session back opens nothing while the session goes on."""
    if live.room.closed is None:
        raise Refused("still-open")


# Cookies


def signed(keys: RoomKeys, what: str) -> str:
    return token(mark(keys.door, what))


def genuine(keys: RoomKeys, what: str, signature: str) -> bool:
    return compare_digest(signed(keys, what).encode(), signature.encode())


def cookie_name(conn: HTTPConnection, name: str) -> str:
    return f"__Host-{name}" if services(conn).settings.secure else name


def set_cookie(conn: HTTPConnection, response: Response, name: str, value: str, age: int) -> None:
    response.set_cookie(
        cookie_name(conn, name),
        value,
        max_age=age,
        path="/",
        secure=services(conn).settings.secure,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(conn: HTTPConnection, response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(conn, name),
        path="/",
        secure=services(conn).settings.secure,
        httponly=True,
        samesite="lax",
    )
