"""HTTP and sockets: one file per thing a person does, every URL in this table."""

from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from . import (
    access,
    account,
    archive,
    closing,
    desk,
    doors,
    downloads,
    erasures,
    health,
    invitations,
    join,
    language,
    live,
    notes,
    opening,
    paper,
    removals,
    screen,
    signin,
    steer,
    timers,
    views,
)
from .rights import (
    Rule,
    anyone,
    enters_room,
    holds_pass,
    in_room,
    looks_back,
    owns,
    routes_of,
    sees_board,
    signed_in,
    steers,
)

STATIC = Path(__file__).parent.parent / "static"

table: list[Rule] = [
    # Everybody
    anyone.get("/", join.show_door),
    anyone.get("/J", join.show_door),
    anyone.get("/j", join.show_door),
    anyone.post("/join", join.join),
    anyone.post("/language", language.choose_language),
    anyone.get("/healthz", health.health),
    # Compressed, as nothing in it is secret; pages are not, as their length would tell of secrets.
    anyone.folder("/static", GZipMiddleware(StaticFiles(directory=STATIC), compresslevel=6)),
    # Facilitators, outside a room
    anyone.get("/signin", signin.show_sign_in),
    anyone.post("/signin", signin.sign_in),
    anyone.post("/signout", signin.sign_out),
    anyone.get("/welcome", signin.show_welcome),
    anyone.post("/welcome", signin.choose_password),
    signed_in.get("/desk", desk.show_desk),
    signed_in.get("/account", account.show_account),
    signed_in.post("/account/sittings", account.end_sitting),
    signed_in.post("/account/password", account.change_password),
    signed_in.post("/rooms", opening.open_room),
    anyone.get("/invitation", invitations.show_invitation),
    anyone.post("/invitation", invitations.accept),
    # A room, for all its screens. Links bring their secret in the form, where the handler asks it.
    enters_room.get("/r/{room}", live.show_room),
    in_room.socket("/r/{room}/live", live.follow),
    anyone.get("/p/{room}", screen.show_link),
    anyone.post("/p/{room}", screen.open_screen),
    anyone.get("/a/{room}", archive.show_link),
    anyone.post("/a/{room}", archive.open_archive),
    in_room.get("/r/{room}/qr.svg", doors.show_qr),
    anyone.post("/r/{room}/leave", join.leave),
    # Phones, unsigned
    holds_pass.post("/r/{room}/notes", notes.post_note),
    holds_pass.post("/r/{room}/withdrawals", notes.withdraw),
    # Facilitators, in a room
    steers.post("/r/{room}/steps", steer.enter_step),
    steers.post("/r/{room}/reveals", steer.reveal),
    steers.post("/r/{room}/clusters", steer.form_cluster),
    steers.post("/r/{room}/clusters/{cluster}", steer.rename_cluster),
    steers.delete("/r/{room}/clusters/{cluster}", steer.dissolve_cluster),
    steers.post("/r/{room}/moves", steer.move_notes),
    steers.post("/r/{room}/hides", steer.hide_note),
    steers.post("/r/{room}/undos", steer.undo),
    steers.post("/r/{room}/timers", timers.set_timer),
    steers.post("/r/{room}/views", views.set_view),
    steers.post("/r/{room}/veils", steer.veil),
    steers.post("/r/{room}/locks", doors.lock),
    steers.post("/r/{room}/admissions", doors.admit),
    steers.post("/r/{room}/codes", doors.change_code),
    steers.get("/r/{room}/paper", paper.show_paper),
    steers.get("/r/{room}/closing", closing.show_closing),
    steers.post("/r/{room}/closings", closing.close),
    steers.post("/r/{room}/removals", removals.remove_note),
    steers.get("/r/{room}/access", access.show_access),
    steers.post("/r/{room}/links", access.renew_link),
    # Its owner alone
    owns.post("/r/{room}/invitations", access.invite),
    owns.post("/r/{room}/revocations", access.revoke),
    owns.post("/r/{room}/erasures", erasures.erase),
    # Who may look at it
    sees_board.get("/r/{room}/board", live.show_board),
    looks_back.get("/r/{room}/timeline", archive.show_timeline),
    looks_back.get("/r/{room}/export/{profile}.{format}", downloads.download),
]

routes = routes_of(table)
