"""The facets by which the items of a collection are grouped, each declared by a term of the ontology."""

from dataclasses import dataclass

from ontology import terms
from ontology.identifiers import BASE


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to group items: by codes of a scheme, by things of a class, or by seasons."""

    name: str
    """In paths and identifiers."""
    title: str
    term: str
    """IRI of the class or property that declares it; its definition is the facet's description."""
    prefix: str | None
    """What the IRIs of its values begin with; None for the seasons of sensing times."""
    kind: str | None = None
    """IRI of the class that items need to have; None for any."""


FACETS = (
    Facet("water_anomaly", "Water anomaly", terms.HAS_ANOMALY_TYPE, f"{terms.CODE}AnomalyType-"),
    Facet("water_basin", "Water basin", terms.WATER_BODY, f"{BASE}water-body/"),
    Facet("agriculture_season", "Agriculture season", terms.SENSED_AT, None, terms.FIELD_ANALYSIS),
    Facet("administrative_unit", "Administrative unit", terms.ADMINISTRATIVE_UNIT, f"{BASE}unit/"),
    Facet("event", "Event", terms.SHOWS_EVENT, f"{BASE}event/"),
    Facet("cloud_class", "Cloud class", terms.HAS_CLOUD_CLASS, f"{terms.CODE}CloudClass-"),
    Facet("processing_level", "Processing level", terms.HAS_PROCESSING_LEVEL, f"{terms.CODE}ProcessingLevel-"),
    Facet("product_type", "Product type", terms.HAS_PRODUCT_TYPE, f"{terms.CODE}ProductType-"),
    Facet("platform", "Satellite", terms.ON_PLATFORM, f"{BASE}platform/"),
    Facet("grid_tile", "Grid tile", terms.ON_TILE, f"{BASE}tile/"),
)
"""Every facet, in the order in which a collection lists them."""
