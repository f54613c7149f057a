"""Imports point inwards, libraries stay at home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("ontology", "queries", "ingest", "inference", "graph_service")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# Rank of a package, or of a module or folder within graph_service: an import may not point to a higher one.
RANKS = {
    "ontology": 0,
    "queries": 1,
    "ingest": 2,
    "inference": 2,
    "graph_service.errors": 3,
    "graph_service.store": 4,
    "graph_service.index": 4,
    "graph_service.geosparql": 4,
    "graph_service.reasoning": 4,
    "graph_service.sparql": 4,
    "graph_service.spatial": 4,
    "graph_service.federation": 4,
    "graph_service.changes": 5,
    "graph_service.draft": 5,
    "graph_service.editing": 5,
    "graph_service.known_references": 5,
    "graph_service.projection": 5,
    "graph_service.catalogue": 5,
    "graph_service.views": 6,
    "graph_service.security": 6,
    "graph_service.ports": 6,
    "graph_service.intake": 7,
    "graph_service.document_patch": 7,
    "graph_service.transactions": 7,
    "graph_service.report": 7,
    "graph_service.service": 7,
    "graph_service.settings": 7,
    "graph_service.directory": 7,
    "graph_service.console": 8,
    "graph_service.api": 8,
    "graph_service.commands": 9,
    "graph_service.cli": 9,
}
APART = [{"ingest", "inference"}, {"graph_service.console", "graph_service.api"}]

# Where a library may be imported; the RDF terms of pyoxigraph are plain values and welcome anywhere.
HOMES = {
    "fastapi": ("graph_service/api/",),
    "fastapi_offline": ("graph_service/api/",),
    "starlette": ("graph_service/api/",),
    "uvicorn": ("graph_service/api/",),
    "stac_fastapi": ("graph_service/api/",),
    "cql2": ("graph_service/index/",),
    "sqlite3": ("graph_service/index/", "graph_service/store/documents.py"),
    "zstandard": ("graph_service/store/documents.py",),
    "lxml": ("ingest/", "graph_service/geosparql/"),
    "owlready2": ("graph_service/reasoning/meaning.py",),
    "rdflib": ("graph_service/sparql/", "graph_service/spatial/", "graph_service/federation/"),
    "pyparsing": ("graph_service/sparql/", "graph_service/spatial/", "graph_service/federation/"),
    "antimeridian": ("ingest/footprints.py",),
    "SPARQLWrapper": ("graph_service/store/remote.py",),
    "jsonpatch": ("graph_service/document_patch.py",),
    "jsonpointer": ("graph_service/document_patch.py",),
    "tenacity": ("graph_service/store/remote.py",),
    "httpx": ("graph_service/service.py", "graph_service/console/", "graph_service/federation/"),
    "typer": ("graph_service/cli.py", "graph_service/commands/"),
    "rich": ("graph_service/cli.py", "graph_service/commands/", "graph_service/console/"),
    "pyarrow": ("graph_service/console/", "ingest/sources/item_table.py"),
    "jinja2": ("graph_service/api/",),
}


def imports_of(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node


def room_of(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] not in PACKAGES:
        return None
    return ".".join(parts[:2]) if parts[0] == "graph_service" and len(parts) > 1 else parts[0]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_inwards(path: Path) -> None:
    own = room_of(name_of(path).removesuffix(".__init__"))
    for module, node in imports_of(path):
        target = room_of(module)
        if own is None or target is None or own == target or own == "graph_service":
            continue
        assert own in RANKS, f"{own} has no rank"
        assert RANKS[target] <= RANKS[own], f"{path}:{node.lineno}: {own} imports {target}"
        assert not any({own, target} == pair for pair in APART), f"{path}:{node.lineno}: {own} imports {target}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_library_is_imported_in_its_home_alone(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for module, node in imports_of(path):
        homes = HOMES.get(module.partition(".")[0])
        assert homes is None or place.startswith(homes), f"{place}:{node.lineno}: {module} belongs to {homes}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_are_absolute_and_at_the_top(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert node in tree.body, f"{path}:{node.lineno}: an import below the top"
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}:{node.lineno}: a relative import"


def test_packages_re_export_nothing() -> None:
    assert [p for p in MODULES if p.name == "__init__.py" and p.read_text("utf-8").strip()] == []
