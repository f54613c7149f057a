"""The catalogue's view of a country, state or province of Natural Earth.

The GeoJSON of its cultural themes (``ne_110m_admin_0_countries``, ``ne_10m_admin_1_states_provinces``) has one feature
a unit; ``featurecla`` tells what it is. The names of the members are in capitals in some releases, in small letters in
others.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.document import Document, Mapped, Notice
from ingest.errors import MetadataMissing
from ingest.json_document import json_value
from ingest.stac.members import Members
from ingest.units.outline import outline_of
from ontology.identifiers import unit_iri
from ontology.related import AdministrativeUnit

PREFIX = "naturalearth-"
"""Before the code in the name of a unit: its codes of countries may be those of regions of NUTS (``FRA``)."""

_NOTHING = ("-99", "-99.0")
_TRANSLATION = re.compile("name_([a-z]{2}|zht)")
_LEVELS = {"admin-0": 0, "admin-1": 1}
_CODES = (("adm0_a3",), ("adm1_code", "diss_me"))
_NAMES = (("name_long", "name_en", "name", "admin"), ("name", "name_en", "gn_name", "name_alt"))


def is_natural_earth(value: Any) -> bool:
    """Whether a decoded JSON value is a feature of a theme of administrative units."""
    return isinstance(value, dict) and value.get("type") == "Feature" and _level(value.get("properties")) is not None


def _level(properties: Any) -> int | None:
    """0 for a country, 1 for a part of one, None for what is no unit."""
    theme = str(_lowered(properties).get("featurecla", "")) if isinstance(properties, Mapping) else ""
    return _LEVELS.get(theme.lower()[:7])


def _lowered(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in properties.items()}


def read_natural_earth(document: Document) -> Mapped:
    """The record of a unit; a state or province lies within its country.

    Raises:
        MetadataMissing: the code or the geometry is absent.
        MetadataInvalid: the geometry is not one.

    Source: Natural Earth 5, documentation of the themes of countries and of states and provinces.
    """
    feature = json_value(document)
    notices: list[Notice] = []
    members = Members(_lowered(feature["properties"]), document.source, "properties", notices)
    level = _level(feature["properties"]) or 0
    code = _said(members, _CODES[level])
    if code is None:
        raise MetadataMissing(document.source, f"properties.{_CODES[level][0]}", "is absent; it is the unit's code")
    country = members.text("adm0_a3")
    name = _said(members, _NAMES[level]) or code
    record = AdministrativeUnit(
        iri=unit_iri(PREFIX + code),
        name=name,
        other_names=tuple(sorted({*_translated(members)} - {name})),
        level=level,
        footprint=outline_of(feature.get("geometry"), document.source, notices),
        within=(unit_iri(PREFIX + country),) if level and country else (),
    )
    return Mapped(record, (), tuple(notices))


def _translated(members: Members) -> Iterator[str]:
    """The names in other languages, which stand under ``name_`` and the code of a language."""
    found = (members.text(name) for name in members.values if _TRANSLATION.fullmatch(name))
    return (text for text in found if text and text not in _NOTHING)


def _said(members: Members, names: tuple[str, ...]) -> str | None:
    """The first of some members that says something: -99 stands for nothing."""
    return next((text for name in names if (text := members.text(name)) and text not in _NOTHING), None)
