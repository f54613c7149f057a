import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ontology import terms
from ontology.errors import CatalogueError
from ontology.identifiers import item_iri, model_iri, platform_iri, rule_iri
from ontology.loader import ontology_triples, published_iris
from ontology.records import Model, ProcessingRun, Record, WaterAnalysis, WaterAnomaly
from ontology.triples import statements
from queries.library import ParameterInvalid, Query, QueryUnknown, load, names, parse
from tests.graph_service.builders import COLLECTION, SENSED, scene_of

FILES = Path(__file__).resolve().parents[2] / "queries"
EXAMPLES = {
    "floods": {},
    "lineage": {"product": item_iri(COLLECTION, "map")},
    "made_by_model": {"name": "water net", "version": "1.0"},
    "products_by_platform": {},
    "scenes_in_area": {"area": "POLYGON ((10 44, 11.5 44, 11.5 45, 10 45, 10 44))"},
}
"""Values for the inputs of each kept query that have no default."""

EVERY_QUERY = pytest.mark.parametrize("name", names())
_VARIABLE = re.compile(r"\?(\w+)")
_PREFIXED = re.compile(r"(?<![<\w])([a-z]+):([A-Za-z][\w-]*)")


def variables(query: Query) -> set[str]:
    return set(_VARIABLE.findall(query.text))


def test_every_file_is_a_query_with_an_example() -> None:
    assert names() == sorted(path.stem for path in FILES.glob("*.rq")) == sorted(EXAMPLES)


@EVERY_QUERY
def test_header_is_read_line_by_line(name: str) -> None:
    query = load(name)
    header = [line for line in (FILES / f"{name}.rq").read_text().splitlines() if line.startswith("#")]
    assert len(header) == 1 + len(query.inputs) + len(query.outputs)
    assert query.title
    assert query.title.endswith(".")
    assert all(one.description for one in query.inputs)
    assert all(one.description for one in query.outputs)


@EVERY_QUERY
def test_inputs_occur_in_the_body_and_are_no_outputs(name: str) -> None:
    query = load(name)
    inputs = {one.name for one in query.inputs}
    assert inputs <= variables(query)
    assert not inputs & {one.name for one in query.outputs}
    assert len(inputs) == len(query.inputs)


@EVERY_QUERY
def test_outputs_are_the_projection_in_its_order(name: str) -> None:
    query = load(name)
    solutions: Any = ox.Store().query(query.bound(EXAMPLES[name]))
    assert [variable.value for variable in solutions.variables] == [one.name for one in query.outputs]


@EVERY_QUERY
def test_types_of_the_header_are_known(name: str) -> None:
    query = load(name)
    for datatype in {one.type for one in query.inputs} | {one.type for one in query.outputs}:
        prefix, _, local = datatype.partition(":")
        assert datatype == "iri" or (prefix in terms.PREFIXES and local), datatype


@EVERY_QUERY
def test_every_term_is_one_that_is_declared(name: str) -> None:
    query = load(name)
    declared = dict(re.findall(r"PREFIX (\w+): <([^>]*)>", query.text))
    assert declared.items() <= terms.PREFIXES.items()
    body = re.sub(r"PREFIX .*|<[^>]*>|\"[^\"]*\"", "", query.text)
    used = {(prefix, local) for prefix, local in _PREFIXED.findall(body)}
    assert {prefix for prefix, _ in used} == set(declared)
    named = {value for value in vars(terms).values() if isinstance(value, str)}
    for prefix, local in used:
        if prefix in {"orr", "code"}:
            assert declared[prefix] + local in named | published_iris(), f"{prefix}:{local}"


@EVERY_QUERY
def test_defaults_are_of_their_type(name: str) -> None:
    query = load(name)
    required = {one.name for one in query.inputs if one.default is None}
    assert required == set(EXAMPLES[name])
    left = set(_VARIABLE.findall(query.bound(EXAMPLES[name])))
    assert not left & {one.name for one in query.inputs}


# What they find


DAY = timedelta(days=1)
NET = Model(iri=model_iri("water net", "1.0"), name="water net", version="1.0")


def analysis(identifier: str, anomaly_type: str, score: float, day: int, **more: Any) -> WaterAnalysis:
    base = scene_of(identifier, sensed_at=SENSED + day * DAY)
    anomaly = WaterAnomaly(anomaly_type=anomaly_type, score=score, rule=rule_iri("r", "1"))
    values = {name: getattr(base, name) for name in type(base).__dataclass_fields__}
    return WaterAnalysis(**values | {"kind": terms.WATER_ANALYSIS, "anomaly": anomaly} | more)


def run_of(model: Model) -> ProcessingRun:
    return ProcessingRun(kind=terms.INFERENCE_ACTIVITY, model=model.iri)


