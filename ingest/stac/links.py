"""Links of a STAC item that name other products."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from ingest.stac.members import Members, shown
from ontology.identifiers import item_iri

_ITEM_PATH = re.compile(r"/collections/([^/?#]+)/items/([^/?#]+)/?(?:[?#].*)?$")


def products_linked(item: Members, relation: str) -> tuple[str, ...]:
    """IRIs of the products that links of one relation name, sorted.

    A link to an item of a STAC API names the product by collection and identifier;
    any other absolute link stands for itself; a relative one names nothing outside
    its own catalogue and is left out with a notice.
    """
    found = {iri for link in item.objects("links") if link.get("rel") == relation and (iri := _product(link, item))}
    return tuple(sorted(found))


def _is_iri(text: str) -> bool:
    try:
        return ox.NamedNode(text).value == text
    except ValueError:  # not absolute, or with a character that no IRI has
        return False


def _product(link: Mapping[str, Any], item: Members) -> str | None:
    href = link.get("href")
    if isinstance(href, str) and (match := _ITEM_PATH.search(href)):
        return item_iri(unquote(match[1]), unquote(match[2]))
    if isinstance(href, str) and _is_iri(href):
        return href
    item.leave_out("links", f"{link.get('rel')}: {shown(href)} is no absolute link; left out of the record")
    return None
