"""The composition root: the only module that knows every other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from math import inf

from starlette.applications import Starlette

from .accounts import Accounts
from .choosing import Choosing
from .clock import Days
from .closing import Closing
from .cofacilitation import Cofacilitation
from .content import scripts
from .data import databases, open_keyring
from .door import Door
from .following import Following
from .housekeeping import Housekeeping
from .hub import Hub
from .inbox import Inbox
from .keys import master_key
from .live import Live
from .notes import NOTES_ROOM, Notes
from .now import Announcer
from .own_cards import OwnCards
from .own_scripts import OwnScripts
from .own_series import OwnSeries
from .presence import Presence
from .rehearsal import Rehearsals
from .retention import Periods
from .settings import Settings
from .sittings import Sittings
from .store import Store
from .web import errors, routes
from .web.guard import Guard
from .web.render import Frames
from .web.throttle import Throttle
from .web.who import Services


def create_app(settings: Settings) -> Guard:
    """The application, guard included. Its `hub` is there before the lifespan starts, so that
    whoever stops the server can say goodbye to the screens."""
    scripts()  # one that is broken is said at the start, not on somebody's desk
    throttle = Throttle(on=settings.rate == "on")
    hub = Hub()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services = await build(settings, throttle, hub, stack)
            app.state.services = services
            await services.notes.mend()
            chores = [
                hub.keep_asking(),
                Housekeeping(services.notes, services.announcer, services.closing).run(),
            ]
            if others := services.live.others:
                chores.append(Following(others, services.announcer, services.closing).run())
            tasks = [asyncio.create_task(chore) for chore in chores]
            try:
                yield
            finally:
                await services.rehearsals.stop()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=errors.handlers)
    return Guard(app, settings, throttle, hub)


async def build(
    settings: Settings, throttle: Throttle, hub: Hub, stack: AsyncExitStack
) -> Services:
    found = await stack.enter_async_context(databases(settings))
    if await found.is_new():
        master_key(settings.master_key, make=True)
    main = found.main
    keyring = await open_keyring(settings, found.keyring)
    frames = Frames()
    live = Live(Store(main, keyring), keyring, hub, frames)
    presence = Presence()
    inbox = Inbox(found.inbox, keyring)
    most = NOTES_ROOM if settings.rate == "on" else inf
    notes = Notes(live, inbox, presence, settings.threshold, most)
    door = Door()
    announcer = Announcer(live, notes, door, frames)
    periods = Periods(settings.retention_days, settings.archive_months)
    return Services(
        settings=settings,
        accounts=Accounts(main),
        sittings=Sittings(main),
        cofacilitation=Cofacilitation(main),
        live=live,
        notes=notes,
        closing=Closing(live, inbox, presence, notes, Days(main), periods),
        announcer=announcer,
        presence=presence,
        door=door,
        hub=hub,
        rehearsals=Rehearsals(live, notes, presence, announcer),
        scripts=OwnScripts(main, keyring),
        cards=OwnCards(main, keyring),
        choosing=Choosing(live, inbox, presence, notes, settings.threshold),
        series=OwnSeries(main, keyring),
        throttle=throttle,
    )
