import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.store.evaluation import results_of
from ontology import terms
from ontology.errors import CatalogueError
from ontology.identifiers import item_iri
from ontology.loader import published_iris
from queries.library import ParameterInvalid, Query, QueryUnknown, load, names, parse
from tests.queries.tables import table_of

FILES = Path(__file__).resolve().parents[2] / "queries"
PRODUCT = item_iri("tests", "map")
EXAMPLES: dict[str, dict[str, str]] = {
    "cloud_free_farmland": {"area": "POINT (11.5 44.5)", "first": "2025-06-01", "last": "2025-06-30"},
    "in_situ_near_altimetry": {"scene": PRODUCT},
    "largest_anomalies": {"year": "2023"},
    "lineage": {"product": PRODUCT},
    "made_by_model": {"name": "water net", "version": "1.0"},
    "metadata_of_kind": {"product": PRODUCT, "kind": "code:MetadataKind-technical"},
    "monthly_water": {"body": "https://w3id.org/orrery/id/water-body/ticino"},
    "parcels_in_flood": {"flood": PRODUCT},
    "radar_optical_pairs": {"tile": "https://w3id.org/orrery/id/tile/MGRS-32TNR"},
    "scenes_in_area": {"area": "POLYGON ((10 44, 11.5 44, 11.5 45, 10 45, 10 44))"},
    "scenes_in_unit": {"unit": "https://w3id.org/orrery/id/unit/IT"},
} | {
    name: {}
    for name in (
        "crop_labels", "dry_parcels", "fair_audit", "few_replicas", "flood_scenes_of_constellation",
        "flooded_farmland_by_unit", "floods", "floods_matching_events", "methane_plumes", "products_by_platform",
        "repeated_sources", "reports_of_floods",
    )
}  # fmt: skip
"""Values for the inputs of each kept query that have no default."""

EVERY_QUERY = pytest.mark.parametrize("name", names())
_VARIABLE = re.compile(r"\?(\w+)")
_PREFIXED = re.compile(r"(?<![<\w])([a-z]+):([A-Za-z][\w-]*)")
_LONGEST_LINE = 120
_RESERVED = {"f", "expand"}
"""What a route takes beside the inputs of a query."""


def variables(query: Query) -> set[str]:
    return set(_VARIABLE.findall(query.text))


def test_every_file_is_a_query_with_an_example() -> None:
    assert names() == sorted(path.stem for path in FILES.glob("*.rq")) == sorted(EXAMPLES)


@EVERY_QUERY
def test_header_is_read_line_by_line(name: str) -> None:
    query = load(name)
    header = [line for line in (FILES / f"{name}.rq").read_text().splitlines() if line.startswith("#")]
    assert len(header) == 1 + len(query.needs) + len(query.inputs) + len(query.outputs)
    assert query.title
    assert query.title.endswith(".")
    assert all(one.description for one in query.inputs)
    assert all(one.description for one in query.outputs)


@EVERY_QUERY
def test_header_says_what_must_be_in_the_catalogue(name: str) -> None:
    assert load(name).needs
    assert all(load(name).needs)


@EVERY_QUERY
def test_lines_fit_beside_each_other(name: str) -> None:
    assert [line for line in (FILES / f"{name}.rq").read_text().splitlines() if len(line) > _LONGEST_LINE] == []


@EVERY_QUERY
def test_inputs_occur_in_the_body_and_are_no_outputs(name: str) -> None:
    query = load(name)
    inputs = {one.name for one in query.inputs}
    assert inputs <= variables(query)
    assert not inputs & {one.name for one in query.outputs}
    assert not inputs & _RESERVED
    assert len(inputs) == len(query.inputs)


@EVERY_QUERY
def test_outputs_are_the_projection_in_its_order(name: str) -> None:
    query = load(name)
    solutions: Any = results_of(ox.Store(), query.bound(EXAMPLES[name]), ())
    assert [variable.value for variable in solutions.variables] == [one.name for one in query.outputs]


