"""An edit, statement by statement, as a change to records and to what is none.

Whatever has a subject that is a record, or a part of one, changes that record: it is
read back from what it will state and has to be sound. Other subjects are the users'
own; they stay as they were written. What the ontology says, what the catalogue says of
itself and what is inferred are not edited.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_service.changes import Entry
from graph_service.draft import Draft, audience_of, is_record, statement
from graph_service.errors import EditRefused
from graph_service.reasoning.program import INFERRED_TYPE, TYPE
from graph_service.reasoning.reasoner import Reasoner
from graph_service.reasoning.surroundings import Audience, record_of
from graph_service.store.dataset import LISTS
from graph_service.store.documents import Touched
from graph_service.store.edit import Edit
from graph_service.store.graph_store import GraphStore
from ontology import terms
from ontology.errors import RecordInvalid
from ontology.identifiers import BASE, CATALOGUE
from ontology.literals import iri_term
from ontology.prefixed import prefixed
from ontology.records import Record
from ontology.related import Related
from ontology.triples import Statement, record_from, statements
from ontology.validation import ensure_valid

_NOWHERE = (iri_term(CATALOGUE), iri_term(terms.CHANGE_NUMBER), '"none"')
"""A statement that no graph has."""
_OWN_GRAPH = "say it in a named graph of your own"


@dataclass(slots=True)
class Changes:
    """What an edit writes and deletes."""

    draft: Draft
    entries: list[Entry] = field(default_factory=list)
    """Records that are written."""
    deletions: list[str] = field(default_factory=list)
    """IRIs of records that are deleted."""
    own: list[Touched] = field(default_factory=list)
    """Subjects that are no records."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What an edit does to one record, or to one subject with its parts, in one graph."""

    iri: str
    audience: Audience
    remove: set[Statement]
    add: set[Statement]


def changes_of(edit: Edit, graph: GraphStore, reasoner: Reasoner) -> Changes | None:
    """The changes that an edit makes to a graph; None where it makes none.

    Args:
        edit: what it removes from, and adds to, graphs that its writer may write.
        graph: as it stands.
        reasoner: that says what is inferred.

    Raises:
        EditRefused: it would break a record, or change what cannot be edited.
    """
    listed = set(graph.catalogue_values(LISTS))
    public = listed | set(edit.created) | set(edit.dropped)
    changes = Changes(Draft(reasoner))
    _list_graphs(edit, listed, changes.draft)
    for name in public:
        _extend(changes.draft, name, edit.remove.get(name, ()), edit.add.get(name, ()))
    for part in _parts(edit, public):
        _take(part, graph, reasoner, changes)
    if not (changes.draft.remove or changes.draft.add):
        return None
    # Of a change that only adds, a killed process may leave a part; one that also removes is one step for the engine.
    changes.draft.remove.setdefault(None, []).append(_NOWHERE)
    return changes


def _list_graphs(edit: Edit, listed: set[str], draft: Draft) -> None:
    catalogue, lists = iri_term(CATALOGUE), iri_term(LISTS)
    gone = [(catalogue, lists, iri_term(name)) for name in edit.dropped if name in listed]
    come = [(catalogue, lists, iri_term(name)) for name in edit.created if name not in listed]
    _extend(draft, None, gone, come)


def _extend(draft: Draft, graph: Audience, remove: Iterable[Statement], add: Iterable[Statement]) -> None:
    for lines, found in ((draft.remove, list(remove)), (draft.add, list(add))):
        if found:
            lines.setdefault(graph, []).extend(found)


def _parts(edit: Edit, public: set[str]) -> Iterable[_Part]:
    found: dict[tuple[Audience, str], _Part] = {}
    for adds, by_graph in ((False, edit.remove), (True, edit.add)):
        for audience, group in by_graph.items():
            if audience in public:
                continue
            for one in group:
                key = (audience, record_of(one[0]))
                part = found.setdefault(key, _Part(key[1], audience, set(), set()))
                (part.add if adds else part.remove).add(one)
    return found.values()


def _take(part: _Part, graph: GraphStore, reasoner: Reasoner, changes: Changes) -> None:
    quads = graph.about(part.iri)
    here = [quad for quad in quads if audience_of(quad) == part.audience]
    before = {statement(quad) for quad in here} | _beside(part, graph)
    part = _Part(part.iri, part.audience, part.remove & before, part.add - before)
    if not part.remove and not part.add:
        return
    _refuse_described(part, reasoner)
    if len(here) < len(quads):
        raise EditRefused(f"{part.iri}: the catalogue keeps this IRI for something else; {_OWN_GRAPH}")
    stated = {one for one in before if not _is_inferred(one, before, reasoner)} - part.remove | part.add
    was_record = is_record(here)
    if was_record and not any(one[0] == f"<{part.iri}>" for one in stated):
        # What belongs to a record goes with it, as what is inferred of it does.
        changes.deletions.append(part.iri)
        changes.draft.take(part.iri, here)
        return
    _refuse_inferred(part, before, reasoner)
    if any(one[1] == TYPE for one in stated) and is_record(_triples(stated)):
        _write_record(part, here, stated, reasoner, changes)
    elif was_record:
        raise EditRefused(f"{part.iri}: would be no record any more; delete all that it states, or none of its types")
    else:
        _keep_own(part, stated, reasoner, changes)


