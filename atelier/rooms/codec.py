"""Events to and from the JSON that the store keeps."""

from typing import Any, get_args

import msgspec

from .events import Event

EVENTS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}


def encode(event: Event) -> tuple[str, bytes]:
    """The name of the event and its fields as JSON."""
    return type(event).__name__, msgspec.json.encode(event)


def decode(name: str, body: bytes) -> Event:
    """Raise `ValueError` for a name or a body that this version does not know."""
    kind = EVENTS.get(name)
    if kind is None:
        raise ValueError(f"event {name!r} is not one of {', '.join(EVENTS)}")
    event: Event = msgspec.json.decode(body, type=kind)
    return event
