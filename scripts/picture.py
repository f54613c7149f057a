"""Draw docs/picture.svg: how documents become answers. Run ``python scripts/picture.py`` after a change here."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "docs" / "picture.svg"

WIDTH, HEIGHT = 1000, 430
# White text on the fills, and the grey on a white as on a black page, have a contrast of about 4 to 1 or more.
BLUE, GREEN, BROWN, SLATE, GREY = "#2d6e99", "#2f7d5b", "#94592f", "#5b6873", "#788691"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with a name and a line or two below it."""

    left: int
    top: int
    width: int
    height: int
    fill: str
    name: str
    lines: tuple[str, ...] = ()

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


SOURCES = tuple(
    Box(20, 64 + 82 * place, 200, 66, SLATE, name, (line,))
    for place, (name, line) in enumerate(
        (
            ("STAC items", "0.9 to 1.1, and collections"),
            ("JSON collections", "features, or one item a line"),
            ("DaFab items", "water and field analyses"),
            ("Sentinel-2 SAFE", "folders and zip archives"),
        )
    )
)
MAPPERS = Box(276, 146, 120, 148, BLUE, "mappers", ("check, and", "say what is", "wrong"))
RECORDS = Box(440, 146, 120, 148, BLUE, "records", ("one IRI each,", "one ontology"))
GRAPH = Box(612, 64, 156, 84, GREEN, "graph", ("every statement,", "one change number"))
DOCUMENTS = Box(612, 178, 156, 84, GREEN, "documents", ("every source,", "verbatim"))
INDEX = Box(612, 292, 156, 84, GREEN, "index", ("for search; made", "from the other two"))
ANSWERS = tuple(
    Box(830, 64 + 82 * place, 150, 66, BROWN, name, (line,))
    for place, (name, line) in enumerate(
        (
            ("SPARQL", "1.1 queries"),
            ("STAC API", "1.0, item search"),
            ("key/value", "cloud_cover<10"),
            ("web page", "map and figures"),
        )
    )
)
HEADINGS = (
    (120, "producer documents"), (418, "taken in"), (690, "kept"), (905, "asked"),
)  # fmt: skip


def picture() -> str:
    """The whole drawing as SVG."""
    boxes = (*SOURCES, MAPPERS, RECORDS, GRAPH, DOCUMENTS, INDEX, *ANSWERS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="name" font-family="{FONT}">',
        '<title id="name">Producer documents go through mappers and become records; graph, documents and index keep '
        "them; SPARQL, STAC, key/value search and a web page answer.</title>",
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{GREY}"/></marker></defs>',
        *(_text(x, 36, heading, size=15, fill=GREY, weight=600) for x, heading in HEADINGS),
        *_arrows(),
        *(line for box in boxes for line in _drawn(box)),
        _text(WIDTH // 2, 416, "documents first, then the graph with its change number, then the index", 14, GREY),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrows() -> Iterable[str]:
    spread = (24, 57, 91, 124)
    yield from (
        _arrow(source.right, source.middle, MAPPERS.left, MAPPERS.top + y)
        for source, y in zip(SOURCES, spread, strict=True)
    )
    yield _arrow(MAPPERS.right, MAPPERS.middle, RECORDS.left, RECORDS.middle)
    for y, kept in zip((40, 74, 108), (GRAPH, DOCUMENTS, INDEX), strict=True):
        yield _arrow(RECORDS.right, RECORDS.top + y, kept.left, kept.middle)
    sparql, *searches = ANSWERS
    yield _arrow(GRAPH.right, GRAPH.middle, sparql.left, sparql.middle)
    for y, answer in zip((24, 42, 60), searches, strict=True):
        yield _arrow(INDEX.right, INDEX.top + y, answer.left, answer.middle)


def _arrow(x: int, y: int, to_x: int, to_y: int) -> str:
    bend = (to_x - x) // 2
    path = f"M{x + 4} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x - 5} {to_y}"
    return f'<path d="{path}" fill="none" stroke="{GREY}" stroke-width="2" marker-end="url(#tip)"/>'


def _drawn(box: Box) -> Iterable[str]:
    size = f'x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}"'
    yield f'<rect {size} rx="9" fill="{box.fill}"/>'
    centre = box.left + box.width // 2
    y = box.middle + 5 - 10 * len(box.lines)
    yield _text(centre, y, box.name, size=17, fill="#fff", weight=600)
    for number, line in enumerate(box.lines, 1):
        yield _text(centre, y + 2 + 20 * number, line, size=14, fill="#fff")


def _text(x: int, y: int, text: str, size: int, fill: str, weight: int = 400) -> str:
    style = f'font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="middle"'
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
