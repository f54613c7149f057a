"""The spatial index says what the graph says, whatever was written, deleted or lost."""

import random
import sqlite3
from functools import partial
from pathlib import Path

import pytest
import shapely

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch
from graph_service.index.places import Whose
from graph_service.index.rows import Box
from graph_service.index.sqlite import SQLiteIndex
from graph_service.spatial.areas import within_distance
from graph_service.spatial.candidates import Candidates
from graph_service.spatial.statements import LINKS, SERIALISATIONS, outlines_of, survey
from graph_service.store.graph_store import GraphStore
from ontology import terms
from tests.graph_service.builders import entry_of, open_catalogue, scene_of, write
from tests.graph_service.spatial.places import AUDIENCE, LATITUDE_FIRST, UTM, random_places

Contents = dict[str, list[tuple[object, ...]]]


def contents(index: SQLiteIndex) -> Contents:
    """Everything that an index holds of geometries, under the names that it stands for."""

    def read(connection: sqlite3.Connection) -> Contents:
        links = (
            "SELECT n.name, p.name, f.name, g.name FROM geometry_of JOIN place n ON n.number = node "
            "JOIN place p ON p.number = property JOIN place f ON f.number = feature JOIN place g ON g.number = graph"
        )
        shapes = (
            "SELECT n.name, g.name, key, parts, kind, outline, coalesce(s.name, '') FROM geometry "
            "JOIN place n ON n.number = node JOIN place g ON g.number = graph LEFT JOIN place s ON s.number = system"
        )
        boxes = (
            "SELECT n.name, west, east, south, north FROM geometry_box "
            "JOIN geometry ON geometry.number = part / 64 JOIN place n ON n.number = node"
        )
        own = (
            "SELECT n.name, s.name, west, east, south, north FROM geometry_own_box b JOIN geometry USING (number) "
            "JOIN place n ON n.number = node JOIN place s ON s.number = low"
        )
        several = "SELECT place.name, across FROM geometry_several JOIN place ON place.number = geometry_several.name"
        statements = {"links": links, "shapes": shapes, "boxes": boxes, "own": own, "several": several}
        return {name: sorted(connection.execute(text).fetchall()) for name, text in statements.items()}

    return index.within_one_state(read)


def surveyed(graph: GraphStore, folder: Path) -> Contents:
    """What an index holds that is made from the graph as it stands."""
    index = SQLiteIndex(folder / "surveyed.sqlite")
    quads = [quad for iri in (*LINKS, *SERIALISATIONS) for quad in graph.quads_with(iri)]
    index.apply(1, rows=())
    index.place(survey(quads))
    try:
        return contents(index)
    finally:
        index.close()


@pytest.mark.parametrize("seed", range(6))
def test_after_random_writes_it_is_as_if_made_anew(tmp_path: Path, seed: int) -> None:
    places = random_places(tmp_path, seed)
    assert contents(places.index) == surveyed(places.graph, tmp_path)
    assert places.index.geometry_change_number() == places.graph.change_number()
    places.close()


@pytest.mark.parametrize("seed", range(4))
def test_it_finds_what_a_look_at_every_geometry_finds(tmp_path: Path, seed: int) -> None:
    places, choose = random_places(tmp_path, seed), random.Random(seed)
    for _ in range(30):
        west, south = choose.uniform(0, 10), choose.uniform(0, 10)
        area = Box(west, south, west + choose.uniform(0, 3), south + choose.uniform(0, 3))
        for graphs in (("",), ("", AUDIENCE)):
            expected = set()
            for quad in places.graph.quads_with(terms.AS_WKT):
                if getattr(quad.graph_name, "value", "") in graphs:
                    boxes = outlines_of([str(quad.object)])[0].boxes
                    outline = shapely.box(area.west, area.south, area.east, area.north)
                    meets = any(shapely.box(b.west, b.south, b.east, b.north).intersects(outline) for b in boxes)
                    if meets:
                        expected.add(str(quad.subject)[1:-1].removesuffix("#footprint"))
            whose = Whose(frozenset((terms.HAS_GEOMETRY,)))
            look = partial(near, graphs=graphs, area=area, whose=whose)
            found = places.index.within_one_state(look)
            # Boxes are kept in 32 bits, rounded outwards: some found are not there, none there is not found.
            assert expected <= set(found)
            assert len(set(found)) == len(found) <= len(expected) + 3
    places.close()


