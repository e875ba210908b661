"""What a screen keeps of its HTML, and the rules by which an update changes it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    )
)  # fmt: skip


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)
    parent: "Element | None" = None

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    @property
    def elements(self) -> list["Element"]:
        return [child for child in self.children if isinstance(child, Element)]

    def every(self) -> list["Element"]:
        """Itself and all below it, in document order."""
        return [self, *(each for child in self.elements for each in child.every())]

    def having(self, attribute: str) -> list["Element"]:
        return [each for each in self.every() if attribute in each.attributes]

    def by_id(self, name: str) -> "Element | None":
        found = [each for each in self.having("id") if each["id"] == name]
        assert len(found) < 2, f"two elements have the id {name!r}"
        return found[0] if found else None

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def append(self, child: "Element | str") -> None:
        if isinstance(child, Element):
            child.parent = self
        self.children.append(child)

    def detach(self) -> None:
        if self.parent is not None:
            self.parent.children = [c for c in self.parent.children if c is not self]
        self.parent = None

    def canonical(self, depth: int = 0) -> list[str]:
        """One line per element or text: what two trees are compared by; indents do not count."""
        names = " ".join(f"{k}={v!r}" for k, v in sorted(self.attributes.items()))
        lines = [f"{' ' * depth}<{self.tag} {names}>"]
        for child in self.children:
            if isinstance(child, Element):
                lines += child.canonical(depth + 1)
            elif child.strip():
                lines.append(f"{' ' * (depth + 1)}{child!r}")
        return lines


class Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        names = [element.tag for element in self.open]
        assert tag in names, f"</{tag}> closes nothing"
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].append(data)


def parse(html: str) -> Element:
    builder = Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def apply(page: Element, html: str) -> None:
    """Change `page` as the contract says that a screen does with an update."""
    for update in parse(html).elements:
        upsert(page, update)


def upsert(page: Element, update: Element) -> None:
    assert "id" in update.attributes, f"an update without an id: {update.canonical()}"
    here = page.by_id(update["id"])
    if "data-gone" in update.attributes:
        assert here is not None, f"{update['id']!r} is to go and is not there"
        here.detach()
        return
    into = update.attributes.pop("data-in", None)
    before = update.attributes.pop("data-before", None)
    if into is not None:
        here = here or Element(update.tag)
        place(page, here, into, before)
    assert here is not None, f"{update['id']!r} stays where it is and is nowhere"
    here.tag, here.attributes = update.tag, update.attributes
    here.children = []
    for child in update.children:
        here.append(child)


def place(page: Element, element: Element, into: str, before: str | None) -> None:
    element.detach()
    parent = page.by_id(into)
    assert parent is not None, f"no element {into!r} to put {element.attributes} into"
    at = len(parent.children)
    if before is not None:
        next_one = page.by_id(before)
        assert next_one is not None, f"no element {before!r} to stand before"
        assert next_one.parent is parent, f"{before!r} is not in {into!r}"
        at = next(i for i, child in enumerate(parent.children) if child is next_one)
    element.parent = parent
    parent.children.insert(at, element)
