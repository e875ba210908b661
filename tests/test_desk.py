"""Where a room stands on the desk."""

import time

from atelier.web.desk import DAY, place_of
from atelier.web.who import Services
from tests.desk import open_wall


async def test_a_room_that_is_open_on_another_day_is_to_close(services: Services) -> None:
    live = await open_wall(services)
    opened = live.entry.opened
    assert place_of(live, opened) == "session"
    midnight = (opened // DAY + 1) * DAY
    assert place_of(live, midnight - 1) == "session"
    assert place_of(live, midnight) == "to-close"


async def test_a_closing_is_to_be_looked_at_until_it_is_carried_out(services: Services) -> None:
    live = await open_wall(services)
    await services.closing.close(live, "all")
    assert place_of(live, time.time()) == "closing"
    async with services.live.store.db.transaction() as tx:
        await tx.execute("UPDATE room SET finish_at = 1 WHERE id = :id", id=live.id)
    await services.closing.finish_due()
    assert place_of(live, time.time() + 400 * DAY) == "archived"
