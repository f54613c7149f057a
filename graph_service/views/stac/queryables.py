"""The properties that a filter can name or a page be sorted by, described by the ontology, as JSON Schemas."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from graph_service.index.properties import CONCEPT, GEOMETRY, PROPERTIES
from graph_service.index.property_values import Property
from graph_service.views.ontology.statements import Statements
from ontology import terms
from ontology.identifiers import notation
from ontology.prefixed import prefixed

SCHEMA = "application/schema+json"
REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SORTABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/sortables"

_HAS_UNIT = "http://qudt.org/schema/qudt/hasUnit"
_UNITS = {"PERCENT": "%", "DEG": "deg", "M": "m", "KiloM2": "km2", "HA": "har", "UNITLESS": "1"}
"""Symbols of UCUM by names of QUDT."""
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "time": {"type": "string", "format": "date-time"},
    "list": {"type": "array", "items": {"type": "string"}},
}
_GEOMETRY = {
    "title": "Footprint",
    "description": "The area on the ground, in longitude and latitude (CRS84); for S_INTERSECTS, S_WITHIN and the "
    "other spatial functions, beside a geometry in WKT or GeoJSON, or region('NUTS', 'ITH5').",
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


@dataclass(frozen=True, slots=True)
class _Words:
    """What an ontology says, in one language where it can."""

    statements: Statements
    language: str

    def text(self, term: ox.NamedNode, predicate: str) -> str:
        """The text of a property in the language, in English, or in any; empty where there is none."""
        texts = (one for one in self.statements.objects(term, predicate) if isinstance(one, ox.Literal))
        found = {one.language: one.value for one in texts}
        return found.get(self.language) or self.statements.text(term, predicate)


def queryables(
    statements: Statements,
    in_use: Mapping[str, Sequence[str]],
    *,
    url: str,
    title: str,
    present: Collection[str] | None = None,
    undeclared_as_null: bool = False,
    language: str = "en",
) -> dict[str, Any]:
    """The schema of the properties that a filter can name.

    Args:
        statements: of the ontology.
        in_use: notations that products have, by name of a property with codes; a producer may have codes of its own.
        url: where it is served.
        title: of the whole.
        present: short names of the properties that any product has, which alone are listed; None for all. Others can
            be named all the same, and are null.
        undeclared_as_null: whether a filter may name what is not declared.
        language: of titles and descriptions, where the ontology has them in it; English elsewhere.

    Source: OGC API - Features, part 3, queryables; JSON Schema 2020-12; OGC API - Features, part 5, for units.
    """
    return {
        **_schema(url, title, "Properties that a filter can name."),
        "properties": _described_all(PROPERTIES, _Words(statements, language), in_use, present)
        | {GEOMETRY: _GEOMETRY, CONCEPT: _CONCEPT},
        "patternProperties": {_other_names(present): {"description": "A short name, or the term of the ontology."}},
        "additionalProperties": undeclared_as_null,
    }


def sortables(
    statements: Statements, *, url: str, title: str, present: Collection[str] | None = None, language: str = "en"
) -> dict[str, Any]:
    """The schema of the properties that a page can be sorted by: all but lists and places.

    Args:
        statements: of the ontology.
        url: where it is served.
        title: of the whole.
        present: short names of the properties that any product has, which alone are listed; None for all.
        language: as of ``queryables``.

    Source: OGC API - Features, part 5, sortables; STAC API, sort extension 1.1.0.
    """
    scalar = tuple(one for one in PROPERTIES if one.kind != "list")
    return {
        **_schema(url, title, "Properties that items can be sorted by."),
        "properties": _described_all(scalar, _Words(statements, language), {}, present),
        "additionalProperties": False,
    }


def _schema(url: str, title: str, description: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "type": "object",
        "title": title,
        "description": description,
    }


def _described_all(
    properties: Sequence[Property],
    words: _Words,
    in_use: Mapping[str, Sequence[str]],
    present: Collection[str] | None,
) -> dict[str, Any]:
    listed = (one for one in properties if present is None or one.name in present)
    return {one.stac_name: _described(one, words, in_use.get(one.name, ())) for one in listed}


def _described(one: Property, words: _Words, in_use: Sequence[str]) -> dict[str, Any]:
    described: dict[str, Any] = _from_ontology(one, words) or {
        "title": one.name.replace("_", " ").capitalize(),
        "description": f"{one.description}.",
        **_TYPES[one.kind],
        **({"x-ogc-unit": one.unit, "x-ogc-unitLang": "UCUM"} if one.unit else {}),
    }
    if one.scheme is None:
        return described
    codes = words.statements.subjects(terms.IN_SCHEME, ox.NamedNode(terms.CODE + one.scheme))
    notations = (notation(code.value) for code in codes if isinstance(code, ox.NamedNode))
    listed = {"enum": list(dict.fromkeys((*notations, *in_use)))}
    return described | ({"items": {"type": "string", **listed}} if one.kind == "list" else listed)


def _from_ontology(one: Property, words: _Words) -> dict[str, Any] | None:
    """What the ontology says of a property; None where it has no term for it, or describes it nowhere."""
    if one.term is None:
        return None
    term = ox.NamedNode(one.term)
    label = words.text(term, terms.LABEL).removeprefix("has ")
    described = {
        "title": label[:1].upper() + label[1:] if label else one.name.replace("_", " ").capitalize(),
        "description": words.text(term, terms.DEFINITION) or f"{one.description}.",
        "x-term": one.term,
        **_TYPES[one.kind],
    }
    ranges = [getattr(kind, "value", "") for kind in words.statements.objects(term, terms.RDFS + "range")]
    if terms.XSD + "integer" in ranges and one.kind == "number":
        described["type"] = "integer"
    for unit in words.statements.objects(term, _HAS_UNIT):
        described |= {
            "x-ogc-unit": _UNITS[str(getattr(unit, "value", "")).rpartition("/")[2]],
            "x-ogc-unitLang": "UCUM",
        }
    return described


def _other_names(present: Collection[str] | None) -> str:
    """Names of the same properties that are no keys of ``properties``, as a regular expression."""
    stac = {one.stac_name for one in PROPERTIES if present is None or one.name in present}
    names = {name for one in PROPERTIES for name in one.names}
    terms_of = {prefixed(one.term) for one in PROPERTIES if one.term is not None}
    return f"^({'|'.join(map(re.escape, sorted((names | terms_of) - stac)))})$"
