"""The command line: arguments in, one call out. 0 done, 1 refused or failed, 2 wrong usage."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from .accounts import Accounts
from .backup import backup
from .copies import keys_beside
from .data import accounts_database, open_data
from .db import Unavailable
from .demo import demo
from .doctor import examine
from .erase import erase, is_known
from .erasure_report import report
from .export import export
from .exports.formats import FORMATS, PROFILES, profile_of
from .i18n import translator
from .imports import import_file
from .keys import KeyLost
from .move import move
from .rehearsal import WRITING_SECONDS
from .restore import restore
from .rooms.ids import RoomId
from .rooms.refusals import Refused
from .rotation import rotate
from .serve import lan_address, serve_forever
from .settings import Settings
from .web.errors import REFUSALS
from .wire import new_event_loop

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
facilitator = typer.Typer(no_args_is_help=True, help="Accounts of people who facilitate.")
app.add_typer(facilitator, name="facilitator")
keys = typer.Typer(no_args_is_help=True, help="The master key and the keys it wraps.")
app.add_typer(keys, name="keys")
moving = typer.Typer(no_args_is_help=True, help="From one kind of database to another.")
app.add_typer(moving, name="move")
KIB = 1024


def main() -> None:
    app()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, envvar="PORT")] = 8000,
    lan: Annotated[bool, typer.Option("--lan", help="Let phones of this network join.")] = False,
) -> None:
    """Start the server."""
    start(serve_forever, host, port, lan=lan)


@app.command("demo")
def show_demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, envvar="PORT")] = 8000,
    lan: Annotated[bool, typer.Option("--lan", help="Let phones of this network join.")] = False,
    seconds: Annotated[
        float, typer.Option(min=0, max=600, help="How long the imagined group takes to write.")
    ] = WRITING_SECONDS,
) -> None:
    """Start a lively room with an imagined group, on data that go when it stops."""
    start(partial(demo, seconds=seconds), host, port, lan=lan)


Serve = Callable[[Settings, str, int], Coroutine[None, None, None]]


def start(serve: Serve, host: str, port: int, *, lan: bool) -> None:
    settings = read_settings()
    lan = lan or settings.lan
    if lan and host == "127.0.0.1":
        host = "0.0.0.0"  # noqa: S104 - what --lan is for
    try:
        origin = settings.origin
        if "ATELIER_ORIGIN" not in os.environ:
            origin = f"http://{lan_address() if lan else '127.0.0.1'}:{port}"
        settings = settings.model_copy(update={"lan": lan, "origin": origin})
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(serve(settings, host, port))
    except (OSError, ValueError, Unavailable) as error:
        fail(str(error))


@facilitator.command("add")
def add_facilitator(
    email: str,
    password_stdin: Annotated[bool, typer.Option(help="Read the password from stdin.")] = False,
) -> None:
    """Make an account; without a password, print a one-time link to choose one."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    settings = read_settings()

    async def add(accounts: Accounts) -> None:
        account = await accounts.add(email, password)
        if password is None:
            typer.echo(f"{settings.origin}/welcome#{await accounts.link(account)}")

    with_accounts(settings, add)


@facilitator.command("link")
def link_facilitator(email: str) -> None:
    """Print a new one-time link, for a lost password."""
    settings = read_settings()

    async def link(accounts: Accounts) -> None:
        account = await accounts.find(email)
        if account is None:
            raise Refused("account-unknown")
        typer.echo(f"{settings.origin}/welcome#{await accounts.link(account)}")

    with_accounts(settings, link)


@app.command("export")
def export_room(
    room: Annotated[str, typer.Argument(help="Its id, as in the address of its page.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    profile: Annotated[str, typer.Option(help=f"For whom: {', '.join(PROFILES)}.")] = "group",
    format: Annotated[str, typer.Option(help=f"One of {', '.join(FORMATS)}.")] = "pdf",
) -> None:
    """Write what a room keeps to a file, as the download does."""
    known = profile_of(profile)
    if known is None:
        fail(f"profile {profile!r}: expected one of {', '.join(PROFILES)}")
    if format not in FORMATS:
        fail(f"format {format!r}: expected one of {', '.join(FORMATS)}")
    settings = read_settings()
    try:
        made = asyncio.run(export(settings, RoomId(room), known, format))
        write_private(output, made)
    except Refused as refusal:
        fail(translator(settings.lang)(REFUSALS[refusal.reason][1]))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))


@app.command("import")
def import_room(
    file: Annotated[Path, typer.Argument(help="A JSON export, version 1.")],
    owner: Annotated[
        str, typer.Option(help="Whose room it becomes: the address of an account.")
    ] = "",
) -> None:
    """Make a closed room of a JSON export, and print its id."""
    settings = read_settings()
    try:
        typer.echo(asyncio.run(import_file(settings, file, owner)))
    except Refused as refusal:
        fail(translator(settings.lang)(REFUSALS[refusal.reason][1]))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))


