"""What there is to set, run, ask and depend on stands in the documentation."""

import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from graph_service.api.app import create_app
from graph_service.cli import app as cli
from graph_service.index.properties import PROPERTIES
from graph_service.report import Report
from graph_service.settings import Settings, settings_from
from ingest.kinds import MAPPERS
from ontology import terms
from ontology.anomaly import Thresholds
from queries.library import load, names
from tests.docs.pages import (
    DOCS,
    PAGES,
    ROOT,
    anchors,
    blocks,
    headings,
    name_of,
    prose,
    section,
    table_rows,
    text_of,
)
from tests.graph_service.api.stac_service import TestClient

COMMAND_LINE, SETTINGS, HTTP = DOCS / "command-line.md", DOCS / "settings.md", DOCS / "http.md"

# Word by word, without regard to case; the places where a reader finds what no user needs.
FORBIDDEN = (
    r"seamless\w*", r"powerful\w*", r"blazing\w*", r"cutting[- ]edge", r"state[- ]of[- ]the[- ]art", r"robust\w*",
    r"effortless\w*", r"leverag\w+", r"world[- ]class", r"simply", r"unique selling", r"innovative", r"revolution\w*",
    r"session", r"sandbox", r"prompt", r"TODO", r"FIXME",
    r"(issue|pull request) ?#?\d+",
)  # fmt: skip
FORBIDDEN_PATHS = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|usr|opt|mnt|Users)/\S*|(?<![\w&/])#\d+\b|\.\./shared")


def variables() -> list[str]:
    named = re.findall(r"ORRERY_[A-Z0-9_]+", (ROOT / "graph_service/settings.py").read_text("utf-8"))
    thresholds = [f"ORRERY_{field.name.upper()}" for field in fields(Thresholds)]
    return sorted({*(name for name in named if not name.endswith("_")), *thresholds})


Command = Any
"""A command of click, which typer brings along under a private name."""


def commands() -> Iterator[tuple[str, Command]]:
    """Every command that does something, by its words."""
    pending: list[tuple[str, Command]] = [("orrery", typer.main.get_command(cli))]
    while pending:
        words, command = pending.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words, command
        else:
            pending += [(f"{words} {name}", one) for name, one in inner.items()]


COMMANDS = dict(sorted(commands()))


def parse(words: list[str]) -> None:
    """Read a command line as the command does, without running it."""
    command: Command = typer.main.get_command(cli)
    context = None
    while (inner := getattr(command, "commands", None)) is not None:
        context = command.make_context(command.name, [], parent=context, resilient_parsing=True)
        command, words = inner[words[0]], words[1:]
    command.make_context(command.name, words, parent=context)


def routes(app: FastAPI) -> set[str]:
    """Paths of the service and of what is mounted in it; the framework's login page for ``/docs`` is left out."""
    found = {"/", *app.openapi()["paths"], *plain(app.routes)}
    for mount in app.routes:
        if isinstance(mount, Mount) and isinstance(mount.app, FastAPI):
            found |= {mount.path + path for path in (*mount.app.openapi()["paths"], *plain(mount.app.routes))}
    return {re.sub(r":path\}", "}", path) for path in found if not path.endswith("oauth2-redirect")}


def plain(listed: list[BaseRoute]) -> set[str]:
    """Paths of routes that no OpenAPI description has."""
    return {
        route.path for route in listed if isinstance(route, Route) and not getattr(route, "include_in_schema", False)
    }


@pytest.mark.parametrize("variable", variables())
def test_every_setting_is_described_with_its_default(variable: str) -> None:
    rows = {row[0]: row for row in table_rows(SETTINGS)}
    assert f"`{variable}`" in rows, f"docs/settings.md has no row for {variable}"
    default = rows[f"`{variable}`"][2].strip("`")
    assert settings_from({variable: default}) == Settings(), f"{variable}: the default is not {default}"


def test_no_setting_is_described_that_there_is_not() -> None:
    named = {name for page in PAGES for name in re.findall(r"ORRERY_[A-Z0-9_]+", text_of(page))}
    assert named == set(variables())


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_option_is_described(words: str) -> None:
    described = section(COMMAND_LINE, words)
    options = [name for parameter in COMMANDS[words].params for name in (*parameter.opts, *parameter.secondary_opts)]
    missing = [name for name in options if name.startswith("-") and name != "--help" and f"`{name}" not in described]
    assert missing == []
    assert re.search(rf"^{words}\b", described, re.MULTILINE), f"{words} has no example"


def test_completion_is_described() -> None:
    options = [name for parameter in typer.main.get_command(cli).params for name in parameter.opts]
    assert [
        name for name in options if name != "--help" and f"{name}`" not in section(COMMAND_LINE, "Completion")
    ] == []


def test_no_command_is_described_that_there_is_not() -> None:
    assert {text for _, text in headings(COMMAND_LINE) if text.startswith("orrery ")} == set(COMMANDS)


