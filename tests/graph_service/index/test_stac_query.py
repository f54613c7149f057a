from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import RequestInvalid
from graph_service.index.cql2_parts import Reading
from graph_service.index.sqlite import SQLiteIndex
from graph_service.index.stac_query import query_filter
from ontology import terms
from ontology.identifiers import instrument_iri, platform_iri
from tests.graph_service.api.stac_service import meaning
from tests.graph_service.builders import SENSED, scene_of
from tests.graph_service.index.rows import ids, index_of

READING = Reading(meaning())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteIndex]:
    folder: Path = tmp_path_factory.mktemp("query")
    opened = index_of(
        folder,
        [
            scene_of("a", cloud_cover=0.0, platform=platform_iri("sentinel-2a"), title="100% clear_sky"),
            scene_of("b", cloud_cover=50.0, platform=platform_iri("sentinel-2b"), title="100x clearXsky", epsg=32632),
            scene_of("c", cloud_cover=90.0, platform=platform_iri("landsat-8"), kind=terms.OPTICAL_SCENE),
            scene_of("d", instruments=(instrument_iri("s", "msi"), instrument_iri("s", "olci")), title="back\\slash"),
        ],
    )
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"eo:cloud_cover": {}}, ["a", "b", "c", "d"]),
        ({"eo:cloud_cover": {"eq": 50}}, ["b"]),
        ({"eo:cloud_cover": {"neq": 50}}, ["a", "c"]),
        ({"eo:cloud_cover": {"eq": "50"}}, ["b"]),
        ({"eo:cloud_cover": {"gte": "0.0", "lt": "9e1"}}, ["a", "b"]),
        ({"eo:cloud_cover": {"lt": 50}}, ["a"]),
        ({"eo:cloud_cover": {"lte": 50}}, ["a", "b"]),
        ({"eo:cloud_cover": {"gt": 50}}, ["c"]),
        ({"eo:cloud_cover": {"gte": 0, "lt": 90}}, ["a", "b"]),
        ({"properties.eo:cloud_cover": {"gte": 50}, "platform": {"eq": "sentinel-2b"}}, ["b"]),
        ({"eo:cloud_cover": {"in": [0, 90, 7]}}, ["a", "c"]),
        ({"eo:cloud_cover": {"eq": None}}, ["d"]),
        ({"eo:cloud_cover": {"neq": None}}, ["a", "b", "c"]),
        ({"platform": {"eq": "Sentinel-2A"}}, ["a"]),
        ({"platform": {"in": ["landsat-8", "sentinel-2a"]}}, ["a", "c"]),
        ({"platform": {"startsWith": "sentinel"}}, ["a", "b"]),
        ({"platform": {"endsWith": "8"}}, ["c"]),
        ({"title": {"startsWith": "100%"}}, ["a"]),
        ({"title": {"contains": "clear_"}}, ["a"]),
        ({"title": {"contains": "k\\s"}}, ["d"]),
        ({"title": {"endsWith": "sky"}}, ["a", "b"]),
        ({"instruments": {"contains": "msi"}}, ["d"]),
        ({"instruments": {"contains": ["msi", "olci"]}}, ["d"]),
        ({"instruments": {"contains": ["msi", "slstr"]}}, []),
        ({"instruments": {"in": ["slstr", "olci"]}}, ["d"]),
        ({"concept": {"eq": "orr:OpticalScene"}}, ["c"]),
        ({"datetime": {"lte": SENSED.isoformat()}, "id": {"gt": "b"}}, ["c", "d"]),
        ({"proj:epsg": {"eq": 32632}}, ["b"]),
    ],
)
def test_query_finds_what_its_operators_say(index: SQLiteIndex, query: dict[str, Any], found: list[str]) -> None:
    assert ids(index, query_filter(query, READING)) == found


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ([], "query: is no object of properties"),
        ({"eo:cloud_cover": 5}, "query: is no object of properties"),
        ({"cloudcover": {"eq": 5}, "snowcover": {"eq": 5}}, "query: cloudcover, snowcover: no property .* cloud_cover"),
        ({"eo:cloud_cover": {"eq": "x"}}, r"query.eo:cloud_cover.eq.args\[1\]: 'x' is not a number"),
        ({"eo:cloud_cover": {"like": "x"}}, "query.eo:cloud_cover.like: is no operator; there are eq, neq"),
        ({"eo:cloud_cover": {"in": 5}}, "5 is not a list"),
        ({"eo:cloud_cover": {"startsWith": "5"}}, "is no text, which LIKE is for"),
        ({"title": {"startsWith": 5}}, "query.title.startsWith: is not a text"),
        ({"\ud800": {"eq": 5}}, "a name is not a text"),
    ],
)
def test_wrong_query_is_refused_with_its_place(query: Any, message: str) -> None:
    with pytest.raises(RequestInvalid, match=message):
        query_filter(query, READING)


def test_what_is_not_declared_may_be_null_instead(index: SQLiteIndex) -> None:
    lenient = Reading(meaning(), undeclared_as_null=True)
    assert ids(index, query_filter({"cloudiness": {"lt": 5}}, lenient)) == []
    assert ids(index, query_filter({"cloudiness": {"eq": None}, "title": {"contains": "x"}}, lenient)) == ["b"]
