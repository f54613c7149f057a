"""The properties that a filter can name, described by the ontology, as a JSON Schema."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from graph_service.index.cql2 import GEOMETRY
from graph_service.index.properties import CONCEPT, PROPERTIES, Property
from graph_service.views.ontology.statements import Statements
from ontology import terms
from ontology.identifiers import notation
from ontology.prefixed import prefixed

SCHEMA = "application/schema+json"
REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

_HAS_UNIT = "http://qudt.org/schema/qudt/hasUnit"
_UNITS = {"PERCENT": "%", "DEG": "deg", "M": "m"}
"""Symbols of UCUM by names of QUDT."""
_TYPES: Mapping[str, Mapping[str, str]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "time": {"type": "string", "format": "date-time"},
}
_GEOMETRY = {
    "title": "Footprint",
    "description": "The area on the ground, in longitude and latitude (CRS84); for S_INTERSECTS.",
    "$ref": "https://geojson.org/schema/Geometry.json",
}
_CONCEPT = {
    "title": "Concept",
    "description": "What an item is or names, stated or inferred: a class such as orr:FloodScene, a code such as "
    "code:AnomalyType-flood, a satellite or constellation such as sentinel-2, or anything else with an IRI. Written as "
    "IRI, prefixed name, local name, notation or label in any language; finds what is narrower as well. "
    "For =, <> and IN.",
    "type": "string",
    "examples": ["orr:FloodScene", "flood", "sentinel-2"],
}


def queryables(statements: Statements, in_use: Mapping[str, Sequence[str]], *, url: str, title: str) -> dict[str, Any]:
    """The schema of the properties that a filter can name.

    Args:
        statements: of the ontology.
        in_use: notations that products have, by name of a property with codes; a producer may have codes of its own.
        url: where it is served.
        title: of the whole.

    Source: OGC API - Features, part 3, queryables; JSON Schema 2020-12; OGC API - Features, part 5, for units.
    """
    own = {one.stac_name: _described(one, statements, in_use.get(one.name, ())) for one in PROPERTIES}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "type": "object",
        "title": title,
        "description": "Properties that a filter can name.",
        "properties": own | {GEOMETRY: _GEOMETRY, CONCEPT: _CONCEPT},
        "patternProperties": {_other_names(): {"description": "A short name, or the term of the ontology."}},
        "additionalProperties": False,
    }


def _described(one: Property, statements: Statements, in_use: Sequence[str]) -> dict[str, Any]:
    term = ox.NamedNode(one.term)
    label = statements.text(term, terms.LABEL).removeprefix("has ")
    described: dict[str, Any] = {
        "title": label[:1].upper() + label[1:],
        "description": statements.text(term, terms.DEFINITION),
        "x-term": one.term,
        **_TYPES[one.kind],
    }
    if any(
        getattr(kind, "value", "") == terms.XSD + "integer" for kind in statements.objects(term, terms.RDFS + "range")
    ):
        described["type"] = "integer"
    for unit in statements.objects(term, _HAS_UNIT):
        described |= {
            "x-ogc-unit": _UNITS[str(getattr(unit, "value", "")).rpartition("/")[2]],
            "x-ogc-unitLang": "UCUM",
        }
    if one.scheme is not None:
        codes = statements.subjects(terms.IN_SCHEME, ox.NamedNode(terms.CODE + one.scheme))
        notations = (notation(code.value) for code in codes if isinstance(code, ox.NamedNode))
        described["enum"] = list(dict.fromkeys((*notations, *in_use)))
    return described


def _other_names() -> str:
    """Names of the same properties that are no keys of ``properties``, as a regular expression."""
    stac = {one.stac_name for one in PROPERTIES}
    names = {one.name for one in PROPERTIES} | {prefixed(one.term) for one in PROPERTIES}
    return f"^({'|'.join(map(re.escape, sorted(names - stac)))})$"
