"""Names for the strings that must not be mixed up, and the shape that each must have."""

import re
from typing import NewType

RoomId = NewType("RoomId", str)
StepId = NewType("StepId", str)
NoteId = NewType("NoteId", str)
ClusterId = NewType("ClusterId", str)
TensionId = NewType("TensionId", str)
ConceptId = NewType("ConceptId", str)
ChoiceId = NewType("ChoiceId", str)
End = str
"""What a tension holds apart: the id of a cluster or of a note."""
Target = str
"""What a concept card sheds light on: the id of a cluster or of a tension."""
WordsId = NewType("WordsId", str)
"""The key of a text that lies beside the log: a note's words, a title, a prompt."""

HEX = re.compile(r"[0-9a-f]{32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def is_id(text: str) -> bool:
    """Whether `text` is 128 bits in 32 lower-case hex characters."""
    return HEX.fullmatch(text) is not None


def is_secret(text: str) -> bool:
    """Whether `text` is 256 bits in 43 characters of base64url."""
    return SECRET.fullmatch(text) is not None