EXAMPLES = sorted(
    {
        line
        for page in PAGES
        for block in blocks(page, "sh")
        for line in block.splitlines()
        if line.startswith("orrery ")
    }
)


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_is_a_command_line_that_is_understood(line: str) -> None:
    parse(shlex.split(line)[1:])


def test_every_route_is_described_and_no_other(tmp_path: Path) -> None:
    cells = [row[0] for row in table_rows(HTTP)]
    described = {path for cell in cells for path in re.findall(r"`(/[^`]*)`", cell)}
    app = create_app(Settings(data=tmp_path))
    with TestClient(app):  # which shuts it down
        assert described == routes(app)


@pytest.mark.parametrize("name", names())
def test_every_kept_query_is_described_with_its_inputs(name: str) -> None:
    row = next((row for row in table_rows(HTTP) if row[0] == f"`{name}`"), None)
    assert row is not None, f"docs/http.md has no row for the query {name}"
    assert re.findall(r"`(\w+)`", row[1]) == [one.name for one in load(name).inputs]


def test_every_property_that_can_be_searched_is_described() -> None:
    described = section(HTTP, "Key/value search")
    assert [one.name for one in PROPERTIES if f"`{one.name}`" not in described] == []


def test_every_prefix_that_need_not_be_declared_is_described() -> None:
    assert [name for name in terms.PREFIXES if f"`{name}`" not in section(HTTP, "SPARQL")] == []


def test_every_kind_of_document_is_described() -> None:
    assert [kind for kind in MAPPERS if f"| `{kind}` |" not in section(DOCS / "documents.md", "What is read")] == []


def test_every_key_of_the_report_is_described() -> None:
    assert [row[0].strip("`") for row in table_rows_of("documents.md", "The report")][2:] == list(Report().as_json())


def table_rows_of(page: str, heading: str) -> list[list[str]]:
    lines = (line for line in section(DOCS / page, heading).splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def dependencies() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = {"To run": project["dependencies"], "To develop": project["optional-dependencies"]["dev"]}
    return {part: sorted(re.match(r"[\w.-]+", one)[0] for one in given) for part, given in listed.items()}  # type: ignore[index]  # a requirement starts with its name


@pytest.mark.parametrize("part", dependencies())
def test_every_dependency_has_its_reason(part: str) -> None:
    rows = table_rows_of("dependencies.md", part)[2:]
    assert sorted(name.strip("`") for name, _ in rows) == dependencies()[part]
    assert all(reason.endswith(".") for _, reason in rows)


def test_readme_has_its_sections_in_order() -> None:
    assert headings(ROOT / "README.md") == [
        (1, "Orrery"),
        (2, "Two commands"),
        (2, "What one sees"),
        (2, "Ask it"),
        (2, "What it reads"),
        (2, "What it knows"),
        (2, "What it speaks"),
        (2, "How it grows"),
    ]


def test_readme_starts_with_one_sentence_and_the_picture() -> None:
    _, sentence, picture, *_ = text_of(ROOT / "README.md").split("\n\n")
    assert re.findall(r"[.!?](?:\s|$)", sentence) == ["."]
    assert re.fullmatch(r"!\[[^\]]+\]\(docs/picture\.svg\)", picture)


def test_picture_is_what_its_script_draws() -> None:
    drawn = runpy.run_path(str(ROOT / "scripts" / "picture.py"))["picture"]()
    assert (DOCS / "picture.svg").read_text("utf-8") == drawn


def test_licence_is_apache_2() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.split()[:6] == ["Apache", "License", "Version", "2.0,", "January", "2004"]
    assert "END OF TERMS AND CONDITIONS" in licence


def test_changelog_names_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert version in text_of(ROOT / "CHANGELOG.md")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.is_relative_to(ROOT), f"{target} leads out of the repository"
        assert linked.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(linked), f"{target} names no heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_say_what_a_user_needs_and_no_more(page: Path) -> None:
    text = text_of(page)
    assert re.findall(rf"\b(?:{'|'.join(FORBIDDEN)})\b", text, re.IGNORECASE) == []
    assert FORBIDDEN_PATHS.findall(text) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_lines_fit_beside_each_other(page: Path) -> None:
    long = [line for line in text_of(page).splitlines() if len(line) > 120 and not line.startswith(("|", "!["))]
    assert long == []


def test_decisions_are_numbered_without_a_gap() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for number, page in enumerate(pages, 1):
        assert headings(page)[0][1].startswith(f"{number}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text_of(page), re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_claims_of_conformance_name_tests() -> None:
    tests = re.findall(r"\]\(\.\./(tests/[^)]+)\)", text_of(DOCS / "conformance.md"))
    assert tests
    assert [path for path in tests if not list_tests(ROOT / path)] == []


def list_tests(path: Path) -> list[str]:
    files = path.rglob("test_*.py") if path.is_dir() else [path]
    return [name for file in files for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.M)]
