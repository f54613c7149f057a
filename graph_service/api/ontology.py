"""``/ontology``: the ontology as a page, and in the formats of RDF."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Literal

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import Response

from graph_service.api.negotiation import preferred
from graph_service.errors import NotFound
from graph_service.views.ontology.documents import (
    FORMATS,
    HTML,
    TURTLE,
    context_prefixes,
    context_text,
    merged_turtle,
    rdf,
    shapes_text,
)
from graph_service.views.ontology.editions import Editions
from graph_service.views.ontology.entries import LANGUAGES
from graph_service.views.ontology.names import ONTOLOGY, anchor
from graph_service.views.ontology.page import page_of
from graph_service.views.ontology.statements import statements_of
from ontology import terms
from ontology.identifiers import segment
from ontology.loader import Module, Ontology, turtle_triples
from ontology.release import releases

Format = Literal["html", "turtle", "rdfxml", "jsonld", "ntriples"]

_NAMED: dict[Format, str] = {
    "html": HTML,
    "turtle": TURTLE,
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "ntriples": "application/n-triples",
}
_RDF = tuple(FORMATS)
_ALL = (TURTLE, HTML, *_RDF[1:])
"""Turtle comes first: whoever takes anything is a program, since browsers ask for HTML."""


def ontology_router(ontology: Ontology) -> APIRouter:
    """The routes of the ontology.

    Args:
        ontology: that the catalogue works with; earlier versions are those that were released.
    """
    router = APIRouter(prefix="/ontology", tags=["Ontology"], default_response_class=Response)
    shelf = _Shelf(Editions(ontology, releases()))

    @router.get("")
    def whole(request: Request, f: Format | None = None) -> Response:
        """The ontology: a page for people, one document for programs, by ``Accept`` or ``f``."""
        return _whole(request, shelf, ontology, "current", f)

    @router.get("/context.jsonld")
    def context(request: Request) -> Response:
        """The JSON-LD context of the terms."""
        return answer(request, context_text().encode(), "application/ld+json")

    @router.get("/shapes")
    def shapes(request: Request, f: Format | None = None) -> Response:
        """The SHACL shapes of the records."""
        text = shapes_text()
        if text is None:
            raise NotFound("shapes: this installation has none; generate ontology/shapes/records.ttl")
        media_type = wanted(request, f, _RDF)
        return answer(request, shelf.text("shapes", text, turtle_triples(text), media_type), media_type)

    @router.get("/code/{name}")
    def code(request: Request, name: str, f: Format | None = None) -> Response:
        """One code, or a scheme with its codes."""
        return _thing(request, shelf, terms.CODE + segment(name), f)

    @router.get("/term/{name}")
    def term(request: Request, name: str, f: Format | None = None) -> Response:
        """One class or property."""
        return _thing(request, shelf, terms.ORR + name, f)

    @router.get("/{name}")
    def part(request: Request, name: str, f: Format | None = None) -> Response:
        """One module, or all modules of one version."""
        if name in shelf.editions.versions():
            return _whole(request, shelf, shelf.editions.edition(name), name, f)
        return _module(request, shelf, shelf.editions.module(name), f"#module/{name}", f)

    @router.get("/{name}/{version}")
    def release(request: Request, name: str, version: str, f: Format | None = None) -> Response:
        """One module in one version."""
        module = shelf.editions.module(name, version)
        return _module(request, shelf, module, f"/{version}#module/{name}", f)

    return router


class _Shelf:
    """Documents of editions, each written when it is first asked for and kept."""

    def __init__(self, editions: Editions) -> None:
        self.editions = editions
        self.statements = statements_of(editions.current.triples)
        self.prefixes = context_prefixes()
        loader = PackageLoader("graph_service", "web/templates")
        self._template = Environment(
            autoescape=select_autoescape(default=True), loader=loader, trim_blocks=True, lstrip_blocks=True
        ).get_template("ontology.html")
        self._kept: dict[tuple[str, str], bytes] = {}

    def page(self, ontology: Ontology, name: str, root: str) -> bytes:
        """An edition as HTML; ``root`` is the path under which the service is mounted."""
        return self._once((f"{name} {root}", HTML), lambda: self._rendered(ontology, name, root).encode())

    def _rendered(self, ontology: Ontology, name: str, root: str) -> str:
        home = f"{root}/ontology"
        return self._template.render(
            page=page_of(ontology),
            root=root,
            home=home,
            own=home if name == "current" else f"{home}/{name}",
            earlier=name != "current",
            versions=self.editions.versions(),
            languages=LANGUAGES,
            namespace=terms.ORR,
            codes=terms.CODE,
            iri=ONTOLOGY,
            shapes=shapes_text() is not None,
        )

    def edition(self, ontology: Ontology, name: str, media_type: str) -> bytes:
        """All modules of an edition in one format of RDF."""
        if media_type == TURTLE:
            return self._once((name, TURTLE), lambda: merged_turtle(ontology.modules).encode())
        return self._once((name, media_type), lambda: rdf(ontology.triples, media_type, self.prefixes))

    def text(self, name: str, text: str, triples: Sequence[ox.Triple], media_type: str) -> bytes:
        """A Turtle text as it was written, or in another format."""
        if media_type == TURTLE:
            return text.encode()
        return self._once((name, media_type), lambda: rdf(triples, media_type, self.prefixes))

    def _once(self, key: tuple[str, str], written: Callable[[], bytes]) -> bytes:
        if key not in self._kept:
            self._kept[key] = written()
        return self._kept[key]


def _whole(request: Request, shelf: _Shelf, ontology: Ontology, name: str, f: Format | None) -> Response:
    media_type = wanted(request, f, _ALL)
    if media_type == HTML:
        return answer(request, shelf.page(ontology, name, root_of(request)), HTML)
    return answer(request, shelf.edition(ontology, name, media_type), media_type)


def _module(request: Request, shelf: _Shelf, module: Module, place: str, f: Format | None) -> Response:
    media_type = wanted(request, f, _ALL)
    if media_type == HTML:
        return _see(f"{root_of(request)}/ontology{place}")
    return answer(request, shelf.text(module.place, module.text, module.triples, media_type), media_type)


def _thing(request: Request, shelf: _Shelf, iri: str, f: Format | None) -> Response:
    triples = list(shelf.statements.description(iri))
    if not any(isinstance(one.subject, ox.NamedNode) and one.subject.value == iri for one in triples):
        raise NotFound(
            f"{iri}: no term of the ontology; /ontology lists them, and what products brought along is described by "
            f"/sparql?query=DESCRIBE <{iri}>"
        )
    media_type = wanted(request, f, _ALL)
    if media_type == HTML:
        return _see(f"{root_of(request)}/ontology#{anchor(iri)}")
    return answer(request, rdf(triples, media_type, shelf.prefixes), media_type)


def wanted(request: Request, f: Format | None, offered: Sequence[str]) -> str:
    """The media type of an answer: what ``f`` names, else what the request likes best.

    Raises:
        NotAcceptable: it is none of those that are offered.
    """
    return preferred(request.headers.get("accept") if f is None else _NAMED[f], offered)


def root_of(request: Request) -> str:
    """The path under which the service is mounted, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def _see(place: str) -> Response:
    """Where the page describes it."""
    return RedirectResponse(place, status_code=303, headers={"Vary": "Accept"})


def answer(request: Request, body: bytes, media_type: str) -> Response:
    """A document, or that the one which the client has is still right (RFC 9110, 13.1.2 and 15.4.5)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Vary": "Accept"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
