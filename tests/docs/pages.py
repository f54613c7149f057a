"""The documentation as tests read it."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced code blocks in a language."""
    return [body for name, body in _FENCE.findall(text_of(page)) if name == language]


def prose(page: Path) -> str:
    """A page without its fenced code."""
    return _FENCE.sub("", text_of(page))


def headings(page: Path) -> list[tuple[int, str]]:
    """Level and text of each heading, in order."""
    return [(len(marks), text) for marks, text in re.findall(r"^(#+) (.+)$", prose(page), re.MULTILINE)]


def anchors(page: Path) -> set[str]:
    """What links to a page may have behind ``#``: headings as GitHub names them."""
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for _, text in headings(page)}


def table_rows(page: Path) -> list[list[str]]:
    """The cells of every table row, headings included."""
    lines = (line.strip() for line in prose(page).splitlines())
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next one of any level; code included."""
    match = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ \S|\Z)", text_of(page), re.MULTILINE | re.DOTALL)
    assert match is not None, f"{name_of(page)} has no section {heading!r}"
    return match[1]
