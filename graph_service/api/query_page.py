"""The page that a browser sees at ``/sparql``: a form, examples, and the result of a query as a table."""

from collections.abc import Callable, Sequence
from importlib.resources import files

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, select_autoescape

from graph_service.api.errors import status_of
from graph_service.api.negotiation import preferred
from graph_service.errors import NotAcceptable
from graph_service.ports import QueryAnswers
from graph_service.store.query_guard import query_form
from graph_service.store.workers import Stream
from graph_service.views.query_page import Shown, graph, table
from graph_service.views.void import Example
from ontology import terms
from ontology.errors import CatalogueError

HTML = "text/html"
_TABLE, _GRAPH = "text/tab-separated-values", "text/turtle"
_FIRST = """SELECT ?scene ?sensed WHERE {
  ?scene a orr:Scene ; orr:sensedAt ?sensed .
} ORDER BY DESC(?sensed) LIMIT 10"""
# It loads nothing, from here or elsewhere, and whatever stands in the graph, nothing in it runs.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class QueryPage:
    """The page, for any query.

    Args:
        workers: whose limits it names.
        examples: queries that it offers.
    """

    def __init__(self, workers: QueryAnswers, examples: Sequence[Example]) -> None:
        self._workers = workers
        self._examples = examples
        environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
        source = files("graph_service").joinpath("web/templates/sparql.html").read_text("utf-8")
        self._template = environment.from_string(source)

    def start(self, request: Request) -> HTMLResponse:
        """The page before anything is asked."""
        return self._page(request, _FIRST)

    def answer(self, request: Request, query: str, ask: Callable[[str], Stream], *, expand: bool) -> HTMLResponse:
        """The page with the result of a query, or with what is wrong with it.

        Args:
            request: that it answers.
            query: SPARQL 1.1.
            ask: asks it in a media type.
            expand: whether it is asked with what follows from the ontology.
        """
        try:
            is_table = query_form(query) in ("SELECT", "ASK")
            found = ask(_TABLE if is_table else _GRAPH)
        except CatalogueError as error:
            return self._page(request, query, error=str(error), status=status_of(type(error)), expand=expand)
        if found.rest is not None:
            found.rest.close()  # type: ignore[attr-defined]  # a generator; whoever makes the rest goes on to others
        text, complete = found.first.decode(errors="replace"), found.rest is None
        shown = table(text, complete=complete) if is_table else graph(text, complete=complete)
        return self._page(request, query, shown=shown, expand=expand)

    def _page(
        self,
        request: Request,
        query: str,
        *,
        shown: Shown | None = None,
        error: str = "",
        status: int = 200,
        expand: bool = False,
    ) -> HTMLResponse:
        content = self._template.render(
            root=str(request.base_url).rstrip("/"),
            query=query,
            shown=shown,
            error=error,
            expand=expand,
            examples=self._examples,
            prefixes=sorted(terms.PREFIXES),
            deadline_s=self._workers.deadline_s,
        )
        headers = {
            "Content-Security-Policy": _POLICY,
            "Vary": "Accept, Authorization",
            "Cache-Control": "no-store",
        }
        return HTMLResponse(content, status_code=status, headers=headers)


def wants_page(request: Request, offered: Sequence[str]) -> bool:
    """Whether a request would rather have the page than any of the media types for programs."""
    try:
        return preferred(request.headers.get("accept"), (*offered, HTML)) == HTML
    except NotAcceptable:
        return False
