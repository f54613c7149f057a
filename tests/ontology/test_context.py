"""The JSON-LD context names every term and gives each the type that the modules and the records give it."""

from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import orjson
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology import records, related, terms
from ontology.records import Record
from ontology.related import Related
from ontology.shapes import terms_written
from ontology.triples import record_from, statements
from tests.ontology import vocabulary as v
from tests.ontology.record_strategies import STORED_CLASSES, records_of

CONTEXT: dict[str, Any] = orjson.loads(files("ontology").joinpath("context.jsonld").read_bytes())["@context"]
SCENE = records.Scene(
    iri="https://w3id.org/orrery/id/item/c/s",
    identifier="s",
    collection="https://w3id.org/orrery/id/collection/c",
    kind=terms.OPTICAL_SCENE,
    title="Ägäis",
    footprint="POINT (1 2)",
    sensed_at=datetime(2026, 1, 2, tzinfo=UTC),
    cloud_cover=12.5,
    cloud_class=terms.PARTLY_CLOUDY,
    relative_orbit=50,
    assets=(records.Asset(key="B04", href="a/B04.jp2", roles=("data",)),),
)
DOCUMENT = {
    "id": SCENE.iri,
    "type": ["Scene", "OpticalScene"],
    "productIdentifier": "s",
    "inCollection": SCENE.collection,
    "title": "Ägäis",
    "hasDefaultGeometry": SCENE.iri + "#footprint",
    "hasGeometry": {"id": SCENE.iri + "#footprint", "type": "Geometry", "asWKT": "POINT (1 2)"},
    "sensedAt": "2026-01-02T00:00:00Z",
    "cloudCover": "12.5",  # as text: JSON-LD writes fractional numbers as doubles
    "hasCloudClass": "code:CloudClass-partlyCloudy",
    "relativeOrbit": 50,
    "hasAsset": [
        {
            "id": SCENE.iri + "#asset-B04",
            "type": "Asset",
            "assetKey": "B04",
            "href": "a/B04.jp2",
            "assetRole": ["data"],
        }
    ],
}
FLOOD = related.HazardEvent(
    iri="https://w3id.org/orrery/id/event/emsr/EMSR692",
    identifier="EMSR692",
    kind=terms.FLOOD_EVENT,
    title="Thessaly",
    hazard_type=terms.HAZARD_FLOOD,
    started_at=datetime(2023, 9, 5, tzinfo=UTC),
    footprint="POINT (22 39)",
    caused_by=("https://w3id.org/orrery/id/event/dwd/daniel",),
)
FLOOD_DOCUMENT = {
    "id": FLOOD.iri,
    "type": ["HazardEvent", "FloodEvent"],
    "externalIdentifier": "EMSR692",
    "title": "Thessaly",
    "hasHazardType": "code:HazardType-floodHazard",
    "eventStart": "2023-09-05T00:00:00Z",
    "hasDefaultGeometry": FLOOD.iri + "#footprint",
    "hasGeometry": {"id": FLOOD.iri + "#footprint", "type": "Geometry", "asWKT": "POINT (22 39)"},
    "causedBy": list(FLOOD.caused_by),
}
DOCUMENTS = pytest.mark.parametrize(("record", "document"), [(SCENE, DOCUMENT), (FLOOD, FLOOD_DOCUMENT)])


def expanded(name: str) -> str:
    """The IRI that a term of the context stands for."""
    entry = CONTEXT[name]
    compact = entry if isinstance(entry, str) else entry["@id"]
    prefix, _, local = compact.partition(":")
    return str(CONTEXT[prefix]) + local


def term_names() -> list[str]:
    return [name for name, entry in CONTEXT.items() if isinstance(entry, dict) or name[0].isupper()]


def test_every_term_that_a_record_writes_is_in_the_context() -> None:
    assert terms_written() <= {expanded(name) for name in term_names()}


def test_every_class_and_property_is_in_the_context_by_its_local_name() -> None:
    assert {expanded(name) for name in term_names()} >= {*v.classes(), *v.properties()}
    assert all(expanded(name).endswith(("#" + name, "/" + name)) for name in term_names())


@pytest.mark.parametrize("iri", v.properties())
def test_a_property_has_the_type_of_its_range(iri: str) -> None:
    entry = CONTEXT[iri.removeprefix(terms.ORR)]
    (range_,) = v.values(iri, v.RANGE)
    if iri in v.instances(v.OBJECT_PROPERTY):
        assert entry["@type"] == "@id"
    elif range_ == terms.STRING:
        assert "@type" not in entry
    else:
        assert entry["@type"] == "xsd:" + range_.removeprefix(terms.XSD)


def test_prefixes_are_those_of_the_code() -> None:
    shared = terms.PREFIXES.keys() & CONTEXT.keys()
    assert {prefix: CONTEXT[prefix] for prefix in shared} == {prefix: terms.PREFIXES[prefix] for prefix in shared}


@DOCUMENTS
def test_a_document_in_the_context_has_the_triples_of_the_record(
    record: records.Scene | related.HazardEvent, document: dict[str, Any]
) -> None:
    text = orjson.dumps({"@context": CONTEXT, **document})
    read = {(str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(text, format=ox.RdfFormat.JSON_LD)}
    written = "".join(f"{s} {p} {o} .\n" for s, p, o in statements(record))
    expected = {
        (str(q.subject), str(q.predicate), str(q.object)) for q in ox.parse(written, format=ox.RdfFormat.N_TRIPLES)
    }
    assert read == expected


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib 7 uses its own
@DOCUMENTS
def test_rdflib_reads_the_context_as_pyoxigraph_does(
    record: records.Scene | related.HazardEvent, document: dict[str, Any]
) -> None:
    graph = rdflib.Graph().parse(data=orjson.dumps({"@context": CONTEXT, **document}), format="json-ld")
    assert len(graph) == len(set(statements(record)))


def in_the_context(record: Record | Related) -> bytes:
    """A record as a JSON-LD document that writes every term by its name in the context, and every value as text."""
    names = {expanded(name): name for name in term_names()}
    nodes: dict[str, dict[str, list[str]]] = {}
    for line in statements(record):
        (quad,) = ox.parse("{} {} {} .".format(*line), format=ox.RdfFormat.N_TRIPLES)
        node = nodes.setdefault(quad.subject.value, {})
        if quad.predicate.value == terms.TYPE:
            node.setdefault("type", []).append(names[quad.object.value])
        else:
            node.setdefault(names[quad.predicate.value], []).append(quad.object.value)
    return orjson.dumps({"@context": CONTEXT, "@graph": [{"id": iri, **node} for iri, node in nodes.items()]})


@pytest.mark.parametrize("record_class", STORED_CLASSES)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_record_is_read_back_from_its_document_in_the_context(record_class: type, data: st.DataObject) -> None:
    record = data.draw(records_of(record_class, complete=True))
    assert record_from(record.iri, ox.parse(in_the_context(record), format=ox.RdfFormat.JSON_LD)) == record
