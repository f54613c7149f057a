"""Routes of the STAC API that sum up the items of a search.

Source: STAC API, aggregation extension 0.3.0.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from graph_service.api.stac_holdings import Audiences, Holdings, base_url_of
from graph_service.api.stac_items import PROBLEMS, SEARCH_BODY, Body, parameters_in
from graph_service.api.stac_links import root_link
from graph_service.api.stac_parameters import AggregateQuery, described, given_in
from graph_service.api.stac_search import from_query, search_request
from graph_service.errors import RequestInvalid
from graph_service.index.aggregation import (
    Aggregated,
    Aggregation,
    Buckets,
    Frequencies,
    Grid,
    Histogram,
    Statistics,
    Summary,
)
from graph_service.index.filters import All, Comparison, Filter, OneOf
from graph_service.index.property_values import Property
from graph_service.views.stac.aggregations import (
    INTERVALS,
    Cells,
    Measured,
    Named,
    Spread,
    Total,
    aggregation_named,
    cells_document,
    listed,
    measured_document,
    ranges_document,
    ranges_of,
    spread_document,
    usual_interval,
    value_document,
)
from graph_service.views.stac.json_text import json_text
from graph_service.views.stac.served import JSON, collection_url

_MOST = 50
"""Aggregations of one request."""
_MOST_VALUES = 1000
"""Values of a property that are told one by one."""
_COLLECTION = "/collections/{collection_id:path}"


class AggregationRoutes:
    """One method for each route."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def add_to(self, app: FastAPI) -> None:
        """Add the routes; they belong before those with a collection alone."""
        parameters = described(AggregateQuery)
        for path, answer, extra in (
            ("/aggregations", self.aggregations, None),
            (f"{_COLLECTION}/aggregations", self.aggregations_of_collection, None),
            ("/aggregate", self.by_query, parameters),
            (f"{_COLLECTION}/aggregate", self.by_query_of_collection, parameters),
        ):
            app.add_api_route(
                path, answer, methods=["GET"], response_class=Response, responses=PROBLEMS, openapi_extra=extra
            )
        for path, by_body in (("/aggregate", self.by_body), (f"{_COLLECTION}/aggregate", self.by_body_of_collection)):
            app.add_api_route(
                path,
                by_body,
                methods=["POST"],
                response_class=Response,
                responses=PROBLEMS,
                openapi_extra=SEARCH_BODY,
            )

    def aggregations(self, request: Request) -> Response:
        """The aggregations of all items."""
        return _answer(request, {"aggregations": listed()}, f"{base_url_of(request)}/aggregations")

    def aggregations_of_collection(self, request: Request, collection_id: str) -> Response:
        """The aggregations of items of a collection."""
        self._holdings.collection(request, collection_id)
        present = self._holdings.present(collection_id, self._holdings.audiences(request))
        url = f"{collection_url(base_url_of(request), collection_id)}/aggregations"
        return _answer(request, {"aggregations": listed(present)}, url)

    def by_query(self, request: Request) -> Response:
        """Items of all collections summed up."""
        return self._aggregated(request, _from_query(given_in(request)), None)

    def by_query_of_collection(self, request: Request, collection_id: str) -> Response:
        """Items of a collection summed up."""
        return self._aggregated(request, _from_query(given_in(request)), collection_id)

    def by_body(self, request: Request, body: Body) -> Response:
        """Items of all collections summed up."""
        return self._aggregated(request, parameters_in(request, body), None)

    def by_body_of_collection(self, request: Request, collection_id: str, body: Body) -> Response:
        """Items of a collection summed up."""
        return self._aggregated(request, parameters_in(request, body), collection_id)

    def _aggregated(self, request: Request, given: Mapping[str, Any], collection: str | None) -> Response:
        base_url, audiences = base_url_of(request), self._holdings.audiences(request)
        wanted = _wanted(given)
        rest = {name: value for name, value in given.items() if name not in _own_parameters(wanted)}
        tree = search_request(rest, self._holdings.reading).tree
        url = base_url
        if collection is not None:
            self._holdings.collection(request, collection)
            tree, url = All((OneOf("collection", (collection,)), tree)), collection_url(base_url, collection)
        told = _Sums(self._holdings, tree, audiences, given).told(wanted)
        return _answer(request, {"type": "AggregationCollection", "aggregations": told}, f"{url}/aggregate")


