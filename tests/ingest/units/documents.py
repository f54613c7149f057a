"""Files of administrative units as GISCO and Natural Earth publish them, drawn by ourselves."""

from typing import Any

SQUARE = [[[11.0, 44.0], [12.0, 44.0], [12.0, 45.0], [11.0, 45.0], [11.0, 44.0]]]
BOW_TIE = [[[11.0, 44.0], [12.0, 45.0], [12.0, 44.0], [11.0, 45.0], [11.0, 44.0]]]


def nuts_feature(code: str, name: str = "Somewhere", **more: Any) -> dict[str, Any]:
    """A unit as in ``NUTS_RG_20M_2021_4326.geojson``."""
    properties = {
        "NUTS_ID": code,
        "LEVL_CODE": len(code) - 2,
        "CNTR_CODE": code[:2],
        "NAME_LATN": name,
        "NUTS_NAME": name,
        "MOUNT_TYPE": 0,
        "URBN_TYPE": 0,
        "COAST_TYPE": 0,
        "FID": code,
    }
    return _feature(properties, more) | {"id": code}


def country_feature(code: str, name: str = "Somewhere", **more: Any) -> dict[str, Any]:
    """A country as in ``ne_110m_admin_0_countries.geojson``, the names of members in capitals."""
    properties = {
        "featurecla": "Admin-0 country",
        "scalerank": 1,
        "SOV_A3": code,
        "ADMIN": name,
        "ADM0_A3": code,
        "NAME": name,
        "NAME_LONG": name,
        "ISO_A3": "-99",
        "NAME_DE": f"{name} (de)",
    }
    return _feature(properties, more)


def state_feature(code: str, country: str, name: str = "Somewhere", **more: Any) -> dict[str, Any]:
    """A state or province as in ``ne_10m_admin_1_states_provinces.geojson``, the names of members in small letters."""
    properties = {
        "featurecla": "Admin-1 states provinces",
        "adm1_code": code,
        "adm0_a3": country,
        "iso_3166_2": "-99",
        "name": name,
        "name_en": name,
    }
    return _feature(properties, more)


def _feature(properties: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    geometry = more.pop("geometry", {"type": "Polygon", "coordinates": SQUARE})
    told = {name: value for name, value in (properties | more).items() if value is not ...}
    return {"type": "Feature", "geometry": geometry, "properties": told}


def collected(*features: dict[str, Any]) -> dict[str, Any]:
    """A file of features."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    return {"type": "FeatureCollection", "crs": crs, "features": list(features)}
