"""Branches of a tree as STAC Catalogs, and the links that lead to them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from graph_service.views.stac.served import GEOJSON, JSON, Link, root_url
from graph_service.views.trees.branch import Branch, Twig

NUMBER = "orrery:item_count"
"""Member of a catalog and of a link to one: items in it, each counted once."""


def catalog(branch: Branch, links: Sequence[Link]) -> dict[str, Any]:
    """The STAC Catalog of a branch.

    Source: STAC Catalog specification 1.1.0.
    """
    return {
        "type": "Catalog",
        "stac_version": "1.1.0",
        "id": branch.name,
        "title": branch.title,
        "description": branch.description,
        **_counted(branch.number),
        "links": links,
    }


def child_link(twig: Twig, href: str) -> Link:
    """The link from a branch to one below it."""
    return {"rel": "child", "type": JSON, "href": href, "title": twig.title, **_counted(twig.number)}


def branch_url(base_url: str, path: Sequence[str]) -> str:
    """Where a branch is served.

    Args:
        base_url: of the STAC API, without a slash at the end.
        path: of the branch.
    """
    return "/".join((base_url, *(quote(name, safe="") for name in path))) if path else root_url(base_url)


def served_catalog(branch: Branch, base_url: str) -> dict[str, Any]:
    """The STAC Catalog of a branch with the links of a STAC API."""
    own = branch_url(base_url, branch.path)
    links: list[Link] = [
        {"rel": "self", "type": JSON, "href": own},
        {"rel": "root", "type": JSON, "href": root_url(base_url)},
        {"rel": "parent", "type": JSON, "href": branch_url(base_url, branch.parent)},
    ]
    if branch.members is not None:
        links.append({"rel": "items", "type": GEOJSON, "href": f"{own}/items"})
    links += (child_link(twig, branch_url(base_url, (*branch.path, twig.name))) for twig in branch.children)
    return catalog(branch, links)


def _counted(number: int | None) -> dict[str, int]:
    return {} if number is None else {NUMBER: number}
