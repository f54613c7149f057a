"""The start page and the health of the service."""

from collections.abc import Callable, Sequence
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, select_autoescape
from pydantic import BaseModel

from graph_service.catalogue import Catalogue
from graph_service.index.filters import All, OneOf
from graph_service.index.properties import property_named
from graph_service.views.start import collection_line, map_view, outlines

AudiencesOf = Callable[[Request], Sequence[str]]

_EXAMPLE = """PREFIX orr: <https://w3id.org/orrery/ontology#>
PREFIX code: <https://w3id.org/orrery/code/>
SELECT ?scene ?sensed ?score WHERE {
  ?scene a orr:WaterAnalysis ; orr:sensedAt ?sensed ; orr:hasWaterAnomaly ?anomaly .
  ?anomaly orr:anomalyType code:AnomalyType-flood ; orr:waterExtentAnomalyScore ?score .
} ORDER BY DESC(?score) LIMIT 10"""
_FACETS = (
    ("platform", "Satellites"), ("level", "Processing levels"), ("anomaly_type", "Water anomalies"), ("tile", "Tiles"),
)  # fmt: skip
_SHOWN_ON_MAP = 200
_FLOODS = OneOf("anomaly_type", ("flood", "floodAndDrought"))


class Health(BaseModel):
    """That the service answers, and how far it has come."""

    status: str
    change: int
    scenes: int


def start_router(catalogue: Catalogue, audiences_of: AudiencesOf) -> APIRouter:
    """The routes of the start page and of health."""
    router = APIRouter(tags=["Service"])
    environment = Environment(autoescape=select_autoescape(default=True))
    template = environment.from_string(files("graph_service").joinpath("web/templates/start.html").read_text("utf-8"))

    @router.get("/health")
    def health() -> Health:
        """Whether the stores answer."""
        return Health(status="ok", change=catalogue.index.change_number(), scenes=catalogue.index.count(All(())))

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    def start(request: Request) -> str:
        """What is in the catalogue."""
        return template.render(_start_values(catalogue, str(request.base_url).rstrip("/"), audiences_of(request)))

    return router


def _start_values(catalogue: Catalogue, root: str, audiences: Sequence[str]) -> dict[str, object]:
    index, stac = catalogue.index, f"{root}/stac"
    numbers = dict(index.counts("collection", audiences=audiences))
    collections = index.collections(audiences=audiences)
    extents = {one.identifier: index.extent(one.identifier, audiences=audiences) for one in collections}
    newest = index.search(All(()), audiences=audiences, limit=_SHOWN_ON_MAP).found
    floods = index.search(_FLOODS, audiences=audiences, limit=_SHOWN_ON_MAP).found
    drawn = outlines((*newest, *floods), stac, floods=frozenset(one.iri for one in floods))
    return {
        "root": root,
        "example": _EXAMPLE,
        "scenes": sum(numbers.values()),
        "triples": len(catalogue.graph),
        "documents": catalogue.documents.count(),
        "change": index.change_number(),
        "floods": index.count(_FLOODS, audiences=audiences),
        "collections": [
            collection_line(one, extents[one.identifier], numbers.get(one.identifier, 0), stac) for one in collections
        ],
        "facets": [
            {"name": name, "title": title, "counts": index.counts(property_named(name).name, audiences=audiences)}
            for name, title in _FACETS
        ],
        "view": map_view(drawn),
        "footprints": drawn,
    }