def near(connection: sqlite3.Connection, graphs: tuple[str, ...], area: Box, whose: Whose) -> list[str]:
    return Candidates(connection, graphs).near([area], whose) or []


def followed(catalogue: Catalogue, folder: Path) -> bool:
    is_current = catalogue.index.geometry_change_number() == catalogue.graph.change_number()
    return is_current and contents(catalogue.index) == surveyed(catalogue.graph, folder)


def test_it_follows_every_write_and_delete_of_a_catalogue(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path)
    for k in range(4):
        write(catalogue, [entry_of(scene_of(f"S{k}")), entry_of(scene_of("R"), audience=AUDIENCE if k % 2 else None)])
        assert followed(catalogue, tmp_path / str(k))
    catalogue.apply(Batch(deletions=(scene_of("S2").iri,)))
    assert followed(catalogue, tmp_path / "deleted")
    assert len(contents(catalogue.index)["shapes"]) == 4
    catalogue.close()


def test_a_catalogue_that_settles_makes_good_what_was_not_followed(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path)
    write(catalogue, [entry_of(scene_of("one"))])
    # As when a process is killed between the graph and the index, and when a change is not followed.
    change = catalogue.graph.change_number() + 1
    stray = ("<urn:x>", f"<{terms.AS_WKT}>", f'"POINT(1 2)"^^<{terms.WKT_LITERAL}>')
    catalogue.graph.apply(change=change, remove={}, add={None: [stray]})
    catalogue.index.apply(change, rows=())
    assert not followed(catalogue, tmp_path / "before")
    catalogue.catch_up()
    assert followed(catalogue, tmp_path / "after")
    catalogue.close()


def test_a_rebuilt_index_has_every_geometry(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path)
    write(catalogue, [entry_of(scene_of(f"S{k}")) for k in range(3)])
    before = contents(catalogue.index)
    catalogue.rebuild()
    assert contents(catalogue.index) == before
    assert followed(catalogue, tmp_path / "after")
    catalogue.close()


@pytest.mark.parametrize(
    "older",
    ["UPDATE geometry_state SET made = 'by another'", "ALTER TABLE geometry_state DROP COLUMN made"],
)
def test_what_another_version_made_is_behind(tmp_path: Path, older: str) -> None:
    places = random_places(tmp_path, 1)
    places.close()
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    with connection:
        connection.execute(older)
    connection.close()
    opened = SQLiteIndex(tmp_path / "index.sqlite")
    assert opened.geometry_change_number() == 0
    assert not any(contents(opened).values())
    opened.close()


@pytest.mark.parametrize(
    ("text", "kind", "bounds"),
    [
        ("POINT(11 44)", "wktLiteral", (11, 44, 11, 44)),
        (LATITUDE_FIRST + "POINT(44 11)", "wktLiteral", (11, 44, 11, 44)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(11 44)", "wktLiteral", (11, 44, 11, 44)),
        ('{\\"type\\":\\"Point\\",\\"coordinates\\":[11,44]}', "geoJSONLiteral", (11, 44, 11, 44)),
        (UTM + "POINT(500000 0)", "wktLiteral", (9, 0, 9, 0)),
        (UTM + "POINT(1e30 0)", "wktLiteral", None),
        ("POINT EMPTY", "wktLiteral", None),
        ("POINT(1 2", "wktLiteral", None),
        ("POINT(11 144)", "wktLiteral", None),
        ("POINT(11 44)", "noLiteral", None),
    ],
)
def test_a_box_is_in_longitude_and_latitude_or_is_none(text: str, kind: str, bounds: tuple[float, ...] | None) -> None:
    boxes = outlines_of([f'"{text}"^^<{terms.GEO}{kind}>'])[0].boxes
    if bounds is None:
        assert boxes == ()
    else:
        assert [(b.west, b.south, b.east, b.north) for b in boxes] == [pytest.approx(bounds, abs=1e-6)]


def test_a_distance_is_looked_for_around_the_globe_and_the_poles() -> None:
    assert any(b.west <= -179.9 <= b.east for b in within_distance([Box(179.9, 0, 179.9, 0)], 30_000))
    assert all(b.west <= -360 and b.east >= 360 for b in within_distance([Box(0, 89.9, 0, 89.9)], 30_000))
    assert within_distance([Box(0, 0, 0, 0)], -1) == []
