from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from graph_service.index.filters import All, Comparison, Text
from graph_service.index.sqlite import SQLiteIndex
from ontology.identifiers import platform_iri
from tests.graph_service.builders import scene_of
from tests.graph_service.index.contents import contents
from tests.graph_service.index.rows import ids, index_of, row_of

FLOOD = platform_iri("s1")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SQLiteIndex]:
    opened = SQLiteIndex(tmp_path / "index.sqlite")
    opened.call({FLOOD: "inondation, flood"})
    rows = [
        row_of(scene_of("S2A_32TQQ_20240501", title="The Po near Ferrara")),
        replace(row_of(scene_of("described")), description="A drought of the Loire"),
        row_of(scene_of("named", platform=FLOOD)),
        row_of(scene_of("accented", title="Crue de la Seine à Paris")),
    ]
    opened.apply(1, rows=rows)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ferrara", ["S2A_32TQQ_20240501"]),
        ("FERRARA", ["S2A_32TQQ_20240501"]),
        ("drought", ["described"]),
        ("flood", ["named"]),
        ("inondation", ["named"]),
        ("32TQQ", ["S2A_32TQQ_20240501"]),
        ('"near Ferrara"', ["S2A_32TQQ_20240501"]),
        ('"Ferrara near"', []),
        ("seine a", ["accented"]),
        ("drought OR flood", ["described", "named"]),
        ("never", []),
    ],
)
def test_scenes_are_found_by_their_words(index: SQLiteIndex, query: str, found: list[str]) -> None:
    assert ids(index, Text(query)) == found


def test_keywords_are_words(tmp_path: Path) -> None:
    stac = orjson.dumps({"properties": {"keywords": ["wetland", "Camargue"]}})
    row = row_of(scene_of("a"), stac=stac)
    index = SQLiteIndex(tmp_path / "index.sqlite")
    index.apply(1, rows=[row])
    assert ids(index, Text("camargue")) == ["a"]
    index.close()


def test_words_go_with_their_scene(index: SQLiteIndex) -> None:
    index.apply(2, rows=[row_of(scene_of("accented", title="Dry"))], gone=[scene_of("named").iri])
    assert ids(index, Text("seine")) == ids(index, Text("flood")) == []
    assert ids(index, Text("dry")) == ["accented"]


def test_what_is_called_otherwise_is_found_otherwise(index: SQLiteIndex) -> None:
    index.call({FLOOD: "Hochwasser", "urn:other": "never"})
    assert ids(index, Text("flood")) == []
    assert ids(index, Text("hochwasser")) == ["named"]
    index.call({})
    assert ids(index, Text("hochwasser")) == []


def test_names_given_later_make_the_words_that_names_given_before_do(tmp_path: Path) -> None:
    rows = [row_of(scene_of("a", platform=FLOOD)), row_of(scene_of("b"))]
    before, after = (SQLiteIndex(tmp_path / f"{name}.sqlite") for name in ("before", "after"))
    before.call({FLOOD: "flood"})
    for index in (before, after):
        index.apply(1, rows=rows)
    after.call({FLOOD: "flood"})
    before.close()
    after.close()
    assert contents(tmp_path / "before.sqlite") == contents(tmp_path / "after.sqlite")


def test_a_word_of_very_many_scenes_is_found_newest_first(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of(f"word-{k}", cloud_cover=float(k % 100)) for k in range(400)])
    tree = All((Text("word"), Comparison("cloud_cover", "=", 7)))
    assert ids(index, tree) == sorted(f"word-{k}" for k in range(400) if k % 100 == 7)
    assert len(index.search(Text("word"), limit=10).found) == 10
    index.close()
