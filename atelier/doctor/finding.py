"""What a check finds, and says to mend."""

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    mend: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<7}  {self.what}"
        return f"{line}; {self.mend}" if self.mend else line


def check_mode(what: str, path: Path, allowed: int) -> Finding:
    """More than the owner may do with it is too much."""
    mode = stat.S_IMODE(path.stat().st_mode)
    found = f"{what}: {path} has mode {mode:04o}"
    if mode & ~allowed:
        return Finding("error", found, f"others can read it: chmod {allowed:o} {path}")
    return Finding("ok", found)
