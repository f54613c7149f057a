from functools import cache
from typing import Any

import jsonschema
import pyoxigraph as ox
import pytest

from graph_service.index.cql2_areas import REGION
from graph_service.index.functions import LISTED
from graph_service.index.properties import PROPERTIES
from graph_service.views.ontology.statements import Statements, statements_of
from graph_service.views.stac.functions import functions_document
from graph_service.views.stac.queryables import queryables, sortables
from ontology import terms
from ontology.loader import packaged

URL = "https://example.org/stac/queryables"


@cache
def statements() -> Statements:
    return statements_of(packaged().triples)


def listed(**more: Any) -> dict[str, Any]:
    return queryables(statements(), {}, url=URL, title="All", **more)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("proj:epsg", {"type": "integer", "x-term": terms.EPSG_CODE}),
        ("created", {"type": "string", "format": "date-time"}),
        ("total_area_ha", {"type": "number", "x-ogc-unit": "har", "x-ogc-unitLang": "UCUM"}),
        ("excess_km2", {"x-ogc-unit": "km2"}),
        ("landsat:cloud_cover_land", {"title": "Land cloud cover", "x-ogc-unit": "%"}),
        ("instruments", {"type": "array", "items": {"type": "string"}}),
        ("sar:polarizations", {"type": "array", "items": {"type": "string", "enum": ["VV", "VH", "HH", "HV"]}}),
    ],
)
def test_a_property_has_its_type_unit_and_codes(name: str, expected: dict[str, Any]) -> None:
    described = listed()["properties"][name]
    assert {key: described[key] for key in expected} == expected
    assert described["description"].endswith(".")


def test_every_property_is_listed_and_accepted_by_all_its_names() -> None:
    schema = listed()
    jsonschema.Draft202012Validator.check_schema(schema)
    accepts = jsonschema.Draft202012Validator(schema | {"properties": {name: {} for name in schema["properties"]}})
    assert [name for one in PROPERTIES for name in one.names if not accepts.is_valid({name: 5})] == []
    assert not accepts.is_valid({"cloudiness": 5})
    assert jsonschema.Draft202012Validator(listed(undeclared_as_null=True)).is_valid({"cloudiness": 5})


def test_titles_are_in_the_language_that_is_asked_for_where_a_site_adds_it() -> None:
    german = ox.Triple(
        ox.NamedNode(terms.CLOUD_COVER), ox.NamedNode(terms.LABEL), ox.Literal("Bewölkung", language="de")
    )
    found = statements_of((*packaged().triples, german))
    titles = [
        schema["properties"]["eo:cloud_cover"]["title"]
        for language in ("en", "de", "tlh")
        for schema in (
            queryables(found, {}, url=URL, title="All", language=language),
            sortables(found, url=URL, title="All", language=language),
        )
    ]
    assert titles == ["Cloud cover", "Cloud cover", "Bewölkung", "Bewölkung", "Cloud cover", "Cloud cover"]


def test_a_collection_lists_what_its_items_have() -> None:
    schema = listed(present={"id", "cloud_cover"})
    assert set(schema["properties"]) == {"id", "eo:cloud_cover", "geometry", "concept"}
    assert jsonschema.Draft202012Validator(schema).is_valid({"gsd": 5})


def test_whatever_has_an_order_can_be_sorted_by() -> None:
    schema = sortables(statements(), url=URL, title="All")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == {one.stac_name for one in PROPERTIES if one.kind != "list"}
    some = sortables(statements(), url=URL, title="Some", present={"datetime", "instruments"})
    assert set(some["properties"]) == {"datetime"}


def test_every_function_is_described() -> None:
    functions = {one["name"]: one for one in functions_document()["functions"]}
    assert set(functions) == {REGION, *LISTED}
    for name, one in functions.items():
        assert one["description"].endswith("."), name
        assert one["returns"] in (["number"], ["geometry"])
        assert [set(argument) for argument in one["arguments"]] == [{"title", "description", "type"}] * len(
            one["arguments"]
        )
    assert functions["month"] == {
        "name": "month",
        "description": "The month, 1 to 12, of a time, in UTC.",
        "arguments": [{"title": "a time", "description": "A time", "type": ["datetime"]}],
        "returns": ["number"],
    }
