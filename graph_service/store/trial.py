"""What an engine can do, found out by trying it in graphs that are removed again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from graph_service.errors import EngineRefused
from graph_service.store.dataset import Dataset
from graph_service.store.engine import DIGITS, GEOF, Engine
from graph_service.store.remote import N_TRIPLES, Endpoint
from graph_service.store.remote_answers import boolean_of, rows_of
from graph_service.store.remote_graphs import DATATYPES, Aliases, RemoteGraphs, cleared
from ontology import terms

_POINT, _LINE, _SQUARE = "POINT(1 1)", "LINESTRING(0 0, 2 2)", "POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))"
_METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
_SIMPLE = ("Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps")
_EGENHOFER = ("Equals", "Disjoint", "Meet", "Overlap", "Covers", "CoveredBy", "Inside", "Contains")
_RCC8 = ("eq", "dc", "ec", "po", "tppi", "tpp", "ntpp", "ntppi")
_TWO = (*(f"sf{n}" for n in _SIMPLE), *(f"eh{n}" for n in _EGENHOFER), *(f"rcc8{n}" for n in _RCC8),
        "intersection", "union", "difference", "symDifference", "metricDistance")  # fmt: skip
_ONE = ("boundary", "boundingCircle", "centroid", "convexHull", "envelope", "dimension", "coordinateDimension",
        "spatialDimension", "is3D", "isEmpty", "isMeasured", "isSimple", "geometryType", "getSRID", "minX", "minY",
        "maxX", "maxY", "numGeometries", "metricArea", "metricLength", "metricPerimeter", "asWKT", "asGML",
        "asGeoJSON")  # fmt: skip
_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    **{name: (_LINE, _SQUARE) for name in _TWO},
    **{name: (_SQUARE,) for name in _ONE},
}
_FURTHER: Mapping[str, str] = {
    "distance": f"{{a}}, {{b}}, {_METRE}", "buffer": f"{{a}}, 1, {_METRE}", "area": f"{{a}}, {_METRE}",
    "length": f"{{a}}, {_METRE}", "perimeter": f"{{a}}, {_METRE}", "metricBuffer": "{a}, 1", "geometryN": "{a}, 1",
    "concaveHull": "{a}, 1", "relate": '{a}, {b}, "T********"', "transform": "{a}, <http://www.opengis.net/def/crs/EPSG/0/4326>",
}  # fmt: skip

_FEATURES: Mapping[str, tuple[str, bool]] = {
    "property paths": ("ASK { <urn:a> <urn:p>/<urn:q> <urn:c> . <urn:a> (<urn:p>|<urn:q>)+ <urn:c> }", True),
    "sub-queries": ("ASK { { SELECT ?s { ?s <urn:q> ?o } } ?x <urn:p> ?s }", True),
    "OPTIONAL": ("ASK { <urn:a> <urn:p> ?o OPTIONAL { ?o <urn:none> ?z } FILTER(!BOUND(?z)) }", True),
    "MINUS": ("ASK { ?s <urn:p> ?o MINUS { <urn:a> <urn:p> ?o } }", False),
    "FILTER EXISTS": ("ASK { ?s <urn:p> ?o FILTER EXISTS { ?o <urn:none> ?z } }", False),
    "FILTER EXISTS in a group without patterns": ("ASK { FILTER EXISTS { <urn:none> ?p ?o } }", False),
    "VALUES": ("ASK { VALUES ?s { <urn:a> <urn:none> } ?s <urn:p> ?o }", True),
    "BIND, IF and COALESCE": ("ASK { BIND(IF(1 < 2, 3, 4) AS ?x) FILTER(COALESCE(?y, ?x) = 3) }", True),
    "aggregates": ("ASK { { SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o } } FILTER(?n = 1) }", True),
    "comparison of times": (
        'ASK { FILTER("2024-01-01T00:00:00Z"^^xsd:dateTime < "2024-01-01T02:30:00+02:00"^^xsd:dateTime) }', True),
    "language ranges": ('ASK { FILTER(LANGMATCHES(LANG("x"@en-GB), "en")) }', True),
}  # fmt: skip

_BY_GRAPH = (
    "GRAPH <B> { ?s ?p ?o }",
    "GRAPH ?g { ?s <urn:p> <urn:hidden> }",
    "VALUES ?g { <B> } GRAPH ?g { ?s ?p ?o }",
    "BIND(<B> AS ?g) GRAPH ?g { ?s <urn:p> ?o }",
    'BIND(IRI("B") AS ?g) GRAPH ?g { ?s <urn:p> ?o }',
    "GRAPH ?g { ?s ?p ?o } FILTER(?g = <B>)",
    "{ SELECT ?s { GRAPH ?g { ?s ?p ?o } } }",
    "{ ?s <urn:none> ?o } UNION { GRAPH <B> { ?s ?p ?o } }",
    "?s <urn:p> ?o OPTIONAL { GRAPH ?g { ?x ?y ?z } } FILTER(BOUND(?z))",
    "GRAPH <B> { <urn:a> <urn:p>+ ?o }",
    "?s <urn:p> ?o FILTER EXISTS { GRAPH <B> { ?x ?y ?z } }",
)
_LEAKS: Mapping[str, Sequence[str]] = {
    "GRAPH": _BY_GRAPH,
    "EXISTS": ("?s <urn:p> ?o FILTER EXISTS { ?s <urn:p> <urn:hidden> }",
               "?s <urn:p> ?o FILTER EXISTS { ?x <urn:p> <urn:hidden> }"),
    "path": ("<urn:a> (<urn:p>|<urn:q>)+ <urn:hidden>", "<urn:a> !<urn:q> <urn:hidden>"),
    "pattern": ("?s <urn:p> <urn:hidden>", "{ SELECT ?s { ?s <urn:p> <urn:hidden> } }"),
}  # fmt: skip
"""Patterns that match by a hidden graph alone, by the keyword that a query could do without."""
_AVOIDABLE = frozenset(("GRAPH", "EXISTS"))
"""Keywords that a query can be refused for."""

_VERBATIM = {
    DATATYPES[0]: (
        "POLYGON ((11.123456789012345 44, 12 44.0, 12 45.00000000000001, 11.123456789012345 44))",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (1.50 2)", "POINT Z (1 2 3)", "no WKT",
    ),
    DATATYPES[1]: ("<gml:Point xmlns:gml='http://www.opengis.net/gml/3.2'><gml:pos>1.50 2</gml:pos></gml:Point>",),
    DATATYPES[2]: ("{'type': 'Point', 'coordinates': [1.50, 2]}",),
    DATATYPES[3]: ("<Point xmlns='http://www.opengis.net/kml/2.2'><coordinates>1.50,2</coordinates></Point>",),
}  # fmt: skip


def probed(endpoint: Endpoint, graphs: RemoteGraphs, kept: Aliases | None) -> Engine:
    """What an engine can do.

    Args:
        endpoint: of the engine, which has to take updates.
        graphs: of the catalogue; nothing but the ones for probes is written.
        kept: the aliases under which it has data already; None where it has none.

    Raises:
        EngineFailed: it cannot be reached.
    """
    trial = _Trial(endpoint, graphs)
    with trial.prepared():
        aliases = kept if kept is not None else Aliases(frozenset(filter(trial.rewrites, DATATYPES)))
        leaks = frozenset(trial.leaks())
        return Engine(
            atomic=trial.is_atomic(),
            apart=not (leaks - _AVOIDABLE),
            leaks=leaks & _AVOIDABLE,
            missing_functions=frozenset(trial.missing_functions(aliases)),
            missing_features=tuple(trial.missing_features()),
            decimal_digits=trial.decimal_digits(),
            aliases=aliases,
        )


class _Trial:
    """Small graphs to try things on: ``a`` is seen, ``b`` is not."""

    def __init__(self, endpoint: Endpoint, graphs: RemoteGraphs) -> None:
        self._endpoint = endpoint
        self._graphs = graphs
        self._a, self._b, self._c = (graphs.probe(name) for name in "abc")
        self._dataset = graphs.seen((self._a,), ())

    @contextmanager
    def prepared(self) -> Iterator[None]:
        clear = " ; ".join(cleared(graph) for graph in (self._a, self._b, self._c))
        seen = "<urn:a> <urn:p> <urn:b> . <urn:b> <urn:q> <urn:c> ."
        hidden = "<urn:a> <urn:p> <urn:hidden> . <urn:c> <urn:p> <urn:hidden> ."
        self._endpoint.update(clear)
        self._endpoint.update(f"INSERT DATA {{ GRAPH <{self._a}> {{ {seen} }} }}")
        self._endpoint.update(f"INSERT DATA {{ GRAPH <{self._b}> {{ {hidden} }} }}")
        try:
            yield
        finally:
            self._endpoint.update(clear)

    def _asked(self, text: str, dataset: Dataset | None = None) -> bool | None:
        """The answer to an ASK; None where the engine has none."""
        declared = f"PREFIX xsd: <{terms.XSD}> {text}"
        try:
            return boolean_of(self._endpoint.looked_up(declared, dataset or self._dataset))
        except EngineRefused:
            return None

    def is_atomic(self) -> bool:
        """Whether the first operation of a request is undone when a later one fails, in one of several ways to fail."""
        failed = False
        self._endpoint.update(cleared(self._c))
        for failing in (f"CREATE GRAPH <{self._a}>", f"DROP GRAPH <{self._graphs.nothing}>"):
            try:
                self._endpoint.update(f"INSERT DATA {{ GRAPH <{self._c}> {{ <urn:a> <urn:p> 1 }} }} ; {failing}")
            except EngineRefused:
                failed = True
            else:
                self._endpoint.update(cleared(self._c))
        return failed and not self._asked("ASK { ?s ?p ?o }", self._graphs.seen((self._c,), ()))

    def leaks(self) -> Iterator[str]:
        for keyword, patterns in _LEAKS.items():
            if any(
                self._asked(f"ASK {{ {one} }}".replace("<B>", f"<{self._b}>").replace('"B"', f'"{self._b}"'))
                for one in patterns
            ):
                yield keyword
        try:
            described = self._endpoint.looked_up("DESCRIBE <urn:c>", self._dataset, accept=N_TRIPLES)
        except EngineRefused:
            return
        if b"hidden" in described:
            yield "DESCRIBE"

    def missing_features(self) -> Iterator[str]:
        return (name for name, (text, right) in _FEATURES.items() if self._asked(text) is not right)

    def missing_functions(self, aliases: Aliases) -> Iterator[str]:
        def literal(wkt: str) -> str:
            return aliases.stored(f'"{wkt}"^^<{DATATYPES[0]}>')

        for name, geometries in _ARGUMENTS.items():
            if not self._is_bound(name, ", ".join(map(literal, geometries))):
                yield name
        for name, form in _FURTHER.items():
            if not self._is_bound(name, form.format(a=literal(_SQUARE), b=literal(_POINT))):
                yield name

    def _is_bound(self, name: str, arguments: str) -> bool:
        return self._asked(f"ASK {{ BIND(<{GEOF}{name}>({arguments}) AS ?x) FILTER(BOUND(?x)) }}") is True

    def decimal_digits(self) -> int:
        return next((n for n in DIGITS if n and self.keeps(f'"0.{"3" * n}"^^<{terms.DECIMAL}>')), 0)

    def rewrites(self, datatype: str) -> bool:
        """Whether a literal of a datatype comes back as another, or is not taken."""
        literals = (f'"{text}"^^<{datatype}>' for text in _VERBATIM[datatype])
        return not all(self.keeps(literal) for literal in literals)

    def keeps(self, literal: str) -> bool:
        """Whether a literal comes back as it was written."""
        try:
            self._endpoint.update(cleared(self._c))
            self._endpoint.update(f"INSERT DATA {{ GRAPH <{self._c}> {{ <urn:a> <urn:p> {literal} }} }}")
            body = self._endpoint.looked_up("SELECT ?o { ?s ?p ?o }", self._graphs.seen((self._c,), ()))
        except EngineRefused:
            return False
        return [str(row["o"]) for row in rows_of(body)] == [literal]
