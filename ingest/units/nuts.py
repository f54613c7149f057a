"""The catalogue's view of a territorial unit of NUTS, as the statistical office of the Union draws it.

GISCO publishes the nomenclature as GeoJSON (``NUTS_RG_20M_2021_4326.geojson``): one feature a unit,
``NUTS_ID``, ``LEVL_CODE``, ``CNTR_CODE``, ``NAME_LATN`` and ``NUTS_NAME`` among its properties.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.document import Document, Mapped, Notice
from ingest.errors import MetadataInvalid
from ingest.json_document import json_value
from ingest.stac.members import Members
from ingest.units.outline import outline_of
from ontology.identifiers import unit_iri
from ontology.related import AdministrativeUnit

_CODE = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")
_NAMES = ("NAME_LATN", "NUTS_NAME", "Name", "NAME")


def is_nuts(value: Any) -> bool:
    """Whether a decoded JSON value is a feature of a file of NUTS units."""
    return isinstance(value, dict) and value.get("type") == "Feature" and "NUTS_ID" in (value.get("properties") or ())


def read_nuts(document: Document) -> Mapped:
    """The record of a unit; it lies within the unit whose code is one character shorter.

    Raises:
        MetadataMissing: the geometry is absent.
        MetadataInvalid: the code is none of the nomenclature, its level is not that of the code, or the
            geometry is not one in degrees.

    Source: Regulation (EC) No 1059/2003, article 3: two letters of the country, one character more a level.
    """
    feature = json_value(document)
    notices: list[Notice] = []
    members = Members(feature["properties"], document.source, "properties", notices)
    code = str(members.values["NUTS_ID"])
    if _CODE.fullmatch(code) is None:
        reason = f"{code!r} is no code of two letters of a country and up to three characters after them"
        raise MetadataInvalid(document.source, "properties.NUTS_ID", reason)
    name = next(_names(members), code)
    record = AdministrativeUnit(
        iri=unit_iri(code),
        name=name,
        other_names=tuple(sorted({*_names(members)} - {name})),
        nuts_code=code,
        level=_level(members, code),
        footprint=outline_of(feature.get("geometry"), document.source, notices),
        within=(unit_iri(code[:-1]),) if len(code) > 2 else (),
    )
    return Mapped(record, (), tuple(notices))


def _names(members: Members) -> Iterator[str]:
    return (text for name in _NAMES if (text := members.text(name)))


def _level(members: Members, code: str) -> int:
    level = len(code) - 2
    given = members.values.get("LEVL_CODE", level)
    if given != level:
        reason = f"{given!r} is not the level of {code}, which is {level}"
        raise MetadataInvalid(members.source, "properties.LEVL_CODE", reason)
    return level
