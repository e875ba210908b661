"""All formats and profiles, for the web and the command line alike."""

from collections.abc import Callable
from typing import get_args

from .document import Document, Profile, to_json
from .markdown import to_markdown
from .pdf import to_pdf, to_png, to_svg
from .spreadsheet import to_csv
from .webpage import to_html

FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", to_pdf),
    "png": ("image/png", to_png),
    "svg": ("image/svg+xml", to_svg),
    "csv": ("text/csv", to_csv),
    "md": ("text/markdown", to_markdown),
    "json": ("application/json", to_json),
    "html": ("text/html", to_html),
}
PROFILES: tuple[Profile, ...] = get_args(Profile)


def profile_of(name: str) -> Profile | None:
    """The profile of this name, if there is one."""
    return next((profile for profile in PROFILES if profile == name), None)
