"""A small session about money, in every format: a change here is a change for people. The drawn
formats are the work of one version of typst, pinned in the lock file.

To make the files anew: ATELIER_GOLDEN=new, and look at the difference.
"""

import os
from pathlib import Path

import pytest

from atelier.exports.document import from_json
from atelier.exports.formats import FORMATS

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("profile", ["group", "facilitator", "sponsor", "research"])
@pytest.mark.parametrize("format", ["json", "csv", "md", "html", "png", "svg", "pdf"])
def test_the_money_session_is_what_it_was(profile: str, format: str) -> None:
    document = from_json((GOLDEN / f"money-{profile}.json").read_bytes())
    made = FORMATS[format][1](document)
    kept = GOLDEN / f"money-{profile}.{format}"
    if os.environ.get("ATELIER_GOLDEN") == "new":
        kept.write_bytes(made)

    same = made == kept.read_bytes()  # a difference of pictures is not worth printing
    assert same, f"{kept.name}: {len(made)} bytes instead of {kept.stat().st_size}"
