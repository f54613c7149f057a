"""The datatake of a product, as two of its documents describe it."""

from lxml import etree

from ingest.synthetic.safe.markup import E
from ingest.synthetic.scene import Product, iso_time


def datatake(product: Product, *, name: str) -> etree._Element:
    """What was flown.

    Args:
        product: whose datatake it is.
        name: of the element, which the two documents call differently.
    """
    seen = product.scene.acquisition
    return E(
        name,
        E("SPACECRAFT_NAME", seen.satellite.name),
        E("DATATAKE_TYPE", "INS-NOBS"),
        E("DATATAKE_SENSING_START", iso_time(seen.started_at)),
        E("SENSING_ORBIT_NUMBER", str(seen.track.relative_orbit)),
        E("SENSING_ORBIT_DIRECTION", "DESCENDING"),
        datatakeIdentifier=product.datatake,
    )