RECORDS: list[Record] = [
    NET,
    Model(iri=model_iri("water net", "2.0"), name="water net", version="2.0"),
    scene_of("raw", platform=platform_iri("sentinel-2a")),
    scene_of(
        "level 2",
        platform=platform_iri("sentinel-2a"),
        derived_from=(item_iri(COLLECTION, "raw"),),
        sensed_at=SENSED + DAY,
        footprint=shapely.to_wkt(shapely.box(50, 50, 51, 51)),
    ),
    scene_of("map", derived_from=(item_iri(COLLECTION, "level 2"),), sensed_at=SENSED + 2 * DAY, run=run_of(NET)),
    scene_of("other", platform=platform_iri("sentinel-2b"), footprint="POINT (10 44)"),
    analysis("normal", terms.ANOMALY_NORMAL, 300.0, 3),
    analysis("flood", terms.ANOMALY_FLOOD, 120.0, 4, excess_km2=30.5),
    analysis("both", terms.ANOMALY_FLOOD_AND_DROUGHT, 150.0, 5, run=run_of(NET)),
    analysis("drought", terms.ANOMALY_DROUGHT, 50.0, 6),
]


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    found.extend(ox.Quad(t.subject, t.predicate, t.object) for t in ontology_triples())
    lines = [" ".join(statement) + " .\n" for record in RECORDS for statement in statements(record)]
    found.load("".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    return found


def rows(store: ox.Store, name: str, values: Mapping[str, str]) -> list[tuple[str | None, ...]]:
    """Values of a kept query; of an IRI the last segment, decoded as far as these need."""
    query = load(name)
    solutions: Any = store.query(query.bound(values))
    return [
        tuple(None if row[o.name] is None else _short(row[o.name].value) for o in query.outputs) for row in solutions
    ]


def _short(value: str) -> str:
    return value.rsplit("/", 1)[-1].replace("%20", " ")


def test_floods_are_those_and_their_narrower_kinds_largest_first(store: ox.Store) -> None:
    found = rows(store, "floods", {})
    assert [(row[0], row[2], row[3]) for row in found] == [("both", "150", None), ("flood", "120", "30.5")]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"since": "2024-05-05T10:20:30.5Z"}, ["both", "flood"]),
        ({"since": "2024-05-05T10:20:30.6Z"}, ["both"]),
        ({"until": "2024-05-05T12:20:30.5+02:00"}, ["flood"]),
        ({"since": "2024-05-05T12:20+02:00", "until": "2024-05-05T10:21Z"}, ["flood"]),
        ({"since": "20240506T000000Z"}, ["both"]),
        ({"until": "2024-05-01T00:00:00Z"}, []),
    ],
)
def test_floods_are_sensed_within_the_bounds(store: ox.Store, values: dict[str, str], found: list[str]) -> None:
    assert [row[0] for row in rows(store, "floods", values)] == found


def test_lineage_is_of_any_number_of_steps(store: ox.Store) -> None:
    assert rows(store, "lineage", EXAMPLES["lineage"]) == [("level 2",), ("raw",)]
    assert rows(store, "lineage", {"product": item_iri(COLLECTION, "raw")}) == []


def test_what_a_model_made_is_of_that_version_newest_first(store: ox.Store) -> None:
    assert [row[0] for row in rows(store, "made_by_model", EXAMPLES["made_by_model"])] == ["both", "map"]
    assert rows(store, "made_by_model", {"name": "water net", "version": "2.0"}) == []
    assert rows(store, "made_by_model", {"name": "water", "version": "1.0"}) == []


def test_products_are_counted_by_platform(store: ox.Store) -> None:
    assert rows(store, "products_by_platform", {}) == [
        ("sentinel-2a", "2", "2024-05-01T10:20:30.5Z", "2024-05-02T10:20:30.5Z"),
        ("sentinel-2b", "1", "2024-05-01T10:20:30.5Z", "2024-05-01T10:20:30.5Z"),
    ]


def test_scenes_in_an_area_meet_it_newest_first(store: ox.Store) -> None:
    found = [row[0] for row in rows(store, "scenes_in_area", EXAMPLES["scenes_in_area"])]
    assert found == ["drought", "both", "flood", "normal", "map", "other", "raw"]
    far = {"area": "POINT (50.5 50.5)", "since": "2024-05-02T00:00:00Z"}
    assert [row[0] for row in rows(store, "scenes_in_area", far)] == ["level 2"]
    assert rows(store, "scenes_in_area", {"area": "POINT (0 0)"}) == []


# Binding


ONE_OF_EACH = parse(
    "each",
    "# A question.\n# in: ?a  iri  an IRI\n# in: ?b  xsd:string  text\n# in: ?c  xsd:integer = 7  a count\n"
    "# in: ?d  xsd:decimal = 1.5  a number\n# out: ?x  iri  a thing\n"
    "SELECT ?x { VALUES (?p ?q ?r ?s) { (?a ?b ?c ?d) } }",
)
GOOD = {"a": "urn:a", "b": "text"}


