"""IRIs of the things that the catalogue describes.

Every record has one IRI; what it owns hangs under it as a fragment, so that the
record with all its parts can be found by its own name and one prefix.
"""

import re
from urllib.parse import quote, unquote

BASE = "https://w3id.org/orrery/id/"
CATALOGUE = BASE + "catalogue"

QUERY_BASE = "https://w3id.org/orrery/sparql/"
"""IRI that relative ones in queries and updates are read under, the same through whatever address they came."""

_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")


def segment(text: str) -> str:
    """A text as one path segment of an IRI (RFC 3986, percent-encoded UTF-8)."""
    return text if _PLAIN.fullmatch(text) else quote(text, safe="")


def item_iri(collection: str, identifier: str) -> str:
    """The IRI of a product; an identifier is unique within its collection (STAC Item, ``id``)."""
    return f"{BASE}item/{segment(collection)}/{segment(identifier)}"


def collection_iri(identifier: str) -> str:
    """The IRI of a collection of products."""
    return f"{BASE}collection/{segment(identifier)}"


def collection_identifier(iri: str) -> str:
    """The identifier within a collection's IRI."""
    return unquote(iri.removeprefix(BASE + "collection/"))


def platform_iri(name: str) -> str:
    """The IRI of a satellite, by its normalised name (``sentinel-2a``)."""
    return f"{BASE}platform/{segment(name)}"


def constellation_iri(name: str) -> str:
    """The IRI of a constellation, by its normalised name (``sentinel-2``)."""
    return f"{BASE}constellation/{segment(name)}"


def instrument_iri(platform: str, name: str) -> str:
    """The IRI of one instrument on one satellite; MSI on Sentinel-2A is not MSI on Sentinel-2B."""
    return f"{BASE}instrument/{segment(platform)}/{segment(name)}"


def tile_iri(code: str) -> str:
    """The IRI of a grid tile by its code (STAC Grid extension: ``MGRS-34SGH``)."""
    return f"{BASE}tile/{segment(code)}"


def model_iri(name: str, version: str) -> str:
    """The IRI of one version of a model or algorithm."""
    return f"{BASE}model/{segment(name)}/{segment(version)}"


def rule_iri(name: str, fingerprint: str) -> str:
    """The IRI of a derivation rule with one set of thresholds."""
    return f"{BASE}rule/{segment(name)}/{segment(fingerprint)}"


def unit_iri(code: str) -> str:
    """The IRI of an administrative unit by its code (``EL61`` of the European nomenclature)."""
    return f"{BASE}unit/{segment(code)}"


def water_body_iri(name: str) -> str:
    """The IRI of a lake, river, reservoir or sea, by its code or name."""
    return f"{BASE}water-body/{segment(name)}"


def parcel_iri(dataset: str, identifier: str) -> str:
    """The IRI of a parcel; an identifier is unique within the data set that lists it."""
    return f"{BASE}parcel/{segment(dataset)}/{segment(identifier)}"


def source_iri(name: str) -> str:
    """The IRI of a source of emissions, by its code or name."""
    return f"{BASE}source/{segment(name)}"


def plume_iri(name: str) -> str:
    """The IRI of a plume, by the name that its finder gave it."""
    return f"{BASE}plume/{segment(name)}"


def event_iri(source: str, identifier: str) -> str:
    """The IRI of an event; an identifier is unique within the source that reports it."""
    return f"{BASE}event/{segment(source)}/{segment(identifier)}"


def in_situ_platform_iri(name: str) -> str:
    """The IRI of a float, buoy, mooring, ship or station, by its code."""
    return f"{BASE}in-situ-platform/{segment(name)}"


def observation_iri(kind: str, identifier: str) -> str:
    """The IRI of an observation; an identifier is unique within its kind (``soil-moisture``)."""
    return f"{BASE}observation/{segment(kind)}/{segment(identifier)}"


def site_iri(name: str) -> str:
    """The IRI of a site that stores replicas, by its name."""
    return f"{BASE}site/{segment(name)}"


def replica_iri(product: str, site: str) -> str:
    """The IRI of the copy of a product at a site.

    Args:
        product: IRI of the product, one of ours or any other.
        site: name of the site.
    """
    own = product.removeprefix(BASE + "item/")
    return f"{BASE}replica/{segment(site)}/{own if own != product else segment(product)}"


def link_iri(identifier: str) -> str:
    """The IRI of a link between two things."""
    return f"{BASE}link/{segment(identifier)}"


def audience_iri(name: str) -> str:
    """The named graph of a restricted data set."""
    return f"{BASE}audience/{segment(name)}"


def document_iri(digest: str) -> str:
    """The name of a stored document by its SHA-256 in lower-case hexadecimal."""
    return f"urn:sha256:{digest}"


def document_digest(iri: str) -> str:
    """The SHA-256 within a document's name."""
    return iri.removeprefix("urn:sha256:")


def owned_iri(owner: str, part: str, name: str = "") -> str:
    """The IRI of a part of a record or of another part: ``<owner>#asset-B04``, ``<owner>#asset-B04/band-1``.

    A part of a part hangs on with a slash, because an IRI has one fragment only. Names are
    percent-encoded and hold none, so that band 1 of asset "a" is not asset "a-band-1".
    """
    last = f"{part}-{segment(name)}" if name else part
    return f"{owner}/{last}" if "#" in owner else f"{owner}#{last}"


def short_name(iri: str) -> str:
    """The last segment of an IRI, decoded: ``sentinel-2a`` of ``…/platform/sentinel-2a``."""
    return unquote(iri.rsplit("/", 1)[-1])


def notation(iri: str) -> str:
    """The notation within a code's IRI: ``L2A`` of ``…/ProcessingLevel-L2A``."""
    return short_name(iri).partition("-")[2]
