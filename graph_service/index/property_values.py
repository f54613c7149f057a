"""How a search gets the value of a property: from a record, or from the STAC document made from it."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph_service.index.functions import Kind
from ingest.references import constellation_name, platform_name
from ontology.identifiers import notation, short_name
from ontology.records import FieldAnalysis, Scene, WaterAnalysis

Value = str | float | int | None
"""As the index keeps it: a time as seconds since 1970 UTC, a list as a JSON array."""
Said = Mapping[str, Any]
"""The ``properties`` of a STAC document."""
ValueOf = Callable[[Scene, Said], Value]


@dataclass(frozen=True, slots=True)
class Property:
    """A property that can be searched."""

    name: str
    """Short, as key/value filters use it."""
    stac_name: str
    """Name among the properties of a STAC item; equal to ``name`` where STAC has none."""
    kind: Kind
    """Of a list, whose members are texts, as well as of one value."""
    value_of: ValueOf
    description: str
    term: str | None
    """IRI of the property of the ontology; None of what STAC extensions alone know."""
    scheme: str | None = None
    """Name of the scheme whose codes it has by their notations; None where it has no codes."""
    unit: str | None = None
    """Symbol of UCUM, where the ontology does not tell it."""
    aliases: tuple[str, ...] = ()
    """Further names that STAC documents have for the same."""

    @property
    def column(self) -> str:
        """Name of the column that holds it."""
        return self.name

    @property
    def names(self) -> tuple[str, ...]:
        """All names but its term, the short one first."""
        return tuple(dict.fromkeys((self.name, self.stac_name, *self.aliases)))


def own(field: str) -> ValueOf:
    """A text or a number that every record may have."""
    return lambda scene, _: getattr(scene, field)


def named(field: str) -> ValueOf:
    """The name of what a record points to."""

    def value(scene: Scene, _: Said) -> Value:
        iri = getattr(scene, field)
        return None if iri is None else short_name(iri)

    return value


def coded(field: str) -> ValueOf:
    """The notation of a code that a record has."""

    def value(scene: Scene, _: Said) -> Value:
        iri = getattr(scene, field)
        return None if iri is None else notation(iri)

    return value


def timed(field: str) -> ValueOf:
    """A time that a record has."""

    def value(scene: Scene, _: Said) -> Value:
        time: datetime | None = getattr(scene, field)
        return None if time is None else time.timestamp()

    return value


def listed(field: str, text_of: Callable[[str], str]) -> ValueOf:
    """Texts of what a record points to several of."""

    def value(scene: Scene, _: Said) -> Value:
        return _array([text_of(iri) for iri in getattr(scene, field)])

    return value


def water(field: str) -> ValueOf:
    """A number of a water analysis."""
    return lambda scene, _: getattr(scene, field) if isinstance(scene, WaterAnalysis) else None


def fields(field: str) -> ValueOf:
    """A number of an analysis of fields."""
    return lambda scene, _: getattr(scene, field) if isinstance(scene, FieldAnalysis) else None


def anomaly(field: str) -> ValueOf:
    """What the anomaly of a water analysis has."""

    def value(scene: Scene, _: Said) -> Value:
        found = scene.anomaly if isinstance(scene, WaterAnalysis) else None
        return None if found is None else getattr(found, field)

    return value


def anomaly_type(scene: Scene, said: Said) -> Value:
    """The notation of the type of anomaly that a water analysis has."""
    iri = anomaly("anomaly_type")(scene, said)
    return None if iri is None else notation(str(iri))


def constellation(scene: Scene, said: Said) -> Value:
    """The constellation that a satellite's name or the document tells."""
    known = None if scene.platform is None else constellation_name(short_name(scene.platform))
    given = said.get("constellation")
    return known or (platform_name(given) if isinstance(given, str) else None)


def projection_code(scene: Scene, said: Said) -> Value:
    """The coordinate reference system of the pixels with its authority: ``EPSG:32633``."""
    return f"EPSG:{scene.epsg}" if scene.epsg is not None else said_text("proj:code")(scene, said)


def epsg(scene: Scene, said: Said) -> Value:
    """The number of the coordinate reference system of the pixels in the EPSG registry."""
    return scene.epsg


def facility(scene: Scene, said: Said) -> Value:
    """Where a product was made."""
    known = None if scene.run is None else scene.run.facility
    return known or said_text("processing:facility")(scene, said)


def mgrs(part: int) -> ValueOf:
    """A part of the code of an MGRS tile, ``MGRS-34SGH``: 0 the zone, 1 the latitude band, 2 the square.

    Source: STAC MGRS extension 1.0.0.
    """
    names = ("mgrs:utm_zone", "mgrs:latitude_band", "mgrs:grid_square")
    reader: ValueOf = said_number(names[part]) if part == 0 else said_text(names[part])

    def value(scene: Scene, said: Said) -> Value:
        code = "" if scene.tile is None else short_name(scene.tile).removeprefix("MGRS-")
        zone, rest = code[:-3], code[-3:]
        if len(rest) == 3 and zone.isascii() and zone.isdigit():
            return (int(zone), rest[:1], rest[1:])[part]
        return reader(scene, said)

    return value


def said_text(*names: str, width: int = 0) -> ValueOf:
    """A text of the document, under the first name that it has.

    Args:
        names: of the member.
        width: digits that a whole number is written with, as older documents do.
    """

    def value(_: Scene, said: Said) -> Value:
        for name in names:
            match said.get(name):
                case str(text):
                    return text
                case bool():
                    continue
                case int(number) if width:
                    return f"{number:0{width}}"
        return None

    return value


def said_number(*names: str) -> ValueOf:
    """A finite number of the document, under the first name that it has."""

    def value(_: Scene, said: Said) -> Value:
        for name in names:
            found = said.get(name)
            if isinstance(found, int | float) and not isinstance(found, bool) and _is_finite(found):
                return float(found)
        return None

    return value


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def said_time(name: str) -> ValueOf:
    """A time of the document."""

    def value(_: Scene, said: Said) -> Value:
        try:
            time = datetime.fromisoformat(said[name])
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
        except (KeyError, TypeError, ValueError, OverflowError):
            return None

    return value


def said_list(name: str) -> ValueOf:
    """The texts in a list of the document."""

    def value(_: Scene, said: Said) -> Value:
        found = said.get(name)
        return _array([one for one in found if isinstance(one, str)]) if isinstance(found, list) else None

    return value


def _array(texts: Sequence[str]) -> Value:
    """An absent list and an empty one are one and the same, as in a record."""
    return json.dumps(texts, ensure_ascii=False) if texts else None
