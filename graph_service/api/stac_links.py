"""Links from a page of a list to itself, to the next one and to the one before.

Source: STAC API 1.0.0, item search, paging.
"""

from urllib.parse import urlencode

from fastapi import Request

from graph_service.views.stac.served import GEOJSON, JSON, Link, root_url


def links_by_query(
    request: Request, url: str, following: str | None, preceding: str | None, *, media_type: str = GEOJSON
) -> list[Link]:
    """Links of a page that was asked for by GET.

    Args:
        request: that it answers.
        url: of the list, without parameters.
        following: token of the next page; None on the last one.
        preceding: token of the page before; None on the first one.
        media_type: of the list.
    """
    given = dict(request.query_params)

    def link(rel: str, token: str | None) -> Link:
        parameters = given if token is None else {**given, "token": token}
        href = f"{url}?{urlencode(parameters)}" if parameters else url
        return {"rel": rel, "type": media_type, "method": "GET", "href": href}

    further = [link(rel, token) for rel, token in (("next", following), ("prev", preceding)) if token is not None]
    return [link("self", None), *further]


def links_by_body(url: str, following: str | None, preceding: str | None) -> list[Link]:
    """Links of a page that was asked for by POST, whose body the client merges into the one that it sent.

    Args:
        url: of the list.
        following: token of the next page; None on the last one.
        preceding: token of the page before; None on the first one.
    """
    own: Link = {"rel": "self", "type": GEOJSON, "method": "POST", "href": url}
    further: list[Link] = [
        {"rel": rel, "type": GEOJSON, "method": "POST", "href": url, "merge": True, "body": {"token": token}}
        for rel, token in (("next", following), ("prev", preceding))
        if token is not None
    ]
    return [own, *further]


def root_link(base_url: str) -> Link:
    """The link to the landing page."""
    return {"rel": "root", "type": JSON, "href": root_url(base_url)}
