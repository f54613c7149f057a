"""Every class of CQL2 against a plain reading of STAC documents, over expressions that nobody thought of."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import cql2
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.index.concepts import concepts_of
from graph_service.index.cql2 import CLASSES, cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.functions import FUNCTIONS as OURS
from graph_service.index.rows import row
from graph_service.index.sqlite import SQLiteIndex
from ontology.identifiers import instrument_iri
from ontology.triples import statements
from tests.graph_service.api.stac_service import meaning
from tests.graph_service.builders import scene_of
from tests.graph_service.index.document_reading import ARRAYS, FUNCTIONS, SPATIAL, TEMPORAL, Document, truth
from tests.graph_service.index.rows import at, ids

FIRST = datetime(2023, 12, 30, 21, tzinfo=UTC)
TITLES = (None, "Água de São Tomé", "AGUA DE SAO TOME", "Straße", "STRASSE", "50%", "a_b", "", "ñ")
INSTRUMENTS = ((), ("msi",), ("olci", "slstr"), ("msi", "olci"))
KEYWORDS: tuple[list[str] | None, ...] = (None, ["water"], ["water", "flood"], ["Flood"], [])


def document(n: int) -> Document:
    """One of three dozen documents, each optional property absent somewhere."""
    sensed, title = FIRST + n * timedelta(hours=17), TITLES[n % 9]
    start, end = (sensed - timedelta(hours=n), sensed + timedelta(hours=5)) if n % 5 else (None, None)
    properties = {
        "datetime": sensed,
        "start_datetime": start,
        "end_datetime": end,
        "created": sensed + timedelta(days=n % 3 - 1) if n % 4 else None,
        "title": title,
        "eo:cloud_cover": None if n % 7 == 3 else float(n * 13 % 101),
        "sat:relative_orbit": n % 6 if n % 3 else None,
        "gsd": (10.0, 20.0, 0.5, None)[n % 4],
        "instruments": list(INSTRUMENTS[n % 4]),
        "keywords": KEYWORDS[n % 5],
    }
    said = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in properties.items() if v not in (None, [])}
    area = (shapely.box(n, 0, n + 2, 1), shapely.box(n % 6, n % 3, n % 6 + 1, n % 3 + 1))[n % 2]
    geometry = json.loads(shapely.to_geojson(area))
    return {"id": f"S{n:02}", "collection": "all", "geometry": geometry, "properties": said}


DOCUMENTS = [document(n) for n in range(36)]


def time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    opened = SQLiteIndex(tmp_path_factory.mktemp("classes") / "index.sqlite")
    rows = []
    for one in DOCUMENTS:
        said = one["properties"]
        scene = scene_of(
            one["id"],
            collection=one["collection"],
            sensed_at=datetime.fromisoformat(said["datetime"]),
            started_at=time(said.get("start_datetime")),
            ended_at=time(said.get("end_datetime")),
            created_at=time(said.get("created")),
            title=said.get("title"),
            cloud_cover=said.get("eo:cloud_cover"),
            relative_orbit=said.get("sat:relative_orbit"),
            resolution_m=said.get("gsd"),
            instruments=tuple(instrument_iri("sentinel-0", name) for name in said.get("instruments", ())),
            **at(shapely.geometry.shape(one["geometry"])),
        )
        concepts = concepts_of(scene.iri, statements(scene))
        rows.append(row(scene, audience=None, stac=json.dumps(one).encode(), links=b"[]", concepts=concepts))
    opened.apply(1, rows=rows)
    yield opened
    opened.close()


def found(index: SQLiteIndex, expression: Any) -> list[str]:
    return ids(index, cql2_filter(expression, "cql2-json", Reading(meaning())))


def expected(expression: Any) -> list[str]:
    return [one["id"] for one in DOCUMENTS if truth(expression, one)]


TABLE = [
    "CASEI(title) = CASEI('straße')",
    "CASEI(title) <> CASEI('straße')",
    "ACCENTI(title) = ACCENTI('Água de São Tomé')",
    "ACCENTI(CASEI(title)) = ACCENTI(CASEI('água de são tomé'))",
    "CASEI(title) LIKE CASEI('%TOM_')",
    "ACCENTI(CASEI(title)) LIKE ACCENTI(CASEI('ÁGUA%'))",
    "CASEI(title) IN (CASEI('Strasse'), CASEI('A_B'))",
    "title NOT LIKE '%\\%'",
    "title = id",
    "title > id",
    "id < title OR title IS NULL",
    "CASEI(id) = 's03'",
    "eo:cloud_cover > gsd",
    "eo:cloud_cover = sat:relative_orbit * 13",
    "eo:cloud_cover + 10 < gsd * 2",
    "eo:cloud_cover - gsd - 5 > 0",
    "eo:cloud_cover / 0 > 0 OR NOT eo:cloud_cover / 0 > 0",
    "eo:cloud_cover / sat:relative_orbit > 5",
    "eo:cloud_cover % 10 = 3",
    "(0 - eo:cloud_cover) % 10 = -3",
    "eo:cloud_cover div 10 = 3",
    "(0 - eo:cloud_cover) div 10 = -3",
    "gsd ^ 2 = 400",
    "2 ^ sat:relative_orbit > 8",
    "-gsd < -10",
    "eo:cloud_cover BETWEEN gsd AND gsd * 3",
    "eo:cloud_cover IN (gsd, 26, sat:relative_orbit + 10)",
    "eo:cloud_cover < 5 + 5 * 2",
    "eo:cloud_cover + gsd IS NULL",
    "abs(eo:cloud_cover - 50) < 10",
    "ABS(eo:cloud_cover - 50) < 10",
    "least(eo:cloud_cover, gsd) = gsd",
    "greatest(eo:cloud_cover, gsd) = 20",
    "round(eo:cloud_cover / 10) = 3",
    "sqrt(eo:cloud_cover) < 3",
    "sqrt(0 - eo:cloud_cover) IS NULL",
    "year(datetime) = 2024",
    "month(datetime) = 1 AND day(datetime) < 10",
    "dayofyear(created) = 365",
    "hour(datetime) = 21",
    "length(title) = 6",
    "size(instruments) = 2",
    "A_CONTAINS(instruments, ('msi'))",
    "A_CONTAINS(instruments, ('msi', 'olci'))",
    "NOT A_CONTAINS(instruments, ('msi'))",
    "A_CONTAINS(('msi', 'olci'), instruments)",
    "A_EQUALS(instruments, ('slstr', 'olci', 'slstr'))",
    "A_CONTAINEDBY(instruments, ('msi', 'slstr'))",
    "A_OVERLAPS(keywords, ('flood', 'snow'))",
    "A_OVERLAPS(keywords, instruments)",
    "A_OVERLAPS(keywords, (title, 'flood'))",
    "keywords IS NULL",
    "keywords IS NOT NULL",
    "created > datetime",
    "NOT created > datetime",
    "created = datetime",
    "T_AFTER(created, datetime)",
    "T_BEFORE(end_datetime, created)",
    "T_INTERSECTS(INTERVAL(start_datetime, end_datetime), created)",
    "T_DURING(created, INTERVAL(start_datetime, end_datetime))",
    "T_DURING(INTERVAL(start_datetime, end_datetime), INTERVAL('2024-01-01', '2024-01-10'))",
    "T_CONTAINS(INTERVAL(start_datetime, '..'), DATE('2024-01-05'))",
    "T_EQUALS(INTERVAL(datetime, datetime), INTERVAL(created, created))",
    "T_STARTS(INTERVAL(datetime, '2024-01-10'), INTERVAL(created, '..'))",
    "T_AFTER(DATE('2024-01-05'), DATE('2024-01-04')) AND gsd = 10",
    "S_WITHIN(geometry, BBOX(0, 0, 6, 3))",
    "S_CONTAINS(geometry, POINT(3.5 0.5))",
    "S_WITHIN(POINT(3.5 0.5), geometry)",
    "S_TOUCHES(geometry, BBOX(8, 0, 9, 1))",
    "S_DISJOINT(geometry, BBOX(8, 0, 9, 1))",
    "S_INTERSECTS(geometry, BBOX(8, 0, 9, 1))",
    "S_OVERLAPS(geometry, BBOX(8, 0.5, 9.5, 3))",
    "S_CROSSES(geometry, LINESTRING(1 -1, 9 2))",
    "S_EQUALS(geometry, POLYGON((4 0, 6 0, 6 1, 4 1, 4 0)))",
    "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(4.5 0.5), LINESTRING(0 2, 9 2)))",
    "NOT S_TOUCHES(geometry, POINT(4 0))",
]


@pytest.mark.parametrize("text", TABLE)
def test_both_encodings_find_what_the_documents_say(index: SQLiteIndex, text: str) -> None:
    as_json = cql2.Expr(text).to_json()
    wanted = expected(_lowered(as_json))
    assert wanted != [one["id"] for one in DOCUMENTS], "a filter that leaves nothing out"
    assert found(index, as_json) == wanted
    assert ids(index, cql2_filter(text, "cql2-text", Reading(meaning()))) == wanted


def _lowered(expression: Any) -> Any:
    """With the names of functions in the letters that the plain reading knows."""
    match expression:
        case {"op": str(name), "args": list(args)}:
            return {"op": name.lower() if name.lower() in FUNCTIONS else name, "args": [_lowered(one) for one in args]}
        case list(members):
            return [_lowered(one) for one in members]
    return expression


SHOWN = {
    "accent-insensitive-comparison": "ACCENTI(title) = ACCENTI('Água de São Tomé')",
    "advanced-comparison-operators": "eo:cloud_cover BETWEEN gsd AND gsd * 3",
    "arithmetic": "eo:cloud_cover div 10 = 3",
    "array-functions": "A_EQUALS(instruments, ('slstr', 'olci', 'slstr'))",
    "basic-cql2": "id < title OR title IS NULL",
    "basic-spatial-functions": "S_INTERSECTS(geometry, BBOX(8, 0, 9, 1))",
    "basic-spatial-functions-plus": "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(4.5 0.5), LINESTRING(0 2, 9 2)))",
    "case-insensitive-comparison": "CASEI(title) = CASEI('straße')",
    "cql2-json": "title = id",
    "cql2-text": "title = id",
    "functions": "month(datetime) = 1 AND day(datetime) < 10",
    "property-property": "eo:cloud_cover > gsd",
    "spatial-functions": "S_CROSSES(geometry, LINESTRING(1 -1, 9 2))",
    "temporal-functions": "T_DURING(created, INTERVAL(start_datetime, end_datetime))",
}
"""An expression of the table for each class that is claimed."""


def test_every_class_that_is_claimed_is_shown() -> None:
    assert {uri.rpartition("/")[2] for uri in CLASSES} == set(SHOWN)
    assert set(SHOWN.values()) <= set(TABLE)


def test_every_function_is_read_plainly() -> None:
    assert set(FUNCTIONS) == set(OURS)


def op(name: str) -> Callable[..., dict[str, Any]]:
    return lambda *args: {"op": name, "args": list(args)}


def calls(names: tuple[str, ...], *args: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda name, values: op(name)(*values), st.sampled_from(names), st.tuples(*args))


def property_of(*names: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(names).map(lambda name: {"property": name})


TIMES = property_of("datetime", "created", "start_datetime", "end_datetime")
WRITTEN = st.sampled_from([{"timestamp": "2024-01-02T02:00:00Z"}, {"date": "2024-01-05"}, {"date": "2024-01-01"}])
INTERVALS = st.builds(
    lambda start, end: {"interval": [start, end]},
    st.sampled_from(["..", "2023-12-31", {"property": "start_datetime"}]),
    st.sampled_from(["..", "2024-01-08T00:00:00Z", {"property": "end_datetime"}]),
)
NUMBERS = st.recursive(
    property_of("eo:cloud_cover", "sat:relative_orbit", "gsd")
    | st.sampled_from([0, 1, 2, 10, 26.0, 0.5, -3])
    | calls(("year", "month", "day", "dayofyear", "hour"), TIMES)
    | calls(("length",), property_of("title", "id"))
    | calls(("size",), property_of("instruments", "keywords")),
    lambda inner: (
        calls(("+", "-", "*", "/", "%", "div", "least", "greatest"), inner, inner)
        | calls(("^",), inner, st.sampled_from([0, 1, 2, 0.5]))
        | calls(("abs", "floor", "ceil", "round", "sqrt"), inner)
    ),
    max_leaves=5,
)
TEXTS = st.recursive(
    property_of("title", "id") | st.sampled_from(["Straße", "strasse", "S03", "agua de sao tome", ""]),
    lambda inner: calls(("casei", "accenti"), inner),
    max_leaves=3,
)
PATTERNS = st.recursive(
    st.sampled_from(["%", "", "S_2", "stra%", "%É", "a\\_b", "50\\%"]),
    lambda inner: calls(("casei", "accenti"), inner),
    max_leaves=2,
)
LISTS = property_of("instruments", "keywords") | st.lists(
    st.sampled_from(["msi", "olci", "water", "flood", {"property": "title"}]), max_size=3
)
AREAS = st.sampled_from(
    [
        {"bbox": [3, 0, 7, 2]},
        {"bbox": [4, 0, 6, 1]},
        {"type": "Point", "coordinates": [4, 0.5]},
        {"type": "LineString", "coordinates": [[0, 0.5], [40, 0.5]]},
        {"property": "geometry"},
    ]
)
COMPARED = ("=", "<>", "<", "<=", ">", ">=")
LEAVES = st.one_of(
    st.booleans(),
    calls(COMPARED, NUMBERS, NUMBERS),
    calls(COMPARED, TEXTS, TEXTS),
    calls(COMPARED, TIMES, TIMES | WRITTEN),
    calls(COMPARED, WRITTEN, TIMES),
    calls(("between",), NUMBERS, NUMBERS, NUMBERS),
    calls(("between",), TIMES, WRITTEN, WRITTEN),
    calls(("in",), NUMBERS, st.lists(NUMBERS, min_size=1, max_size=3)),
    calls(("in",), TEXTS, st.lists(TEXTS, min_size=1, max_size=3)),
    calls(("like",), TEXTS, PATTERNS),
    calls(("isNull",), property_of("title", "created", "keywords", "gsd")),
    calls(("isNull",), calls(("+", "/"), NUMBERS, NUMBERS)),
    calls(ARRAYS, LISTS, LISTS),
    calls(TEMPORAL, TIMES | WRITTEN | INTERVALS, TIMES | WRITTEN | INTERVALS),
    calls(SPATIAL, AREAS, AREAS),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(
            lambda name, parts: op(name)(*parts),
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        )
        | calls(("not",), inner)
    ),
    max_leaves=4,
)


@settings(max_examples=600, deadline=None)
@given(expression=TREES)
def test_any_expression_finds_what_the_documents_say(index: SQLiteIndex, expression: Any) -> None:
    assert found(index, expression) == expected(expression)
