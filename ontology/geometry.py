"""Whether a footprint in WKT is a geometry that lies on the globe."""

import shapely


def geometry_fault(wkt: str) -> str | None:
    """What is wrong with a footprint, as the end of a sentence; None when nothing is.

    Args:
        wkt: longitude before latitude, degrees (CRS84).
    """
    try:
        drawn = shapely.from_wkt(wkt)
    except shapely.errors.GEOSException as fault:
        return f"does not parse: {str(fault).strip()}"
    if drawn.is_empty:
        return "is empty"
    west, south, east, north = drawn.bounds
    # "not (a >= b)" also catches NaN.
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return f"leaves the globe: longitude {west} to {east}, latitude {south} to {north}"
    return None if drawn.is_valid else f"is no valid area: {shapely.is_valid_reason(drawn)}"
