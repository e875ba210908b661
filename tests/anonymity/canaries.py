"""Traces that are one of a kind, and a search for them in all that a server leaves."""

import gzip
import html
import io
import json
import re
import zipfile
import zlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

DEEP = 3
"""How many layers of packing are opened."""
ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
GZIP = re.compile(rb"\x1f\x8b\x08")
MOST = 32 * 1024 * 1024


def forms(trace: str) -> set[bytes]:
    """A trace in every form that a program might write it in."""
    plain = trace.encode()
    texts = {
        trace, quote(trace, safe=""), quote(trace), html.escape(trace), json.dumps(trace)[1:-1],
        plain.hex(), plain.hex().upper(), plain.hex(" "), repr(plain)[2:-1],
    }  # fmt: skip
    coded = {text.encode() for text in texts} | set(base64_forms(plain))
    return coded | {trace.encode("utf-16-le"), trace.encode("utf-16-be")}


def base64_forms(plain: bytes) -> Iterator[bytes]:
    """In both alphabets, wherever in a longer text it may begin: without the signs at its ends
    that depend on what stands beside it."""
    for before in range(3):
        coded = b64encode(b"\0" * before + plain)
        first = -(-before * 4 // 3)
        end = len(coded.rstrip(b"=")) - ((before + len(plain)) % 3 > 0)
        yield coded[first:end]
        yield coded[first:end].translate(bytes.maketrans(b"+/", b"-_"))


def layers(data: bytes, depth: int = DEEP) -> Iterator[bytes]:
    """The bytes, and all that is packed in them: zip, gzip, and zlib streams as in a PDF or PNG."""
    yield data
    if depth == 0:
        return
    for inner in unpacked(data):
        yield from layers(inner, depth - 1)


def unpacked(data: bytes) -> Iterator[bytes]:
    if b"PK\x03\x04" in data:
        with suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            archive = zipfile.ZipFile(io.BytesIO(data))
            yield from (archive.read(name) for name in archive.namelist())
    for pattern, window in ((ZLIB, zlib.MAX_WBITS), (GZIP, 16 + zlib.MAX_WBITS)):
        for match in pattern.finditer(data):
            with suppress(zlib.error):
                inner = zlib.decompressobj(window).decompress(data[match.start() :], MOST)
                if inner:
                    yield inner


WINDOW, STRIDE = 6, 6
"""A form of at least WINDOW + STRIDE - 1 bytes has a window at a multiple of STRIDE, wherever it
stands: data are looked at only there."""


class Finder:
    """Looks for many forms at once."""

    def __init__(self, traces: Mapping[str, str]) -> None:
        """`traces` by what they are called."""
        self.named = [(name, form) for name, trace in traces.items() for form in forms(trace)]
        self.short = [each for each in self.named if len(each[1]) < WINDOW + STRIDE - 1]
        self.windows: defaultdict[bytes, set[tuple[str, bytes]]] = defaultdict(set)
        for name, form in self.named:
            for start in range(len(form) - WINDOW + 1):
                self.windows[form[start : start + WINDOW]].add((name, form))

    def find(self, data: bytes) -> set[str]:
        seen = {data[at : at + WINDOW] for at in range(0, len(data), STRIDE)}
        likely = set(self.short)
        for window in seen & self.windows.keys():
            likely |= self.windows[window]
        return {name for name, form in likely if form in data}


def found(traces: Mapping[str, str], files: Mapping[str, bytes]) -> list[str]:
    """Which trace is in which file."""
    finder = Finder(traces)
    return sorted(
        {
            f"{trace} in {name}"
            for name, data in files.items()
            for layer in layers(data)
            for trace in finder.find(layer)
        }
    )


def files_of(*folders: Path) -> dict[str, bytes]:
    """Every file by its name, and the names themselves."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    files = {str(path): path.read_bytes() for path in paths if path.is_file()}
    return {**files, "names": "\n".join(map(str, paths)).encode()}


def packings(data: bytes) -> Iterable[bytes]:
    """As a file might hold it: for the test that the search is able to find."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", data)
    return (
        data, packed.getvalue(), gzip.compress(data), b"head" + zlib.compress(data, 9) + b"tail",
        zlib.compress(gzip.compress(data), 1),
    )  # fmt: skip
