"""What a document names besides its product, under the catalogue's own names.

Producers spell the same satellite, level or orbit direction in a dozen ways; here
each spelling becomes one IRI, and what the ontology does not describe yet becomes
a record of its own.
"""

import re
from collections.abc import Iterable

from ingest.instruments import instrument_kind, instrument_names
from ontology import terms
from ontology.identifiers import (
    collection_iri,
    constellation_iri,
    instrument_iri,
    model_iri,
    platform_iri,
    segment,
    tile_iri,
)
from ontology.loader import published_iris
from ontology.records import Collection, Concept, Constellation, GridTile, Instrument, Model, Platform, Reference

_SATELLITE = re.compile(r"(?:SENTINEL|S)[-_ ]?(\d)[-_ ]?([A-Z])?", re.IGNORECASE)
_PRECURSOR = re.compile(r"SENTINEL[-_ ]?5[-_ ]?PRECURSOR", re.IGNORECASE)
_LANDSAT = re.compile(r"(?:LANDSAT|L[COTEM])[-_ ]?0?(\d)", re.IGNORECASE)
_LEVEL = re.compile(r"(?:LEVEL|L)?[-_ ]?(\d[A-Z]*?)(?:(?<=2A)P)?", re.IGNORECASE)
_SHORT_ZONE = re.compile(r"MGRS-(\d[A-Z]{3})$")
_SEPARATORS = re.compile(r"[\s_/]+")


def platform_name(text: str) -> str:
    """A satellite's normalised name: ``Sentinel-2A``, ``S2A`` and ``sentinel_2a`` are ``sentinel-2a``."""
    text = text.strip()
    if _PRECURSOR.fullmatch(text):
        return "sentinel-5p"
    if match := _SATELLITE.fullmatch(text):
        return f"sentinel-{match[1]}{(match[2] or '').lower()}"
    if match := _LANDSAT.fullmatch(text):
        return f"landsat-{match[1]}"
    return _SEPARATORS.sub("-", text.lower())


def constellation_name(platform: str) -> str | None:
    """The constellation of a satellite with a normalised name, where the name itself tells."""
    if match := re.fullmatch(r"(sentinel-\d)[a-z]", platform):
        return "sentinel-5p" if platform == "sentinel-5p" else match[1]
    return "landsat" if platform.startswith("landsat-") else None


def level_notation(text: str) -> str:
    """A processing level as the code lists write it: ``Level-2A``, ``LEVEL2A`` and ``2A`` are ``L2A``.

    So is ``Level-2Ap``, which Sentinel-2 wrote in its pilot production of 2017; the P of other levels stays (``L1TP``).
    """
    match = _LEVEL.fullmatch(text.strip())
    return f"L{match[1].upper()}" if match else text.strip()


class References:
    """IRIs for the names in one document, and records for those that the ontology does not have."""

    def __init__(self) -> None:
        self._records: dict[str, Reference] = {}

    def records(self) -> tuple[Reference, ...]:
        """The records to write beside the product's, in the order in which they were named."""
        return tuple(self._records.values())

    def add(self, record: Reference) -> str:
        """The IRI of a record, which is kept unless the ontology describes it."""
        if record.iri not in published_iris():
            self._records.setdefault(record.iri, record)
        return record.iri

    def collection(self, identifier: str) -> str:
        return self.add(Collection(iri=collection_iri(identifier), identifier=identifier))

    def platform(self, name: str, constellation: str | None = None) -> str:
        """The IRI of a satellite.

        Args:
            name: in any spelling.
            constellation: in any spelling; None to tell it from the satellite's name. Some producers
                repeat a satellite here, which stands for its constellation.
        """
        name = platform_name(name)
        given = platform_name(constellation or name)
        group = constellation_name(given) or (given if constellation else None)
        group_iri = None
        if group is not None:
            group_iri = self.add(Constellation(iri=constellation_iri(group), name=group))
        return self.add(Platform(iri=platform_iri(name), name=name, constellation=group_iri))

    def instruments(self, platform: str, names: Iterable[str]) -> tuple[str, ...]:
        """The IRIs of the instruments that names stand for on a satellite, all in any spelling; sorted."""
        carrier = platform_name(platform)
        return tuple(sorted(self._instrument(carrier, name) for name in instrument_names(names, carrier)))

    def _instrument(self, carrier: str, name: str) -> str:
        iri = instrument_iri(carrier, name)
        record = Instrument(iri=iri, name=name, kind=instrument_kind(name), platform=platform_iri(carrier))
        return self.add(record)

    def tile(self, code: str) -> str:
        """The IRI of a grid tile by grid and cell, ``MGRS-34SGH``; the zone of an MGRS tile gets two digits."""
        code = _SHORT_ZONE.sub(r"MGRS-0\1", code.strip())
        return self.add(GridTile(iri=tile_iri(code), code=code))

    def model(self, name: str, version: str) -> str:
        return self.add(Model(iri=model_iri(name, version), name=name, version=version))

    def level(self, text: str) -> str:
        """The IRI of a processing level in any spelling."""
        return self.code("ProcessingLevel", level_notation(text))

    def code(self, scheme: str, notation: str) -> str:
        """The IRI of a code in one of the ontology's schemes, by its notation."""
        iri = terms.code(scheme, segment(notation.strip()))
        return self.add(Concept(iri=iri, label=notation.strip(), scheme=terms.CODE + scheme))