@EVERY_QUERY
def test_types_of_the_header_are_known(name: str) -> None:
    query = load(name)
    for datatype in {one.type for one in query.inputs} | {one.type for one in query.outputs}:
        prefix, _, local = datatype.partition(":")
        assert datatype in {"iri", "lang"} or (prefix in terms.PREFIXES and local), datatype


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


def test_an_area_may_name_its_crs() -> None:
    crs = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> "
    plain, named = (table_of("scenes_in_area", {"area": f"{prefix}POINT (11.5 44.5)"}) for prefix in ("", crs))
    assert plain == named != []


def term(datatype: str, value: str) -> str:
    query = parse("one", f"# One.\n# needs: it\n# in: ?a  {datatype}  it\nSELECT ?x {{ BIND(?a AS ?x) }}")
    return query.bound({"a": value}).removeprefix("SELECT ?x { BIND(").removesuffix(" AS ?x) }")


@pytest.mark.parametrize(
    ("datatype", "value", "found"),
    [
        ("iri", "code:GasSpecies-CH4", f"<{terms.CODE}GasSpecies-CH4>"),
        ("iri", "orr:Scene", f"<{terms.SCENE}>"),
        ("iri", "urn:x:y", "<urn:x:y>"),
        ("iri", "https://e/x", "<https://e/x>"),
        ("lang", "de", '"de"'),
        ("lang", "pt-BR", '"pt-br"'),
        ("xsd:boolean", "true", f'"true"^^<{terms.XSD}boolean>'),
        ("xsd:boolean", "0", f'"false"^^<{terms.XSD}boolean>'),
        ("xsd:date", "2025-10-01", f'"2025-10-01Z"^^<{terms.XSD}date>'),
        ("xsd:dayTimeDuration", "P3D", f'"P3D"^^<{terms.XSD}dayTimeDuration>'),
        ("xsd:dayTimeDuration", "P1DT2H30M0.5S", f'"P1DT2H30M0.5S"^^<{terms.XSD}dayTimeDuration>'),
    ],
)
def test_every_type_of_input_becomes_its_term(datatype: str, value: str, found: str) -> None:
    assert term(datatype, value) == found


@pytest.mark.parametrize(
    ("datatype", "values", "hint"),
    [
        ("iri", ("CH4", "code", "nowhere here"), "as a prefixed name"),
        ("lang", ("", "german!", "d", "de_DE"), "language tag"),
        ("xsd:boolean", ("", "yes", "True", "2"), "true or false"),
        ("xsd:date", ("", "yesterday", "2025-02-30", "2025-10-01T00:00:00Z", "2025-10-01Z"), "a day as"),
        ("xsd:dayTimeDuration", ("", "3", "P", "PT", "P3DT", "-P3D", "P1M", "P1Y", "3 days"), "P3D for three days"),
    ],
)
def test_a_value_of_no_such_type_is_refused_with_a_hint(datatype: str, values: tuple[str, ...], hint: str) -> None:
    for value in values:
        with pytest.raises(ParameterInvalid, match=f"^one: a: .*{hint}") as refusal:
            term(datatype, value)
        assert repr(value) in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "values", "missing"),
    [("made_by_model", {"name": "net"}, "version"), ("metadata_of_kind", {"product": PRODUCT}, "kind")],
)
def test_every_input_without_a_default_is_asked_for(name: str, values: dict[str, str], missing: str) -> None:
    with pytest.raises(ParameterInvalid, match=f"{name}: {missing}: is missing"):
        load(name).bound(values)


def test_an_unknown_query_is_refused_with_those_there_are() -> None:
    for name in ("never", "", "../library", "floods.rq", "FLOODS"):
        with pytest.raises(QueryUnknown, match=r"there are cloud_free_farmland, crop_labels, .*floods"):
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
