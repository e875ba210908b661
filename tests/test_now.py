"""What the screens may know of this moment, and what they must not."""

import re

import pytest

from atelier.codes import spelled
from atelier.live import LiveRoom
from atelier.now import MANY, Now
from atelier.rooms.commands import Veil
from atelier.rooms.refusals import Refused
from atelier.web.who import Services
from tests.desk import Watching, draft, fill, open_wall, reveal


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
    for _ in range(13):
        services.announcer.stale.add(live.id)
        await services.announcer.beat()
        seen.append(services.announcer.now(live))
        await services.notes.post(live, draft())
    assert [now.band for now in seen[:9]] == ["start"] * 3 + ["few"] * 6
    assert seen[-1].band == "many"


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
    services.notes.announcements.announce(live.id, frozenset())
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


# Small numbers: what somebody could learn by writing and taking back


async def beats(services: Services, live: LiveRoom, notes: int) -> list[str]:
    """Every frame that the screens of a room get while it grows to so many notes, in one go."""
    screen = Watching()
    with services.hub.subscribe(live.id, screen):
        await fill(services, live, notes)
        for _ in range(2):
            services.announcer.stale.add(live.id)
            await services.announcer.beat()
    return [alike(live, str(frame)) for frame in screen.told]


def alike(live: LiveRoom, frame: str) -> str:
    """Without what two rooms cannot share: the code of the room, the moment of the frame."""
    return re.sub(r"data-at=[^ >]*", "", frame).replace(spelled(live.entry.code), "")


@pytest.mark.parametrize("notes", [0, 1, 3, 4, 7, 12, 20])
async def test_rooms_that_differ_by_a_note_inside_a_band_get_the_same_frames(
    services: Services, notes: int
) -> None:
    one, other = await open_wall(services), await open_wall(services)
    for live in (one, other):  # the same people are there, whoever writes
        for number in range(30):
            services.presence.saw(live.id, f"phone {number}")
    assert await beats(services, one, notes) == await beats(services, other, notes + 1)


async def test_a_note_across_the_boundary_would_be_seen(services: Services) -> None:
    """The test above is able to fail."""
    one, other = await open_wall(services), await open_wall(services)
    assert await beats(services, one, 2) != await beats(services, other, 3)


async def test_a_band_does_not_fall_when_a_note_is_taken_back(services: Services) -> None:
    live = await open_wall(services)
    drafts = await fill(services, live, 3)
    services.announcer.stale.add(live.id)
    await services.announcer.beat()
    before = services.announcer.now(live)
    assert before.notes_met and before.band == "few"
    screen = Watching()
    with services.hub.subscribe(live.id, screen):
        await services.notes.take_back(live, drafts[0].note, drafts[0].secret, now=False)
        services.announcer.stale.add(live.id)
        await services.announcer.beat()
    assert screen.told == []
    assert services.announcer.now(live) == before
    with pytest.raises(Refused, match="below-threshold"):
        await reveal(services, live)


async def test_writing_and_taking_back_again_and_again_shows_one_change_at_most(
    services: Services,
) -> None:
    """Whoever hovers at the boundary with notes of their own cannot watch others arrive."""
    live = await open_wall(services)
    own = await fill(services, live, 2)
    shown = []
    for others in range(4):
        await services.notes.post(live, draft(f"Une autre {others}"))
        services.announcer.stale.add(live.id)
        await services.announcer.beat()
        shown.append(services.announcer.now(live))
        if own:
            await services.notes.take_back(live, own[-1].note, own.pop().secret, now=False)
    assert all(now == shown[0] for now in shown)


async def test_from_where_on_notes_are_many_is_drawn_for_each_room(services: Services) -> None:
    drawn = {services.announcer.drawn_many() for _ in range(200)}
    k = services.notes.threshold
    assert drawn == set(range(MANY * k, MANY * k + k))


async def test_who_joins_between_two_beats_is_seen_at_the_next_one_only(services: Services) -> None:
    live = await open_wall(services)
    await services.announcer.beat()
    services.announcer.stale.add(live.id)
    await services.announcer.beat()
    before = services.announcer.now(live)
    for number in range(5):
        services.presence.joined(live.id, f"late {number}")
        assert services.announcer.now(live) == before
    services.announcer.stale.add(live.id)
    await services.announcer.beat()
    assert services.announcer.now(live).phones_met
