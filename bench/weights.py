"""What a page weighs on the line, as the server sends it: fetched like a browser, without one.

    .venv/bin/python -m bench.weights

A page's own HTML, its styles, the fonts it preloads, the icons, and every script that it or one of
its scripts imports. Styles, scripts and icons come compressed; pages do not (their length would
tell of what is in them).
"""

import re
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

import httpx2

from tests.server import Facilitator, Phone, Server, serving

ASSET = re.compile(r"""(?:href|src)="(/static/[^"#]+)""")
IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")
KINDS = {".js": "scripts", ".css": "styles", ".woff2": "fonts", ".svg": "icons"}


def weigh(client: httpx2.Client, path: str) -> Counter[str]:
    """Bytes on the line by kind, and their sum as `all`."""
    weights: Counter[str] = Counter()
    waiting, seen = [path], {path}
    while waiting:
        address = waiting.pop()
        with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            answer.raise_for_status()
            text = answer.read().decode(errors="replace")
            weights[KINDS.get(Path(address).suffix, "page")] += answer.num_bytes_downloaded
        for found in linked(address, text):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    weights["all"] = weights.total()
    return weights


def linked(address: str, text: str) -> list[str]:
    if address.endswith(".js"):
        return [urljoin(address, module) for module in IMPORT.findall(text)]
    return [] if "/static/" in address else ASSET.findall(text)


def pages(server: Server) -> dict[str, Counter[str]]:
    """The weights of the pages of one room with the money script."""
    facilitator = Facilitator(server)
    room = facilitator.open_room(script="rapport-a-l-argent")
    phone = Phone(server, room["code"])
    return {
        "join": weigh(phone.client, "/"),
        "phone": weigh(phone.client, room["page"]),
        "board": weigh(facilitator.client, room["page"]),
        "projector": weigh(facilitator.client, f"{room['page']}?view=projector"),
    }


def show(table: dict[str, Counter[str]]) -> None:
    kinds = ["page", "styles", "scripts", "fonts", "icons", "all"]
    print(f"{'kB on the line':<16}" + "".join(f"{kind:>9}" for kind in kinds))
    for name, weights in table.items():
        print(f"{name:<16}" + "".join(f"{weights[kind] / 1000:9.1f}" for kind in kinds))


def main() -> None:
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as server:
        show(pages(server))


if __name__ == "__main__":
    main()