def _beside(part: _Part, graph: GraphStore) -> set[Statement]:
    """What is stated of subjects that nothing leads to from the one that their IRIs begin with."""
    subjects = {one[0] for one in part.remove | part.add} - {f"<{part.iri}>"}
    return {one for subject in subjects for audience, one in graph.statements_of(subject) if audience == part.audience}


def _refuse_described(part: _Part, reasoner: Reasoner) -> None:
    for subject in sorted({part.iri, *(one[0][1:-1] for one in part.remove | part.add)}):
        if subject == CATALOGUE:
            raise EditRefused(f"{subject}: what the catalogue says of itself is not edited")
        if subject in reasoner.described:
            raise EditRefused(f"{subject}: is described by the ontology, which is not edited; {_OWN_GRAPH}")


def _is_inferred(one: Statement, beside: set[Statement], reasoner: Reasoner) -> bool:
    return reasoner.program.is_inferred(one) or (one[1] == TYPE and (one[0], INFERRED_TYPE, one[2]) in beside)


def _refuse_inferred(part: _Part, before: set[Statement], reasoner: Reasoner) -> None:
    for one in sorted(part.remove | part.add):
        if _is_inferred(one, before, reasoner):
            raise EditRefused(f"{part.iri}: {_shown(one)} is inferred; what it follows from can be edited")


def _write_record(
    part: _Part, before: Sequence[ox.Quad], stated: set[Statement], reasoner: Reasoner, changes: Changes
) -> None:
    record = _record(part.iri, stated)
    written = statements(record)
    _refuse_beyond(part.iri, stated, written)
    changes.entries.append(Entry(record, audience=part.audience))
    changes.draft.take(part.iri, before)
    changes.draft.put(part.iri, list(written), reasoner.relevant(written), part.audience)


def _record(iri: str, stated: set[Statement]) -> Record | Related:
    try:
        record = record_from(iri, _triples(stated))
        ensure_valid(record)
    except RecordInvalid as cause:
        raise EditRefused(f"the edit would break a record: {cause}") from cause
    return record


def _refuse_beyond(iri: str, stated: set[Statement], written: Iterable[Statement]) -> None:
    """Refuse what the record does not hold; it would be lost when the record is next replaced."""
    held, wanted = (Counter((one[0], one[1]) for one in group) for group in (set(written), stated))
    for key in sorted({*held, *wanted}):
        if held[key] == wanted[key]:
            continue
        one = (key[0], key[1], "")
        if not held[key]:
            reason = f"is no property of such a record; {_OWN_GRAPH}"
        elif wanted[key] > held[key]:
            reason = f"would have {wanted[key]} values instead of {held[key]}; delete the old one in the same request"
        else:
            reason = "cannot be deleted without what belongs to it"
        raise EditRefused(f"the edit would break a record: {iri}: {_shown(one)} {reason}")


def _keep_own(part: _Part, stated: set[Statement], reasoner: Reasoner, changes: Changes) -> None:
    if part.add and part.iri.startswith(BASE):
        raise EditRefused(f"{part.iri}: there is no such record, and its IRI is one of the catalogue's; {_OWN_GRAPH}")
    for one in sorted(part.add):
        if reasoner.program.uses(one) or _is_ours(one):
            raise EditRefused(f"{part.iri}: {_shown(one)} is said of records alone; {_OWN_GRAPH}")
    _extend(changes.draft, part.audience, sorted(part.remove), sorted(part.add))
    left = {one[0] for one in stated}
    touched = {one[0] for one in part.remove | part.add}
    changes.own += [Touched(subject[1:-1], None, deleted=subject not in left) for subject in sorted(touched)]


def _is_ours(one: Statement) -> bool:
    # Questions are widened on the understanding that records alone have these (decision 10).
    return (one[2] if one[1] == TYPE else one[1]).startswith(f"<{terms.ORR}")


def _shown(one: Statement) -> str:
    """What a statement says, less its subject."""
    name = prefixed(one[1][1:-1])
    return f"{name} {prefixed(one[2][1:-1])}" if one[1] == TYPE and one[2] else name


def _triples(found: Iterable[Statement]) -> list[ox.Triple]:
    text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in found)
    quads = ox.parse(text, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return [quad.triple for quad in quads]


def own_subjects(standing: Sequence[str], known: Mapping[str, object], reasoner: Reasoner) -> list[str]:
    """IRIs of the subjects that are no records.

    Args:
        standing: what the journal has, and does not have as deleted.
        known: records, by IRI.
        reasoner: that knows what the ontology describes.
    """
    return [iri for iri in standing if iri not in known and iri not in reasoner.described]


def ensure_restricted(entries: Iterable[Entry], graph: GraphStore) -> None:
    """Pass records that are to be seen by nobody but their audience.

    Raises:
        EditRefused: what is given as an audience is a public named graph.
    """
    audiences = {one.audience for one in entries} - {None}
    for name in audiences.intersection(graph.catalogue_values(LISTS)) if audiences else ():
        raise EditRefused(f"{name}: is a public named graph, and no audience; choose another name")
