"""The places of CQL2: the footprint of a record beside an area that is drawn or named.

Source: OGC 21-065r2 (Common Query Language), classes basic spatial functions and spatial functions; OGC 06-103r4 for
the relations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import shapely
from shapely.geometry.base import BaseGeometry

from graph_service.index.areas import box_area, geojson_area, meeting
from graph_service.index.cql2_parts import Part, shown
from graph_service.index.filters import All, Any, Filter, Not, Related, SpatialRelation
from graph_service.index.properties import GEOMETRY
from graph_service.index.regions import SCHEMES

REGION = "region"
"""Name of the function that gives the area of an administrative unit."""

_RELATIONS: Mapping[str, SpatialRelation] = {
    "s_equals": "equals",
    "s_touches": "touches",
    "s_within": "within",
    "s_overlaps": "overlaps",
    "s_crosses": "crosses",
    "s_contains": "contains",
}
RELATIONS = ("s_intersects", "s_disjoint", *_RELATIONS)
"""Names of the spatial functions."""
_CONVERSE: Mapping[str, str] = {"s_within": "s_contains", "s_contains": "s_within"}
_OF_ITSELF = ("s_intersects", "s_equals", "s_within", "s_contains")
"""What holds between a geometry and itself."""


@dataclass(frozen=True, slots=True)
class _Area:
    geometry: BaseGeometry
    region: str | None = None


def spatial(part: Part) -> Filter:
    """How two geometries relate.

    Raises:
        RequestInvalid: one of them is none, or a region that is not known.
    """
    one, other = part.operands(2)
    relation = part.value["op"]
    left, right = _area(one), _area(other)
    if left is None and right is None:
        return All(()) if relation in _OF_ITSELF else Any(())
    if left is not None and right is not None:
        return All(()) if getattr(left.geometry, relation.removeprefix("s_"))(right.geometry) else Any(())
    if right is None:
        relation = _CONVERSE.get(relation, relation)
    return _beside_footprint(relation, left or right)  # type: ignore[arg-type]  # one of them is not None


def _beside_footprint(relation: str, area: _Area) -> Filter:
    if relation in _RELATIONS:
        return Related(_RELATIONS[relation], area.geometry, area.region)
    meets = meeting(area.geometry, area.region)
    return meets if relation == "s_intersects" else Not(meets)


def _area(part: Part) -> _Area | None:
    """The area that a part draws or names; None for the footprint."""
    match part.value:
        case {"property": str(name)}:
            if name.removeprefix("properties.") == GEOMETRY:
                return None
            raise part.refusal(f"{shown(name)} is not {GEOMETRY}, which the spatial functions compare")
        case {"bbox": box}:
            return _Area(box_area(box, part.place))
        case {"type": str()}:
            return _Area(geojson_area(part.value, part.place))
        case {"op": str(name), "args": list()} if name.lower() == REGION:
            return _region(part)
    raise part.refusal(f"{shown(part.value)} is not a geometry")


def _region(part: Part) -> _Area:
    scheme, code = (one.text() for one in part.operands(2))
    found = part.reading.regions.region(scheme, code)
    if found is None:
        raise part.refusal(f"{code[:80]!r} of {scheme[:80]!r} is no region that the catalogue knows{_near(part, code)}")
    return _Area(shapely.from_wkb(found), f"{REGION}('{scheme}','{code}')")


def _near(part: Part, code: str) -> str:
    """Regions with a code or a name alike, for a message."""
    listed = part.reading.regions.listed()
    if not listed:
        return "; it knows none"
    called = {word.casefold(): one for one in listed for word in (one.code, one.name)}
    near = [called[word] for word in get_close_matches(code[:80].casefold(), called, n=3, cutoff=0.6)]
    names = ", ".join(dict.fromkeys(f"{REGION}('{one.scheme}','{one.code}')" for one in near))
    return f"; did you mean {names}?" if names else f"; the schemes are {', '.join(SCHEMES)}"
