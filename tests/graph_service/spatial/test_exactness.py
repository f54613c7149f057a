"""What the index says of a condition is what the functions say of it, of every kind of geometry."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyoxigraph as ox
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from graph_service.geosparql.crs import CRS84, crs_of
from graph_service.geosparql.functions import FUNCTIONS
from graph_service.geosparql.units import unit_of
from graph_service.index.geometries import Kind
from graph_service.spatial import plain_joins, rewriting
from graph_service.spatial.predicates import HOLDS, UNKNOWN, Nearness, Relation
from graph_service.spatial.relations import GEOF, MEETING
from graph_service.spatial.statements import outlines_of
from ontology import terms
from ontology.triples import Statement
from tests.graph_service.spatial.places import AUDIENCE, EX, LATITUDE_FIRST, UTM, Places, feature, random_shape

PREFIXES = f"PREFIX ex: <{EX}> "
ETRS = "<http://www.opengis.net/def/crs/EPSG/0/4258> "
LAMBERT = "<http://www.opengis.net/def/crs/EPSG/0/3035> "
METRE, DEGREE = (terms.PREFIXES["uom"] + name for name in ("metre", "degree"))
BOWTIE = shapely.Polygon([(1, 1), (3, 3), (3, 1), (1, 3)])
HOLED = shapely.Polygon(shapely.box(1, 1, 5, 5).exterior, [shapely.box(2, 2, 4, 4).exterior])
CIRCLE = shapely.Point(4, 4).buffer(2, quad_segs=16)
ODD = [
    BOWTIE,
    HOLED,
    CIRCLE,
    shapely.box(2, 2, 4, 4),
    shapely.GeometryCollection([shapely.Point(2, 2), shapely.box(3, 3, 4, 4)]),
    shapely.MultiPoint([(1, 1), (2, 2), (9, 9)]),
    shapely.MultiPolygon([shapely.box(1, 1, 3, 3), shapely.box(2, 2, 4, 4)]),
    shapely.LineString([(0, 0), (2, 2), (2, 0), (0, 2)]),
    shapely.LinearRing([(1, 1), (4, 1), (4, 4)]),
    shapely.Polygon(),
    shapely.Polygon([(2, 2), (2, 2), (2, 2)]),
]
shapes = st.one_of(st.integers(0, 2**20).map(lambda seed: random_shape(random.Random(seed))), st.sampled_from(ODD))


def in_utm(shape: BaseGeometry) -> str:
    """A shape on a grid of hundreds of kilometres."""
    return UTM + shapely.to_wkt(shapely.transform(shape, lambda places: places * 100_000 + (100_000, 0)))


def text_of(shape: BaseGeometry, way: int) -> tuple[str, str, str]:
    """A shape in one of several serialisations: literal, property and datatype."""
    turned = shapely.transform(shape, lambda places: places[:, ::-1])
    document = shapely.to_geojson(shape) if not isinstance(shape, shapely.LinearRing) else '{"type":"none"}'
    ways = (
        (shapely.to_wkt(shape, rounding_precision=-1), "asWKT", "wktLiteral"),
        (LATITUDE_FIRST + shapely.to_wkt(turned, rounding_precision=-1), "asWKT", "wktLiteral"),
        (document.replace('"', '\\"'), "asGeoJSON", "geoJSONLiteral"),
        (in_utm(shape), "asWKT", "wktLiteral"),
        (ETRS + shapely.to_wkt(turned, rounding_precision=-1), "asWKT", "wktLiteral"),
        ("POLYGON((1 1,2 2", "asWKT", "wktLiteral"),
        (f"SRID 7 {shape.wkt}", "hasSerialization", "wktLiteral"),
    )
    return ways[way]


literals = st.builds(text_of, shapes, st.sampled_from((0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 5, 6)))


@st.composite
def contents(draw: st.DrawFn) -> list[tuple[list[Statement], str | None]]:
    """Features, some with several geometries or serialisations, some restricted."""
    found = []
    for number, (literal, name, datatype) in enumerate(draw(st.lists(literals, min_size=6, max_size=12))):
        kind = draw(st.sampled_from(("Place", "Field")))
        some = feature(f"f{number}", literal, kind=kind, property_name=name, datatype=datatype)
        match draw(st.integers(0, 9)):
            case 0:  # a geometry with another serialisation
                text, by, kind_of_text = draw(literals)
                some += feature(f"f{number}", text, property_name=by, datatype=kind_of_text)[-1:]
            case 1:  # a feature with another geometry
                text, by, kind_of_text = draw(literals)
                other = feature(f"g{number}", text, property_name=by, datatype=kind_of_text)
                some += [(f"<{EX}f{number}>", link[1], link[2]) for link in other[2:4]] + other[-1:]
        found.append((some, draw(st.sampled_from((None, None, None, AUDIENCE)))))
    return found


PATTERNS = (
    "?{v} geo:hasDefaultGeometry/geo:asWKT ?{w} .",
    "?{v} geo:hasGeometry ?g{v} . ?g{v} geo:asWKT ?{w} .",
    "?{v} geo:hasDefaultGeometry ?g{v} . ?g{v} geo:hasSerialization|geo:asWKT|geo:asGeoJSON ?{w} .",
)


@st.composite
def conditions(draw: st.DrawFn, other: str | None = None) -> str:
    """A relation or a bound, with a constant of any kind or another variable, in either order."""
    literal, _, datatype = draw(literals)
    arguments = ["?u", other or f'"{literal}"^^geo:{datatype}']
    one, two = draw(st.permutations(arguments))
    name = draw(st.sampled_from((*sorted(MEETING), "distance", "metricDistance", "distance in degrees")))
    limit = draw(
        st.sampled_from(("0", "0.5", "1e0", "110000", "250000.5", "'150000'^^xsd:float", "'1.5'^^xsd:decimal"))
    )
    less = draw(st.sampled_from(("<", "<=")))
    match name:
        case "distance":
            return f"geof:distance({one}, {two}, uom:metre) {less} {limit}"
        case "distance in degrees":
            return f"{limit} {less.replace('<', '>')} geof:distance({one}, {two}, uom:degree)"
        case "metricDistance":
            return f"geof:metricDistance({one}, {two}) {less} {limit}"
    return f"geof:{name}({one}, {two})"


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Queries with one condition or two, of one geometry or two, beside other patterns."""
    pattern = draw(st.sampled_from(PATTERNS)).format(v="a", w="u")
    condition = draw(conditions())
    if draw(st.booleans()):
        pattern += draw(st.sampled_from(PATTERNS)).format(v="b", w="v") + draw(st.sampled_from(("", "?b a ex:Field .")))
        condition = draw(conditions("?v")) + draw(st.sampled_from(("", f" && {draw(conditions())}")))
    condition += draw(st.sampled_from(("", "", " && ?a != ex:f2", " && EXISTS { ?a ex:number ?n FILTER(?n > 2) }")))
    filters = [f"FILTER({condition})", *draw(st.lists(st.sampled_from(MORE), max_size=2, unique=True))]
    return f"{PREFIXES} SELECT * {{ {pattern} {' '.join(draw(st.permutations(filters)))} }}"


