"""Units of measure by IRI, of the OGC, of EPSG and of QUDT."""

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pyproj.database import get_units_map

from graph_service.geosparql.errors import ArgumentInvalid

_OGC = "http://www.opengis.net/def/uom/OGC/1.0/"
_QUDT = "http://qudt.org/vocab/unit/"
_EPSG = re.compile(r"(?:https?://www\.opengis\.net/def/uom/EPSG/[0-9.]+/|urn:ogc:def:uom:EPSG:[0-9.]*:)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, and what one of it is in metres, radians or square metres."""

    quantity: Literal["length", "angle", "area"]
    size: float


_METRE = Unit("length", 1)
_DEGREE = Unit("angle", math.pi / 180)
_RADIAN = Unit("angle", 1)
_FOOT, _MILE, _YARD = Unit("length", 0.3048), Unit("length", 1609.344), Unit("length", 0.9144)

_UNITS = {
    **{
        _OGC + name: unit
        for name, unit in {
            "metre": _METRE, "meter": _METRE, "kilometre": Unit("length", 1000), "kilometer": Unit("length", 1000),
            "centimetre": Unit("length", 0.01), "millimetre": Unit("length", 0.001), "foot": _FOOT, "yard": _YARD,
            "mile": _MILE, "statuteMile": _MILE, "nauticalMile": Unit("length", 1852),
            "degree": _DEGREE, "radian": _RADIAN, "squareMetre": Unit("area", 1), "squareMeter": Unit("area", 1),
            "squareKilometre": Unit("area", 1e6), "hectare": Unit("area", 1e4),
        }.items()
    },
    **{
        _QUDT + name: unit
        for name, unit in {
            "M": _METRE, "KiloM": Unit("length", 1000), "CentiM": Unit("length", 0.01), "MilliM": Unit("length", 0.001),
            "FT": _FOOT, "YD": _YARD, "MI": _MILE, "MI_N": Unit("length", 1852), "IN": Unit("length", 0.0254),
            "DEG": _DEGREE, "RAD": _RADIAN, "M2": Unit("area", 1), "KiloM2": Unit("area", 1e6),
            "HA": Unit("area", 1e4), "FT2": Unit("area", 0.3048**2), "MI2": Unit("area", 1609.344**2),
        }.items()
    },
}  # fmt: skip


def unit_of(iri: str) -> Unit:
    """The unit of an IRI.

    Raises:
        ArgumentInvalid: no unit of length, angle or area has it.
    """
    code = _EPSG.fullmatch(iri)
    unit = _epsg().get(code[1]) if code else _UNITS.get(iri.replace("https://qudt.org", "http://qudt.org"))
    if unit is None:
        raise ArgumentInvalid(f"<{iri[:200]}> is no unit of length, angle or area that is known here")
    return unit


@cache
def _epsg() -> dict[str, Unit]:
    lengths = get_units_map(auth_name="EPSG", category="linear").values()
    angles = get_units_map(auth_name="EPSG", category="angular").values()
    return {
        **{unit.code: Unit("length", unit.conv_factor) for unit in lengths},
        **{unit.code: Unit("angle", unit.conv_factor) for unit in angles if unit.conv_factor},
        "9122": _DEGREE,
    }
