"""The one way into the catalogue: documents, then the graph with the change number, then the index.

A batch is applied whole or not at all, twice is the same as once, and a kill at
any instant loses nothing that was acknowledged: documents and journal are kept
before the graph is written, the graph's change number is the commit, what a killed
process had loaded without reaching it is taken back, and an index that is behind
it is caught up from the journal.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from pyoxigraph import Triple

from graph_service.changes import Applied, Batch, Entry, Prepared, ensure_expected, last_of_each, touched
from graph_service.draft import Draft, difference_of
from graph_service.editing import changes_of, ensure_restricted, own_subjects
from graph_service.errors import NotFound, StatementsInvalid
from graph_service.index.geometries import GeometryChange
from graph_service.index.rows import Row
from graph_service.index.sqlite import Known, SQLiteIndex
from graph_service.known_references import Audienced, KnownReferences
from graph_service.projection import Projection, StacDocument, has_row, with_inferred
from graph_service.reasoning.reasoner import Reasoner, ground
from graph_service.spatial.statements import geometry_change
from graph_service.store.documents import DocumentStore, StoredDocument, Touched
from graph_service.store.edit import Edit
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import n_triples
from ontology import terms
from ontology.identifiers import CATALOGUE, document_digest, document_iri
from ontology.literals import iri_term
from ontology.loader import turtle_triples
from ontology.triples import Statement, statements
from ontology.validation import ensure_valid

log = logging.getLogger(__name__)

_CHUNK = 500
"""Records that are inferred again, or read back for the index, at a time."""
_TRIES = 2
"""How often an edit is worked out while others write; after that they wait for it."""


class Catalogue:
    """Graph, documents and index of one data directory, written through this object alone."""

    def __init__(
        self,
        graph: GraphStore,
        documents: DocumentStore,
        index: SQLiteIndex,
        stac_document: StacDocument,
        reasoner: Reasoner,
    ) -> None:
        self.graph = graph
        self.documents = documents
        self.index = index
        self.reasoner = reasoner
        self._projection = Projection(graph, documents, index, stac_document)
        self._references = KnownReferences(graph, index)
        self._lock = threading.Lock()
        index.call(reasoner.labels)
        self.catch_up()

    def prepare(self, entry: Entry) -> Prepared:
        """Do the part of writing an entry that needs no store, while another batch is being written.

        Raises:
            RecordInvalid: the record or one that it points to breaks a shape, or an IRI in it is none.
        """
        for record in (entry.record, *entry.references):
            ensure_valid(record)
        stated = statements(entry.record)
        facts = tuple(self.reasoner.relevant(stated))
        document = entry.documents[-1].content if entry.documents else None
        row = self._projection.row(entry.record, entry.audience, document, stated)
        return Prepared(entry, n_triples(stated), facts, row)

    def apply(self, batch: Batch) -> Applied:
        """Write and delete records with all that follows from them, all or nothing.

        What other records were inferred to be because of them is mended in changes
        after it, before this returns; a note in the graph sees to it after a crash.

        Raises:
            NotFound: a record to delete does not exist; nothing was changed.
            RecordInvalid: a record breaks a shape, or an IRI in it is none; nothing was changed.
            StatementsInvalid: the graph does not take a record; nothing was changed.
            RecordExists, ChangedMeanwhile: a record is not what the batch expects; nothing was changed.
            StorageFailed: a store refused. Before the graph was written nothing has
                changed; after it the change stands and the index catches up with the next
                change or when next opened.
        """
        prepared = [one if isinstance(one, Prepared) else self.prepare(one) for one in last_of_each(batch.entries)]
        with self._settled():
            entries = [one.entry for one in prepared]
            ensure_restricted(entries, self.graph)
            known = self._known_before(entries, batch.deletions)
            ensure_expected(batch.expected, known)
            references = self._references.news(entries)
            draft = self._draft(prepared, batch.deletions, references, known)
            rows = [one.row for one in prepared if one.row]
            return self._commit(entries, batch.deletions, references, draft, rows, known)

    def edit(self, plan: Callable[[], Edit]) -> Applied:
        """Change single statements, all or nothing, with all that follows from them.

        Args:
            plan: works the edit out on the graph as it stands; asked again where that has changed meanwhile.

        Raises:
            EditRefused: it would break a record, or change what cannot be edited; nothing was changed.
            CatalogueError: as of ``plan`` and ``apply``.
        """
        for _ in range(_TRIES):
            edit = plan()
            with self._settled():
                if edit.change in (None, self.graph.change_number()):
                    return self._edit(edit)
        with self._settled():
            return self._edit(plan())

    def _edit(self, edit: Edit) -> Applied:
        changes = changes_of(edit, self.graph, self.reasoner)
        if changes is None:
            return Applied(self.graph.change_number(), frozenset())
        entries, records = changes.entries, [one.record for one in changes.entries]
        known = self.index.known_among([*(one.iri for one in records), *changes.deletions])
        rows = [
            self._projection.row(e.record, e.audience, self._projection.document(e.record), statements(e.record))
            for e in entries
        ]
        found = [one for one in rows if one is not None]
        return self._commit(entries, changes.deletions, [], changes.draft, found, known, changes.own)

    def own_subjects(self) -> list[str]:
        """IRIs of the subjects in the public graph that are no records."""
        standing = self.documents.standing()
        return own_subjects(standing, self.index.known_among(standing), self.reasoner)

    def _commit(
        self,
        entries: Sequence[Entry],
        deletions: Sequence[str],
        references: Audienced,
        draft: Draft,
        rows: Sequence[Row],
        known: Mapping[str, Known],
        own: Sequence[Touched] = (),
    ) -> Applied:
        inferred = draft.infer(self.graph)
        reasons, affected = draft.affected(self.graph)
        if affected:
            draft.add.setdefault(None, []).extend(_awaiting(reasons))
        self._write(entries, deletions, references, draft, with_inferred(rows, inferred), own)
        self._references.forget(draft.touched)
        if affected:
            self._infer_again(sorted(affected))
            self._state(terms.AWAITS_INFERENCE, [])
        return Applied(self.graph.change_number(), frozenset(known))

    def _known_before(self, entries: Sequence[Entry], deletions: Sequence[str]) -> dict[str, Known]:
        known = self.index.known_among([e.record.iri for e in entries] + list(deletions))
        if missing := [iri for iri in deletions if iri not in known]:
            raise NotFound(f"{missing[0]}: no such record")
        return known

    def _draft(
        self, prepared: Sequence[Prepared], deletions: Sequence[str], references: Audienced, known: Mapping[str, Known]
    ) -> Draft:
        draft = Draft(self.reasoner)
        for iri in (*deletions, *(one.entry.record.iri for one in prepared if one.entry.record.iri in known)):
            draft.take(iri, self.graph.about(iri))
        for one in prepared:
            draft.put(one.entry.record.iri, [one.lines], one.facts, one.entry.audience)
        for reference, audience in references:
            draft.take(reference.iri, self.graph.about(reference.iri))
            stated = statements(reference)
            draft.put(reference.iri, stated, self.reasoner.relevant(stated), audience)
        return draft

    def _write(
        self,
        entries: Sequence[Entry],
        deletions: Sequence[str],
        references: Audienced,
        draft: Draft,
        rows: Sequence[Row],
        own: Sequence[Touched],
    ) -> None:
        change = self.graph.change_number() + 1
        collections = [
            self._projection.row(r, audience, None, statements(r)) for r, audience in references if has_row(r)
        ]
        nameless = [(r.iri, audience) for r, audience in references if not has_row(r)]
        nameless += [(e.record.iri, e.audience) for e in entries if not has_row(e.record)]
        noted = [*touched(entries, deletions, [r.iri for r, _ in references]), *own]
        self.documents.keep(change, (d for e in entries for d in e.documents), noted)
        try:
            self.graph.apply(change=change, remove=draft.remove, add=draft.add)
        except StatementsInvalid:
            self._take_back()
            raise
        found = [*rows, *(one for one in collections if one)]
        geometries = geometry_change(draft.remove, draft.add)
        self.index.apply(change, rows=found, references=nameless, gone=deletions, geometries=geometries)

    def publish_ontology(self, turtle: str, triples: Iterable[Triple]) -> bool:
        """Keep the ontology's own triples in the public graph, and return whether they were news.

        Where they are, or the rules have changed, everything is inferred again. Axioms over
        lists have blank nodes, which no later version could take back; they stay in the
        published modules.

        Args:
            turtle: the modules as published, kept as a document.
            triples: of the modules.
        """
        document = StoredDocument(hashlib.sha256(turtle.encode()).hexdigest(), "text/turtle", turtle.encode())
        with self._settled():
            is_news = document_iri(document.digest) not in self.graph.catalogue_values(terms.SOURCE_DOCUMENT)
            under = self.reasoner.fingerprint(document.digest)
            if is_news:
                self._publish(document, triples)
            if self.graph.catalogue_values(terms.INFERRED_UNDER) != [under]:
                self._infer_again(self._recorded())
                self._state(terms.INFERRED_UNDER, [under])
        return is_news

    def _publish(self, document: StoredDocument, triples: Iterable[Triple]) -> None:
        remove, add = self._restated(terms.SOURCE_DOCUMENT, [document_iri(document.digest)])
        for _, _, old in remove:
            remove = [*remove, *ground(self._old_ontology(old[1:-1]))]
        if not self._recorded():
            # There is nothing to infer anew, so a new catalogue is up to date with its first change.
            gone, come = self._restated(terms.INFERRED_UNDER, [self.reasoner.fingerprint(document.digest)])
            remove, add = [*remove, *gone], [*add, *come]
        change = self.graph.change_number() + 1
        self.documents.keep(change, [document], [])
        add = [*add, *ground(triples)]
        self.graph.apply(change=change, remove={None: remove}, add={None: add})
        self.index.apply(change, rows=(), geometries=geometry_change({None: remove}, {None: add}))

    def _old_ontology(self, iri: str) -> list[Triple]:
        found = self.documents.content(document_digest(iri))
        return [] if found is None else turtle_triples(found[1])

    def infer_again(self) -> int:
        """Make every inference again from what is stated, and return how many records had wrong ones."""
        with self._settled():
            return self._infer_again(self._recorded())

    def _infer_again(self, iris: Sequence[str], *, refresh: bool = False) -> int:
        """Mend the inferences of some records, a change for each so many.

        Args:
            iris: of the records.
            refresh: write their rows even where nothing is mended, because a killed process may not have.
        """
        mended = 0
        for start in range(0, len(iris), _CHUNK):
            chunk = iris[start : start + _CHUNK]
            difference = difference_of(chunk, self.graph, self.reasoner)
            change = self.graph.change_number()
            if difference.records:
                change += 1
                self.graph.apply(change=change, remove=difference.remove, add=difference.add)
            geometries = geometry_change(difference.remove, difference.add)
            self._projection.refresh(change, chunk if refresh else difference.records, geometries=geometries)
            mended += len(difference.records)
            if len(iris) > _CHUNK:
                log.info("inferred again: %d of %d records", start + len(chunk), len(iris))
        return mended

    def _state(self, term: str, iris: Sequence[str]) -> None:
        """Make some IRIs the values of a property of the catalogue itself, in a change of its own."""
        remove, add = self._restated(term, iris)
        change = self.graph.change_number() + 1
        self.graph.apply(change=change, remove={None: remove}, add={None: add})
        self.index.apply(change, rows=(), geometries=GeometryChange())

    def _restated(self, term: str, iris: Iterable[str]) -> tuple[list[Statement], list[Statement]]:
        """The statements that go and come when a property of the catalogue itself gets other values."""
        own, predicate = iri_term(CATALOGUE), iri_term(term)
        before = [(own, predicate, iri_term(old)) for old in self.graph.catalogue_values(term)]
        return before, [(own, predicate, iri_term(new)) for new in iris]

    def catch_up(self) -> None:
        """Bring the index to the graph's change number, and inferences to what is stated."""
        with self._settled():
            pass

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Nobody else writes, and all is as it should be after the last change."""
        with self._lock:
            self._settle()
            yield

    def _settle(self) -> None:
        """Make good what a killed process, or a store that refused in the middle of a change, has left."""
        self._take_back()
        behind, now = self.index.change_number(), self.graph.change_number()
        if behind > now:
            # The graph was put back to an older copy, and the journal does not say what the index has besides.
            self.index.apply(0, rows=(), afresh=True)
            self._projection.refresh(now, self._recorded())
        elif behind != now:
            self._projection.refresh(now, self.documents.touched_after(behind, now))
        if self.index.geometry_change_number() != now:
            self._projection.survey()
        if reasons := self.graph.catalogue_values(terms.AWAITS_INFERENCE):
            affected = self.reasoner.dependents(map(iri_term, reasons), self.graph)
            self._infer_again(sorted(affected), refresh=True)
            self._state(terms.AWAITS_INFERENCE, [])

    def _take_back(self) -> None:
        """Remove what was loaded under a change number that the graph never reached."""
        reached = self.graph.change_number()
        for iri in self.documents.left_half_done(reached):
            self.graph.forget(iri)
        self.documents.forget_after(reached)

    def rebuild(self) -> int:
        """Make the index again from graph and documents, and return how many products and collections it holds.

        It is made beside the one that is served, which is read and written meanwhile, and takes its place in the end.

        Raises:
            StoreInUse: it is being made again already.
        """
        return self._projection.rebuild(self._recorded, self._settled)

    def _recorded(self) -> list[str]:
        return self._projection.recorded(self.reasoner.described)

    def close(self) -> None:
        """Everything acknowledged is on the disk; the object is of no further use."""
        self.graph.close()
        self.documents.close()
        self.index.close()


def _awaiting(reasons: Iterable[str]) -> list[Statement | str]:
    return [(iri_term(CATALOGUE), iri_term(terms.AWAITS_INFERENCE), reason) for reason in sorted(reasons)]