MORE = (
    "?a a ex:Place .",
    "?a ex:number ?n .",
    "OPTIONAL { ?a ex:number ?m FILTER(?m > 3) }",
    "MINUS { ?a ex:number 2 }",
    "BIND(STRLEN(STR(?u)) AS ?length)",
    "FILTER(?a != ex:f1)",
    "FILTER NOT EXISTS { ?a ex:number 4 }",
)


@contextmanager
def opened() -> Iterator[Places]:
    """An empty graph."""
    with TemporaryDirectory() as folder:
        places = Places(Path(folder))
        try:
            yield places
        finally:
            places.close()


@settings(max_examples=20, deadline=None)
@given(some=contents(), asked=st.lists(queries(), min_size=8, max_size=8), restricted=st.booleans())
def test_every_condition_answers_as_before(
    some: list[tuple[list[Statement], str | None]], asked: list[str], restricted: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch, opened() as places:
        patch.setattr(rewriting, "_WORTH", 0)
        patch.setattr(plain_joins, "FEWEST", 0)
        for statements, audience in some:
            places.write(statements, audience=audience)
        for query in asked:
            plain, planned = places.answers(query, (AUDIENCE,) if restricted else ())
            assert plain == planned, query


def term_of(shape: BaseGeometry) -> ox.Literal:
    return ox.Literal(shapely.to_wkt(shape, rounding_precision=-1), datatype=ox.NamedNode(terms.WKT_LITERAL))


def value(name: str, *arguments: ox.Literal | ox.NamedNode) -> ox.Literal | None:
    """What the function gives to the engine; None for an error."""
    with np.errstate(all="ignore"):
        try:
            found = FUNCTIONS[ox.NamedNode(GEOF + name)](*arguments)
        except Exception:  # whatever it raises is an error of the expression
            return None
    assert isinstance(found, ox.Literal)
    return found


def arrays(pairs: list[tuple[BaseGeometry, BaseGeometry]]) -> list[np.ndarray[tuple[int], np.dtype[np.object_]]]:
    """Both sides as the index has them."""
    sides = []
    for side in zip(*pairs, strict=True):
        outlines = outlines_of([str(term_of(shape)) for shape in side])
        assert all(one.kind == Kind.OUTLINED for one in outlines)
        sides.append(np.array(shapely.from_wkb([one.wkb for one in outlines]), dtype=object))
    return sides


SOLID = [shape for shape in ODD if not shape.is_empty and not isinstance(shape, shapely.LinearRing) and shape.area != 0]
PAIRS = [(one, other) for one in SOLID for other in SOLID]
PAIRS += [(random_shape(random.Random(k)), random_shape(random.Random(k + 1))) for k in range(200)]


@pytest.mark.parametrize("name", sorted(MEETING))
def test_a_relation_of_many_is_the_relation_of_each(name: str) -> None:
    one, other = arrays(PAIRS)
    found = Relation(name).verdicts(one, other, crs_of(CRS84))
    expected = [value(name, term_of(a), term_of(b)) == ox.Literal(True) for a, b in PAIRS]
    assert (found == HOLDS).tolist() == expected


PLACES = [
    *PAIRS,
    *((translate(one, 3.3, 40.1), translate(other, 4.1, 40.3)) for one, other in PAIRS),
    *((translate(one, 170), translate(other, -175)) for one, other in PAIRS[:50]),
    *((translate(one, 0, 70), translate(other, 60, 71)) for one, other in PAIRS[:50]),
    (shapely.Point(10, 89.9), shapely.Point(-170, 89.9)),
    (shapely.Point(179, 0), shapely.Point(-179, 0)),
]


@pytest.mark.parametrize("limit", [0.0, 40_000.0, 90_000.0])
@pytest.mark.parametrize("unit", [METRE, DEGREE])
def test_a_bound_of_many_is_the_bound_of_each(limit: float, unit: str) -> None:
    limit = limit if unit == METRE else limit / 100_000
    one, other = arrays(PLACES)
    found = Nearness(unit_of(unit), limit, inclusive=True).verdicts(one, other, crs_of(CRS84)).tolist()
    left = 0
    for verdict, (a, b) in zip(found, PLACES, strict=True):
        distance = value("distance", term_of(a), term_of(b), ox.NamedNode(unit))
        number = np.inf if distance is None else float(distance.value)
        assert verdict == UNKNOWN or (verdict == HOLDS) == (number <= limit)
        left += verdict == UNKNOWN and (unit == DEGREE or (number < 250_000 and abs(b.bounds[3]) < 60))
    assert left < 20


def test_what_holds_for_certain_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_WORTH", 0)
    places = Places(tmp_path)
    for number in range(4):
        places.write(feature(f"f{number}", f"POINT({number} 2)"))
    query = f"""{PREFIXES} SELECT ?s {{ ?s geo:hasDefaultGeometry/geo:asWKT ?w ; ex:number ?n
        FILTER(?n >= 0 && geof:sfIntersects(?w, "POLYGON((0 0,2 0,2 2,0 2,0 0))"^^geo:wktLiteral)) }}"""
    plan = places.plan(query)
    assert plan.accelerated is not None
    assert "sfIntersects" not in plan.accelerated
    assert plan.findings[0].done == "answered by the index"
    assert plan.findings[0].certain == 3
    places.write(feature("f1", "POINT(50 50)")[-1:])
    plan = places.plan(query)
    assert "sfIntersects" in str(plan.accelerated)
    assert (plan.findings[0].candidates, plan.findings[0].certain) == (3, 2)
    places.close()


@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        ("POINT(1 2)", Kind.OUTLINED),
        ("POINT Z(1 2 3)", Kind.OUTLINED),
        ("POINT M(1 2 3)", Kind.OUTLINED),
        ("POLYGON((1 1,3 3,3 1,1 3,1 1))", Kind.OUTLINED),
        (UTM + "POINT(500000 0)", Kind.OUTLINED),
        ("POLYGON EMPTY", Kind.EMPTY),
        (UTM + "POLYGON EMPTY", Kind.EMPTY),
        ("POINT(1e999 2)", Kind.UNREADABLE),
        ("POINT(1", Kind.UNREADABLE),
        ("<http://example.org/none> POINT(1 2)", Kind.UNREADABLE),
        ("LINEARRING(1 1,3 3,3 1,1 1)", Kind.UNKNOWN),
    ],
)
def test_an_outline_is_kept_of_what_can_be_compared(literal: str, kind: Kind) -> None:
    assert outlines_of([f'"{literal}"^^<{terms.WKT_LITERAL}>'])[0].kind == kind
