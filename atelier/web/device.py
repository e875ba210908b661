"""A coarse name for a browser, so that one's sittings can be told apart: never its whole address.

Of the user agent only two words of these lists are kept, and of facilitators only.
"""

BROWSERS = (
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
"""In this order: many name others to be taken for them."""


def device(user_agent: str) -> str:
    """`Firefox/Linux`; empty when either is not known."""
    browser = first(BROWSERS, user_agent)
    system = first(SYSTEMS, user_agent)
    return f"{browser}/{system}" if browser and system else ""


def first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
