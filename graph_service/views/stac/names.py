"""The short names that IRIs of the catalogue carry, as STAC properties give them."""

from urllib.parse import unquote


def short_name(iri: str) -> str:
    """The last segment of an IRI, decoded: ``sentinel-2a`` of ``…/platform/sentinel-2a``."""
    return unquote(iri.rsplit("/", 1)[-1])


def notation(iri: str) -> str:
    """The notation within a code's IRI: ``L2A`` of ``…/ProcessingLevel-L2A``."""
    return short_name(iri).partition("-")[2]
