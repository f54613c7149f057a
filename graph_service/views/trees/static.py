"""The documents of a static catalogue: self-contained, every link relative, none to itself.

Source: STAC 1.1, best practices, self-contained catalogs.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graph_service.index.paging import Found
from graph_service.index.tallies import Extent
from graph_service.views.stac.json_text import json_text, json_value
from graph_service.views.stac.served import GEOJSON, JSON, Link, extent_document, says_extent
from graph_service.views.trees.branch import Branch
from graph_service.views.trees.catalogs import catalog, child_link
from graph_service.views.trees.layout import branch_file, item_file, relative_href

_ROOT = branch_file(())
_WITHOUT_TYPE = ("0.", "1.0.0-beta")
"""Versions in which collections have no type."""


def static_item(found: Found) -> bytes:
    """An item with the links that its document keeps and those to what lists it."""
    own = item_file(found.collection, found.identifier)
    home = _to(branch_file(("collections", found.collection)), own)
    links: list[Link] = [*_above(own, home)]
    links.append({"rel": "collection", "type": JSON, "href": home})
    return json_text({**json_value(found.body), "links": [*links, *json_value(found.links)]})


def static_collection(found: Found, extent: Extent | None, facets: Branch, items: Iterable[str]) -> bytes:
    """A collection with links to its facets and to all of its items.

    Args:
        found: the collection as the index keeps it.
        extent: what its items span, for a collection that does not say so itself; None where it has no items.
        facets: of the collection.
        items: identifiers of the items.
    """
    path = ("collections", found.identifier)
    own = branch_file(path)
    body = json_value(found.body)
    if not str(body.get("stac_version")).startswith(_WITHOUT_TYPE):
        # Some producers leave it out, and readers look for it.
        body.setdefault("type", "Collection")
    if not says_extent(found):
        body["extent"] = extent_document(extent)
    links = [*_above(own, _to(_ROOT, own)), *_children(facets, own), *_items(own, found.identifier, items)]
    return json_text({**body, "links": [*links, *json_value(found.links)]})


def static_branch(branch: Branch, items: Iterable[tuple[str, str]] = ()) -> bytes:
    """A branch with links to those below it, or to its items.

    Args:
        branch: of a tree.
        items: collections and identifiers of its items.
    """
    own = branch_file(branch.path)
    links = [*_above(own, _to(branch_file(branch.parent), own)), *_children(branch, own)]
    links += (_item_link(own, collection, identifier) for collection, identifier in items)
    return json_text(catalog(branch, links))


def static_root(title: str, description: str, collections: Sequence[Found], sensors: Branch) -> bytes:
    """The root of the catalogue."""
    links: list[Link] = [{"rel": "root", "type": JSON, "href": f"./{_ROOT}"}]
    for one in collections:
        named = json_value(one.body).get("title")
        href = _to(branch_file(("collections", one.identifier)), _ROOT)
        label = named if isinstance(named, str) else one.identifier
        links.append({"rel": "child", "type": JSON, "href": href, "title": label})
    links.append({"rel": "child", "type": JSON, "href": _to(branch_file(sensors.path), _ROOT), "title": sensors.title})
    document: dict[str, Any] = {"type": "Catalog", "stac_version": "1.1.0", "id": "orrery", "title": title}
    return json_text({**document, "description": description, "links": links})


def _above(own: str, parent: str) -> Iterator[Link]:
    yield {"rel": "root", "type": JSON, "href": _to(_ROOT, own)}
    yield {"rel": "parent", "type": JSON, "href": parent}


def _children(branch: Branch, own: str) -> Iterator[Link]:
    return (child_link(twig, _to(branch_file((*branch.path, twig.name)), own)) for twig in branch.children)


def _items(own: str, collection: str, identifiers: Iterable[str]) -> Iterator[Link]:
    return (_item_link(own, collection, identifier) for identifier in identifiers)


def _item_link(own: str, collection: str, identifier: str) -> Link:
    return {"rel": "item", "type": GEOJSON, "href": _to(item_file(collection, identifier), own)}


def _to(target: str, own: str) -> str:
    return relative_href(target, own)
