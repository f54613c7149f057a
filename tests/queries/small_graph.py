"""One small graph for all kept questions, with rows that each must find and neighbours that it must not."""

from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox

from graph_service.reasoning.reasoner import Reasoner
from graph_service.reasoning.surroundings import Audience, FactsByAudience
from ontology import terms
from ontology.loader import ontology_triples, packaged
from ontology.records import Record
from ontology.related import Related
from ontology.triples import Statement, statements
from tests.queries.happenings import AUDITED, COPIES, EVENTS, GASES, MODELS, NAMELESS, OWNER_OF_ALL, PAIRS, REPORTS, SEA
from tests.queries.land import FARMS, FIELDS, FLOODS, IN_UNITS, RANKED, SOIL, UNITS

RECORDS: tuple[Record | Related, ...] = (
    *UNITS, *FLOODS, *FIELDS, *RANKED, *EVENTS, *REPORTS, *FARMS, *IN_UNITS, *SOIL, *GASES, *MODELS, *COPIES, *SEA,
    *PAIRS, *AUDITED, OWNER_OF_ALL,
)  # fmt: skip


class _Nothing:
    """The graph before the first change."""

    def statements_of(self, subject: str) -> list[tuple[Audience, Statement]]:
        return []

    def subjects_with(self, predicate: str, value: str) -> list[tuple[Audience, str]]:
        return []


def inferred(stated: Iterable[Statement]) -> list[Statement]:
    """What the catalogue infers when these records are written."""
    reasoner = Reasoner(packaged())
    facts: FactsByAudience = {None: reasoner.relevant(stated)}
    return reasoner.inferred(facts, _Nothing(), frozenset(record.iri for record in RECORDS))[None]


def _stated() -> list[Statement]:
    every = [statement for record in RECORDS for statement in statements(record)]
    lost = (f"<{NAMELESS}>", f"<{terms.PRODUCT_IDENTIFIER}>")
    return [statement for statement in every if statement[:2] != lost]


@cache
def small_graph() -> ox.Store:
    """The records, what is inferred of them, and the ontology: as a catalogue keeps them."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in ontology_triples() if not isinstance(triple.subject, ox.BlankNode))
    stated = _stated()
    lines = [" ".join(statement) + " .\n" for statement in (*stated, *inferred(stated))]
    store.load("".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    return store
