"""HTTP and sockets: one file per thing a person does, every URL in this list."""

from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from . import (
    archive,
    closing,
    desk,
    downloads,
    erasures,
    health,
    join,
    language,
    live,
    notes,
    opening,
    removals,
    screen,
    signin,
    steer,
    timers,
    views,
)

STATIC = Path(__file__).parent.parent / "static"

routes: list[BaseRoute] = [
    # Everybody
    Route("/", join.show_door),
    Route("/J", join.show_door),
    Route("/j", join.show_door),
    Route("/join", join.join, methods=["POST"]),
    Route("/language", language.choose_language, methods=["POST"]),
    Route("/healthz", health.health),
    # Compressed, as nothing in it is secret; pages are not, as their length would tell of secrets.
    Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), compresslevel=6)),
    # Facilitators, outside a room
    Route("/signin", signin.show_sign_in, methods=["GET"]),
    Route("/signin", signin.sign_in, methods=["POST"]),
    Route("/signout", signin.sign_out, methods=["POST"]),
    Route("/welcome", signin.show_welcome, methods=["GET"]),
    Route("/welcome", signin.choose_password, methods=["POST"]),
    Route("/desk", desk.show_desk),
    Route("/rooms", opening.open_room, methods=["POST"]),
    # A room, for all its screens
    Route("/r/{room}", live.show_room),
    WebSocketRoute("/r/{room}/live", live.follow),
    Route("/p/{room}", screen.show_link, methods=["GET"]),
    Route("/p/{room}", screen.open_screen, methods=["POST"]),
    Route("/a/{room}", archive.show_link, methods=["GET"]),
    Route("/a/{room}", archive.open_archive, methods=["POST"]),
    Route("/r/{room}/leave", join.leave, methods=["POST"]),
    # Phones, unsigned
    Route("/r/{room}/notes", notes.post_note, methods=["POST"]),
    Route("/r/{room}/withdrawals", notes.withdraw, methods=["POST"]),
    # Facilitators, in a room
    Route("/r/{room}/steps", steer.enter_step, methods=["POST"]),
    Route("/r/{room}/reveals", steer.reveal, methods=["POST"]),
    Route("/r/{room}/clusters", steer.form_cluster, methods=["POST"]),
    Route("/r/{room}/clusters/{cluster}", steer.rename_cluster, methods=["POST"]),
    Route("/r/{room}/clusters/{cluster}", steer.dissolve_cluster, methods=["DELETE"]),
    Route("/r/{room}/moves", steer.move_notes, methods=["POST"]),
    Route("/r/{room}/hides", steer.hide_note, methods=["POST"]),
    Route("/r/{room}/undos", steer.undo, methods=["POST"]),
    Route("/r/{room}/timers", timers.set_timer, methods=["POST"]),
    Route("/r/{room}/views", views.set_view, methods=["POST"]),
    Route("/r/{room}/veils", steer.veil, methods=["POST"]),
    Route("/r/{room}/locks", steer.lock, methods=["POST"]),
    Route("/r/{room}/closing", closing.show_closing),
    Route("/r/{room}/closings", closing.close, methods=["POST"]),
    Route("/r/{room}/erasures", erasures.erase, methods=["POST"]),
    Route("/r/{room}/removals", removals.remove_note, methods=["POST"]),
    Route("/r/{room}/board", live.show_board),
    Route("/r/{room}/timeline", archive.show_timeline),
    Route("/r/{room}/export/{profile}.{format}", downloads.download),
]
