"""Which of GeoSPARQL's relations can hold only where boxes meet."""

from ontology import terms

GEOF = terms.PREFIXES["geof"]
_SIMPLE_FEATURES = ("Equals", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps")
_EGENHOFER = ("Equals", "Meet", "Overlap", "Covers", "CoveredBy", "Inside", "Contains")
_RCC8 = ("eq", "ec", "po", "tppi", "tpp", "ntpp", "ntppi")

MEETING = frozenset(
    [*(f"sf{name}" for name in _SIMPLE_FEATURES), *(f"eh{name}" for name in _EGENHOFER), *(f"rcc8{n}" for n in _RCC8)]
)
"""Relations of two geometries with a point in common, and so of two boxes with one (OGC 22-047r1, clause 9)."""
APART = frozenset(("sfDisjoint", "ehDisjoint", "rcc8dc"))
"""Relations of geometries that have none; no index helps to find them."""
RELATIONS = MEETING | APART
"""Every relation that is a function, ``geof:sfWithin``, and a property, ``geo:sfWithin`` (Req 25 to 28)."""


def relation_of_property(iri: str | None) -> str | None:
    """The name of the relation that a property of GeoSPARQL states; None of any other."""
    if iri is None or not iri.startswith(terms.GEO):
        return None
    name = iri.removeprefix(terms.GEO)
    return name if name in RELATIONS else None
