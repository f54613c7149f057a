"""What a catalogue asks of the store that holds its graph, whichever engine that is."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox

from graph_service.store.evaluation import Results
from graph_service.store.oxigraph import StatementsByAudience
from ontology.triples import Statement


class GraphStore(Protocol):
    """A graph with public statements, restricted ones by audience, and a change number.

    Quads of public statements are in the default graph, whatever the engine calls the graph that holds them.
    """

    def change_number(self) -> int:
        """Number of the last change that was written, 0 for an empty store."""
        ...

    def about(self, iri: str) -> list[ox.Quad]:
        """Every quad whose subject is a record or one of its parts, in the public graph or an audience's.

        What public named graphs say of it is no part of it.
        """
        ...

    def subjects_of_type(self, class_iri: str) -> list[str]:
        """IRIs of everything that is stated to be of a class, in any graph, sorted."""
        ...

    def statements_of(self, subject: str) -> list[tuple[str | None, Statement]]:
        """Every statement with a subject in N-Triples syntax, and the named graph that holds it."""
        ...

    def subjects_with(self, predicate: str, value: str) -> list[tuple[str | None, str]]:
        """The subjects that have a property with an IRI as its value, all in N-Triples syntax, and the named graphs."""
        ...

    def quads_with(self, predicate: str) -> Iterator[ox.Quad]:
        """Every quad with a property, whatever graph holds it."""
        ...

    def count_up_to(self, subject: str | None, predicate: str | None, value: str | None, most: int) -> int:
        """How many quads match terms in N-Triples syntax, up to a number; None for any term."""
        ...

    def catalogue_values(self, term: str) -> list[str]:
        """IRIs that the catalogue itself has as values of a property, sorted."""
        ...

    def apply(self, *, change: int, remove: StatementsByAudience, add: StatementsByAudience) -> None:
        """Remove and add statements and set the change number, all or nothing as far as a reader of that can tell.

        Raises:
            StorageFailed: the store refused, or cannot be reached.
            StatementsInvalid: a term is not RDF; nothing was changed.
        """
        ...

    def forget(self, iri: str) -> None:
        """Remove a record and its parts outside any change."""
        ...

    def query(self, text: str, *, audiences: Sequence[str] = ()) -> Results:
        """The results of a SPARQL 1.1 query over the public graph and those of some audiences.

        Raises:
            QueryInvalid: it does not parse or cannot be evaluated.
        """
        ...

    def __len__(self) -> int:
        """Statements in all graphs, the change number among them."""
        ...

    def close(self) -> None:
        """Another process may write from now on; nothing acknowledged is lost."""
        ...
