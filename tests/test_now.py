"""What the screens may know of this moment, and what they must not."""

import pytest

from atelier.now import Now
from atelier.rooms.commands import Veil
from atelier.rooms.refusals import Refused
from atelier.web.who import Services
from tests.desk import draft, fill, open_wall, reveal


async def test_an_act_of_the_facilitator_does_not_show_what_has_arrived(
    services: Services,
) -> None:
    live = await open_wall(services)
    announcer = services.announcer
    before = announcer.now(live)
    await fill(services, live, 9)
    await services.live.perform(live, Veil(True))
    announcer.refresh(live)
    assert announcer.now(live) == before, "only the beat looks at what waits"
    await announcer.beat()
    assert announcer.now(live) != before
    assert announcer.now(live).ready


async def test_bands_hide_counts_below_the_threshold_and_say_no_number_above(
    services: Services,
) -> None:
    live = await open_wall(services)
    seen: list[Now] = []
    for _ in range(12):
        services.announcer.stale.add(live.id)
        await services.announcer.beat()
        seen.append(services.announcer.now(live))
        await services.notes.post(live, draft())
    assert [now.band for now in seen] == ["start"] * 3 + ["few"] * 6 + ["many"] * 3


async def test_a_refused_reveal_does_not_tell_whether_a_note_waits(services: Services) -> None:
    live = await open_wall(services)
    for _ in range(2):
        with pytest.raises(Refused, match="below-threshold"):
            await reveal(services, live)
        await services.notes.post(live, draft())


async def test_an_announcement_stays_on_the_screens_whatever_else_happens(
    services: Services,
) -> None:
    live = await open_wall(services)
    await services.notes.post(live, draft())
    services.notes.announce(live, frozenset())
    services.announcer.refresh(live)
    await services.live.perform(live, Veil(True))
    services.announcer.refresh(live)
    services.announcer.stale.add(live.id)
    await services.announcer.beat()
    assert services.announcer.now(live).notice == "reveal-soon"


async def test_after_a_reveal_nothing_is_ready_until_the_next_beat(services: Services) -> None:
    live = await open_wall(services, "waves")
    await fill(services, live)
    await services.announcer.beat()
    services.announcer.stale.add(live.id)
    await services.announcer.beat()
    assert services.announcer.now(live).ready
    await reveal(services, live)
    services.announcer.revealed(live)
    assert not services.announcer.now(live).ready