@app.command("erase")
def erase_room(
    room: Annotated[str, typer.Argument(help="Its id, as in the address of its page.")],
) -> None:
    """Destroy a room: its keys, then everything they sealed. Nothing brings it back."""
    settings = read_settings()
    id, _ = RoomId(room), translator(settings.lang)

    async def run() -> list[str]:
        async with open_data(settings) as (store, inbox):
            if await is_known(store, id):
                return report(_, id, await erase(store, inbox, id))
            if day := await store.buried(id):
                return [_("Salle {room} : elle a déjà été effacée, le {day}.", room=id, day=day)]
            raise Refused("room-unknown")

    try:
        typer.echo("\n".join(asyncio.run(run())))
    except Refused as refusal:
        fail(_(REFUSALS[refusal.reason][1]))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))


@app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(help="The file to write; FILE.keys is written too.")],
) -> None:
    """Save all rooms to FILE and their wrapped keys to FILE.keys, beside a running server."""
    settings = read_settings()
    _ = translator(settings.lang)
    try:
        saved = asyncio.run(backup(settings, file, progress))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))
    typer.echo(_("Sauvegarde faite et relue : {file}", file=file))
    typer.echo(_("Salles : {n}, {size} Kio en tout", n=saved.rooms, size=saved.size // KIB + 1))
    typer.echo(_("Clés des salles : {file}", file=keys_beside(file)))
    typer.echo(_("À garder ailleurs, et moins longtemps. La clé maîtresse n’y est pas."))


@app.command("restore")
def put_back(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote; FILE.keys is read too.")],
) -> None:
    """Put a backup in the place of the data of a stopped server; what was erased stays erased."""
    settings = read_settings()
    _ = translator(settings.lang)
    try:
        done = asyncio.run(restore(settings, file, progress))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))
    typer.echo(_("Salles rétablies : {n}", n=done.rooms))
    typer.echo(_("Salles effacées depuis la sauvegarde, non rétablies : {n}", n=done.erased))
    typer.echo(_("Salles sans clé, non rétablies : {n}", n=done.without_key))
    typer.echo(_("Textes effacés depuis la sauvegarde, non rétablis : {n}", n=done.texts))
    typer.echo(_("Salles absentes de la sauvegarde, perdues : {n}", n=done.given_up))
    typer.echo(_("Les notes face cachée ne sont dans aucune sauvegarde."))
    typer.echo(_("Les comptes sont ceux de la sauvegarde ; il faut se connecter de nouveau."))


@keys.command("rotate")
def rotate_keys() -> None:
    """Make a new master key, wrap every key with it, and destroy the old one; server stopped."""
    settings = read_settings()
    _ = translator(settings.lang)
    try:
        wrapped = asyncio.run(rotate(settings))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))
    typer.echo(_("Nouvelle clé maîtresse : {file}", file=settings.master_key))
    typer.echo(_("Clés enveloppées de nouveau : {n}", n=wrapped))
    typer.echo(_("L’ancienne est détruite : les fichiers .keys d’avant ne s’ouvrent plus. Faites"
                 " une sauvegarde maintenant, puis détruisez-les."))  # fmt: skip


@moving.command("sqlite-to-postgres")
def move_to_postgres() -> None:
    """Copy the data of a stopped server into the empty database of DATABASE_URL, and compare."""
    settings = read_settings()
    _ = translator(settings.lang)
    try:
        moved = asyncio.run(move(settings, progress))
    except (OSError, ValueError, KeyLost, Unavailable) as error:
        fail(str(error))
    typer.echo(_("Salles copiées et relues : {n}, {rows} lignes en tout", n=moved.rooms,
                 rows=moved.rows))  # fmt: skip
    typer.echo(_("La clé maîtresse n’a pas bougé : {file}", file=settings.master_key))
    typer.echo(_("Démarrez maintenant avec DATABASE_URL. Les anciennes bases, dans {folder}, ne"
                 " servent plus : détruisez-les quand tout marche, car aucun effacement ne les"
                 " atteint.", folder=settings.data))  # fmt: skip


def progress(done: int, of: int) -> None:
    """On a terminal only: a pipe gets the result and nothing else."""
    if sys.stderr.isatty():
        typer.echo(f"\r{done}/{of}", err=True, nl=done == of)


@app.command()
def doctor() -> None:
    """Look at keys, permissions, disk, clock, proxy and databases; say what to mend."""
    findings = asyncio.run(examine(read_settings()))
    for finding in findings:
        typer.echo(finding)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


def write_private(path: Path, data: bytes) -> None:
    """A new file is for its owner alone."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(target, "wb") as file:
        file.write(data)


def with_accounts(settings: Settings, work) -> None:  # type: ignore[no-untyped-def]
    async def run() -> None:
        async with accounts_database(settings) as db:
            await work(Accounts(db))

    try:
        asyncio.run(run())
    except Refused as refusal:
        fail(translator(settings.lang)(REFUSALS[refusal.reason][1]))
    except ValueError as error:
        fail(str(error))
    except Unavailable as error:
        fail(str(error) if settings.database_url else f"{settings.data}: {error}")
    except OSError as error:
        fail(f"{settings.data}: {error}")


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        says = first["msg"].removeprefix("Value error, ")
        name = str(first["loc"][0])
        if name == "DATABASE_URL":  # what was found may hold a password
            fail(f"{name}: {says}")
        fail(f"ATELIER_{name.upper()}: {says} (found {first['input']!r})")


def fail(message: str) -> NoReturn:
    typer.echo(f"atelier: {message}", err=True)
    raise typer.Exit(1)
