"""The code of a room: six signs, read aloud and typed on a phone."""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""28 signs that cannot be mistaken for one another, nor spell words."""
CODE_LENGTH = 6


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spelled(code: str) -> str:
    """As it is shown: two groups of three."""
    return f"{code[:3]} {code[3:]}"


def read_code(text: str) -> str:
    """Case, spaces and hyphens do not count."""
    return "".join(text.split()).replace("-", "").upper()
