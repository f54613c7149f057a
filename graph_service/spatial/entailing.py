"""What follows from the vocabulary of GeoSPARQL, in the queries on one graph (OGC 22-047r1, clause 12)."""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_service.geosparql.schema import AXIOMS, Axiom, Schema
from graph_service.geosparql.vocabulary import NAMESPACES, SCHEMA, VOCABULARY
from graph_service.index.geometries import geometry_change_number
from graph_service.index.outsiders import has_outsiders
from graph_service.index.sqlite import SQLiteIndex
from graph_service.sparql.entailment import Entailment
from graph_service.sparql.prologue import prologue_of
from graph_service.sparql.syntax import Query
from graph_service.sparql.ways import Told, Ways
from graph_service.spatial.explanation import Finding
from graph_service.spatial.statistics import Counting
from graph_service.store.dataset import DEFAULT_NAMES, LISTS
from ontology import terms
from ontology.identifiers import BASE, CATALOGUE

RECORDS_TELL = Told(
    properties=frozenset((terms.HAS_DEFAULT_GEOMETRY,)),
    subjects=frozenset((terms.HAS_DEFAULT_GEOMETRY, terms.AS_WKT)),
    values=frozenset((terms.HAS_DEFAULT_GEOMETRY, terms.HAS_GEOMETRY)),
)
"""What every record states beside what it follows from: geo:hasGeometry, and that its footprint is a geo:Geometry."""

_LOCAL_NAMES = {iri: iri.removeprefix(start) for iri in SCHEMA.names for start in NAMESPACES if iri.startswith(start)}
_NAMED = re.compile(rf"\b(?:{'|'.join(sorted(set(_LOCAL_NAMES.values())))})\b")
_MARK = re.compile(r"^[ \t]*#[ \t]*INFERENCE[ \t]*$", re.MULTILINE)
"""The comment by which a query asks for what follows from the schemas in the graph as well."""


@dataclass(slots=True)
class _Facts:
    """What a graph has of a schema after one change."""

    change: int
    occurring: dict[tuple[str, bool], bool] = field(default_factory=dict)
    outsiders: bool | None = None
    """Whether anything but records has a place; None where it was not asked."""
    schemas: dict[tuple[str, ...], Schema] = field(default_factory=dict)
    """What the statements of some graphs add to the vocabulary."""


class Entailing:
    """The entailment of queries on one graph: always of the vocabulary, and of other schemas where it is asked for."""

    def __init__(self, graph: Counting, index: SQLiteIndex) -> None:
        self._graph = graph
        self._index = index
        self._facts = _Facts(-1)
        self._lock = threading.Lock()

    def concerns(self, text: str) -> bool:
        """Whether a query may find more by what follows; it is not parsed for that, and most are not."""
        if _MARK.search(text) is not None:
            return True
        names = set(_NAMED.findall(text))
        if not names:
            return False
        ways = self._ways(SCHEMA)[0]
        return not all(ways.is_plain(iri) for iri, name in _LOCAL_NAMES.items() if name in names)

    def entailed(
        self, query: Query, text: str, audiences: Sequence[str], dataset: Sequence[str] | None = None
    ) -> tuple[Query, tuple[Finding, ...]]:
        """A query that finds what follows as well; itself where nothing does.

        Args:
            query: parsed.
            text: it was parsed from, whose comments tell what is asked for.
            audiences: IRIs of the named graphs that the caller sees beside the public ones.
            dataset: IRIs of the graphs that the request asks for; None where those are merged that the caller sees.

        Raises:
            QueryInvalid: it would be too wide.
        """
        asked = tuple(_from(query)) if dataset is None else tuple(dataset)
        ways, named = self._ways(self._schema(text, audiences, asked))
        entailment = Entailment.within(query, ways if dataset is None else named, named)
        body = entailment.of(query.body)
        findings = tuple(Finding(note.triple, done=note.done) for note in entailment.notes)
        return (Query(query.prologue, body), findings) if findings else (query, ())

    def _ways(self, schema: Schema) -> tuple[Ways, Ways]:
        """What can hold in the graphs that are merged, and in any graph."""
        facts = self._fresh()

        def occurs(iri: str, is_class: bool) -> bool:
            key = (iri, is_class)
            if key not in facts.occurring:
                predicate, value = (f"<{terms.TYPE}>", f"<{iri}>") if is_class else (f"<{iri}>", None)
                facts.occurring[key] = self._graph.count_up_to(None, predicate, value, 1) > 0
            return facts.occurring[key]

        if facts.outsiders is None:
            facts.outsiders = self._has_outsiders(facts.change)
        # Of another schema the records do not state what follows.
        told = RECORDS_TELL if facts.outsiders is False and schema is SCHEMA else Told()
        return Ways(schema, occurs, told), Ways(schema, occurs)

    def _fresh(self) -> _Facts:
        change = self._graph.change_number()
        with self._lock:
            if self._facts.change != change:
                self._facts = _Facts(change)
            return self._facts

    def _has_outsiders(self, change: int) -> bool | None:
        """Whether anything but a record has a place; None, as good as yes, while the index follows a change."""
        return self._index.within_one_state(
            lambda opened: has_outsiders(opened, BASE) if geometry_change_number(opened) == change else None
        )

    def _schema(self, text: str, audiences: Sequence[str], asked: Sequence[str]) -> Schema:
        """The vocabulary; with the axioms that graphs state where a query asks for them."""
        if _MARK.search(text) is None:
            return SCHEMA
        names = ("" if name in DEFAULT_NAMES else name for name in asked)
        seen = tuple(name for name in names if name in ("", *audiences) or self._is_public(name))
        graphs = seen if asked else ("", *audiences)
        facts = self._fresh()
        if graphs not in facts.schemas:
            facts.schemas[graphs] = Schema.of((*VOCABULARY, *self._stated(frozenset(graphs))))
        return facts.schemas[graphs]

    def _is_public(self, name: str) -> bool:
        return self._graph.count_up_to(f"<{CATALOGUE}>", f"<{LISTS}>", f"<{name}>", 1) > 0

    def _stated(self, graphs: frozenset[str]) -> Iterator[Axiom]:
        for kind in AXIOMS:
            for quad in self._graph.quads_with(kind):
                ends = (quad.subject, quad.object)
                if getattr(quad.graph_name, "value", "") in graphs and all(isinstance(e, ox.NamedNode) for e in ends):
                    yield quad.subject.value, kind, quad.object.value  # type: ignore[union-attr]  # both are IRIs


def _from(query: Query) -> Iterator[str]:
    """The graphs that the text of a query asks for."""
    prologue = prologue_of(query.prologue)
    for clause in query.body.datasetClause or ():
        yield prologue.iri(clause.default if clause.named is None else clause.named) or ""