def bound(**values: str) -> str:
    text = ONE_OF_EACH.bound(GOOD | values)
    return text[text.index("{ (") + 3 : text.rindex(") }")]


def test_a_header_gives_types_defaults_and_descriptions() -> None:
    assert ONE_OF_EACH.title == "A question."
    assert [(one.name, one.type, one.default) for one in ONE_OF_EACH.inputs] == [
        ("a", "iri", None), ("b", "xsd:string", None), ("c", "xsd:integer", "7"), ("d", "xsd:decimal", "1.5"),
    ]  # fmt: skip
    assert [(one.name, one.type, one.description) for one in ONE_OF_EACH.outputs] == [("x", "iri", "a thing")]
    assert not ONE_OF_EACH.text.startswith("#")


def test_values_become_terms() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert bound() == f'<urn:a> "text" "7"^^<{xsd}integer> "1.5"^^<{xsd}decimal>'
    assert bound(c="-03", d="1e2") == f'<urn:a> "text" "-3"^^<{xsd}integer> "100"^^<{xsd}decimal>'


def test_a_missing_parameter_is_refused_with_what_is_taken() -> None:
    with pytest.raises(ParameterInvalid, match=r"each: b: is missing; it takes a \(iri\), b \(xsd:string\)"):
        ONE_OF_EACH.bound({"a": "urn:a"})


@pytest.mark.parametrize("name", ["e", "A", "?a", "x", ""])
def test_an_unknown_parameter_is_refused_with_what_is_taken(name: str) -> None:
    with pytest.raises(ParameterInvalid, match=r"no such parameter; it takes a \(iri\)"):
        ONE_OF_EACH.bound(GOOD | {name: "1"})


def test_a_query_without_parameters_says_so() -> None:
    with pytest.raises(ParameterInvalid, match="it takes none"):
        load("products_by_platform").bound({"a": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("a", value) for value in ("", "a b", "no-scheme", "urn:a> <urn:b", "<urn:a>", 'urn:"', "urn:a\n")),
        *(("c", value) for value in ("", "1.5", "seven", "nan", "1e3", "7 8")),
        *(("d", value) for value in ("", "many", "nan", "inf", "-Infinity", "1,5")),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused(name: str, value: str) -> None:
    with pytest.raises(ParameterInvalid, match=f"each: {name}: ") as refusal:
        ONE_OF_EACH.bound(GOOD | {name: value})
    assert isinstance(refusal.value, CatalogueError)
    assert repr(value) in str(refusal.value)


@pytest.mark.parametrize("value", ["2024-05-01", "2024-05-01T00:00:00", "yesterday", "", "2024-13-01T00:00:00Z"])
def test_a_time_that_is_none_or_has_no_zone_is_refused(value: str) -> None:
    with pytest.raises(ParameterInvalid, match="give its zone"):
        load("floods").bound({"since": value})


@pytest.mark.parametrize("value", ["", "POINT", "POINT (1)", "POLYGON ((0 0, 1 1))", "12 44 13 45", "{}"])
def test_an_area_that_is_no_wkt_is_refused(value: str) -> None:
    with pytest.raises(ParameterInvalid, match="scenes_in_area: area: "):
        load("scenes_in_area").bound({"area": value})


def test_an_area_may_name_its_crs(store: ox.Store) -> None:
    crs = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> "
    plain, named = (rows(store, "scenes_in_area", {"area": f"{prefix}POINT (11.5 44.5)"}) for prefix in ("", crs))
    assert plain == named != []


def test_an_unknown_query_is_refused_with_those_there_are() -> None:
    for name in ("never", "", "../library", "floods.rq", "FLOODS"):
        with pytest.raises(QueryUnknown, match=r"there are floods, lineage"):
            load(name)


ECHO = parse(
    "echo", "# Says it again.\n# in: ?b  xsd:string  text\n# in: ?y  xsd:string = y  text\nSELECT (?b AS ?x) {}"
)


def said(text: str) -> str:
    solutions: Any = ox.Store().query(ECHO.bound({"b": text}))
    return str(next(iter(solutions))["x"].value)


@pytest.mark.parametrize(
    "value",
    [
        *("?b", "?y", "?x", "$b", "\\?y", '"', "'", '"""', "\\", '\\"', r"\1\g<0>"),
        *("\n", '" . ?s ?p ?o . "', "}", "# no", "é☃😀", ""),
    ],
)
def test_a_value_that_looks_like_a_query_stays_a_value(value: str) -> None:
    assert said(value) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_as_it_is(value: str) -> None:
    assert said(value) == value