class _Sums:
    """The answers to the aggregations of one request."""

    def __init__(self, holdings: Holdings, tree: Filter, audiences: Audiences, given: Mapping[str, Any]) -> None:
        self._holdings = holdings
        self._tree = tree
        self._audiences = audiences
        self._given = given

    def told(self, wanted: Mapping[str, Named]) -> list[dict[str, Any]]:
        """Each aggregation as a document, in their order."""
        # Of numbers and times the span comes first, which says how they are to be divided.
        spans = {
            name: one.property
            for name, one in wanted.items()
            if isinstance(one, Spread) and self._needs_span(name, one)
        }
        summaries = dict(zip(spans, self._asked([Statistics(one.name) for one in spans.values()]), strict=True))
        questions = {name: self._question(name, one, summaries.get(name)) for name, one in wanted.items()}
        asked = {name: question for name, question in questions.items() if question is not None}
        answers = summaries | dict(zip(asked, self._asked(list(asked.values())), strict=True))
        return [self._document(name, one, answers.get(name)) for name, one in wanted.items()]

    def _needs_span(self, name: str, one: Spread) -> bool:
        return one.property.kind == "number" or (one.property.kind == "time" and f"{name}_interval" not in self._given)

    def _asked(self, questions: list[Aggregation]) -> tuple[Aggregated, ...]:
        if not questions:
            return ()
        return self._holdings.index.aggregate(self._tree, questions, audiences=self._audiences)

    def _question(self, name: str, one: Named, summary: Aggregated | None) -> Aggregation | None:
        match one:
            case Measured(found, _):
                return Statistics(found.name)
            case Cells(kind, usual):
                return Grid(kind, _whole(f"{name}_precision", self._given.get(f"{name}_precision", usual)))
            case Spread(found) if found.kind == "text":
                return Frequencies(found.name, _MOST_VALUES)
            case Spread(found) if found.kind == "time":
                return Histogram(found.name, self._interval(f"{name}_interval", summary))
            case _:
                return None

    def _interval(self, parameter: str, summary: Aggregated | None) -> Any:
        if isinstance(summary, Summary):
            return usual_interval(summary)
        given = self._given[parameter]
        if given not in INTERVALS:
            raise RequestInvalid(f"{parameter}: {str(given)[:40]!r} is none of {', '.join(INTERVALS)}")
        return given

    def _document(self, name: str, one: Named, found: Aggregated | None) -> dict[str, Any]:
        match one, found:
            case Total(), _:
                return value_document(name, "integer", self._holdings.count(self._tree, self._audiences))
            case Measured(), Summary():
                return measured_document(name, one, found)
            case Cells(), Buckets():
                return cells_document(name, found)
            case Spread(), Buckets():
                return spread_document(name, one.property, found)
            case Spread(), Summary():
                return ranges_document(name, self._numbers(one.property, found))
        raise AssertionError("every aggregation has its answer")

    def _numbers(self, one: Property, summary: Summary) -> list[tuple[float, float | None, int]]:
        """Ranges with the number of items in each."""
        return [
            (start, end, self._holdings.index.count(self._within(one, start, end), audiences=self._audiences))
            for start, end in ranges_of(summary)
        ]

    def _within(self, one: Property, start: float, end: float | None) -> Filter:
        above = Comparison(one.name, ">=", start)
        below = () if end is None else (Comparison(one.name, "<", end),)
        return All((self._tree, above, *below))


def _from_query(given: dict[str, str]) -> dict[str, Any]:
    names = given.pop("aggregations", "")
    return from_query(given) | {"aggregations": [name for name in names.split(",") if name]}


def _wanted(given: Mapping[str, Any]) -> dict[str, Named]:
    names = given.get("aggregations") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RequestInvalid("aggregations: is no list of names")
    if len(names) > _MOST:
        raise RequestInvalid(f"aggregations: has {len(names)} names; give at most {_MOST} at a time")
    found = {name: aggregation_named(name) for name in names}
    if unknown := [name for name, one in found.items() if one is None]:
        raise RequestInvalid(f"aggregations: {unknown[0][:80]!r} is none of those that /aggregations lists")
    return {name: one for name, one in found.items() if one is not None}


def _own_parameters(wanted: Mapping[str, Named]) -> set[str]:
    """Parameters of a request that are no parameters of its search."""
    intervals = {f"{name}_interval" for name, one in wanted.items() if isinstance(one, Spread)}
    precisions = {f"{name}_precision" for name, one in wanted.items() if isinstance(one, Cells)}
    return {"aggregations"} | intervals | precisions


def _whole(parameter: str, value: Any) -> int:
    try:
        return int(str(value)[:9])
    except ValueError as cause:
        raise RequestInvalid(f"{parameter}: {str(value)[:40]!r} is no whole number") from cause


def _answer(request: Request, content: dict[str, Any], url: str) -> Response:
    links = [{"rel": "self", "type": JSON, "href": url}, root_link(base_url_of(request))]
    return Response(json_text(content | {"links": links}), media_type=JSON)
