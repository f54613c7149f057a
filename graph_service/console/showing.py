"""What ``orrery get``, ``stats`` and ``doctor`` show."""

import json
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.console.reading import Reading, find_record, open_for_reading
from graph_service.errors import NotFound, RequestInvalid
from graph_service.index.filters import All
from graph_service.index.sqlite import Known, SQLiteIndex
from graph_service.service import running_service
from graph_service.settings import Settings
from graph_service.store.remote_store import RemoteStore
from graph_service.views.stac.served import collection_bytes, item_bytes
from ontology import terms
from ontology.errors import CatalogueError
from ontology.identifiers import collection_iri
from ontology.loader import ontology_triples
from ontology.triples import record_from

FORMS = ("stac", "turtle", "ntriples", "jsonld", "document")
_TRIPLES = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
_BASE_URL = "http://127.0.0.1:8020/stac"
"""Root of the links in a STAC document that no service gave."""


def record_as(reading: Reading, name: str, form: str, part: str | None, change: int | None) -> bytes:
    """A record in one of the forms; whoever may read the data directory may see restricted ones.

    Args:
        reading: the stores.
        name: IRI, ``collection/id`` or id.
        form: one of ``FORMS``.
        part: with the form ``document``, the file wanted of several.
        change: with the form ``document``, the change that wrote it; None for the newest.

    Raises:
        NotFound: there is no such record, or it has no such document.
        RequestInvalid: the form is unknown, or a part has to be named.
    """
    if form not in FORMS:
        raise RequestInvalid(f"--as {form}: is none of {', '.join(FORMS)}")
    known = find_record(reading.index, name, reading.index.audiences())
    if form == "stac":
        return json.dumps(json.loads(_stac(reading.index, known)), indent=2, ensure_ascii=False).encode() + b"\n"
    if form == "document":
        return _document(reading, _digest(reading, known, change), name, part)
    triples = sorted((quad.triple for quad in reading.graph.about(known.iri)), key=lambda t: (str(t.subject), str(t)))
    return ox.serialize(triples, format=_TRIPLES[form], prefixes=terms.PREFIXES) or b""


def _stac(index: SQLiteIndex, known: Known) -> bytes:
    found = index.found(known.iri)
    if found is None:
        raise NotFound(f"{known.iri}: has no STAC document, because it is no product or collection; ask --as turtle")
    if known.iri == collection_iri(known.identifier):
        return collection_bytes(found, index.extent(known.identifier, audiences=index.audiences()), _BASE_URL)
    return item_bytes(found, _BASE_URL)


def _digest(reading: Reading, known: Known, change: int | None) -> str | None:
    history = dict(reading.documents.history(known.iri))
    if change is None:
        # Of units and the like, which the index does not list, the journal alone tells.
        return known.document or next(reversed(history.values()), None)
    if change not in history:
        listed = ", ".join(map(str, history))
        raise RequestInvalid(f"--change {change}: did not write {known.identifier}; changes {listed} did")
    return history[change]


def _document(reading: Reading, digest: str | None, name: str, part: str | None) -> bytes:
    parts = None if digest is None else reading.documents.parts(digest)
    if parts is None:
        raise NotFound(f"{name}: has no source document; products alone made it known")
    if part is None and len(parts) == 1:
        return parts[0].content
    for one in parts:
        if part is not None and (one.name == part or one.name.endswith(f"/{part}")):
            return one.content
    listed = ", ".join(one.name for one in parts)
    raise RequestInvalid(f"{name}: its document has several files; name one with --part: {listed}")


def changes_of(reading: Reading, name: str) -> list[tuple[int, str | None]]:
    """Change numbers and document digests of a record, oldest first.

    Raises:
        NotFound: there is and was no such record.
    """
    if changes := reading.documents.history(name):
        return changes
    return reading.documents.history(find_record(reading.index, name, reading.index.audiences()).iri)


def statistics(reading: Reading) -> dict[str, int | dict[str, int]]:
    """Counts of what is in the catalogue; restricted records are counted in the triples and documents alone."""
    index = reading.index
    return {
        "products": index.count(All(())),
        "collections": len(index.collections()),
        "triples": len(reading.graph),
        "documents": reading.documents.count(),
        "change number": index.change_number(),
        "by collection": dict(index.counts("collection")),
        "by platform": dict(index.counts("platform")),
        "by anomaly type": dict(index.counts("anomaly_type")),
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: str
    ok: bool
    detail: str


def check_health(settings: Settings) -> list[Finding]:
    """What a look at every store finds; later checks are left out when the stores cannot be opened."""
    address = running_service(settings.service_file)
    service = Finding("service", True, "none runs" if address is None else f"answers at {address.url}")
    try:
        reading = open_for_reading(settings)
    except CatalogueError as fault:
        return [service, Finding("stores", False, str(fault))]
    try:
        return [service, *_store_findings(reading)]
    finally:
        reading.close()


def _store_findings(reading: Reading) -> list[Finding]:
    graph, index = reading.graph.change_number(), reading.index.change_number()
    scenes = reading.graph.subjects_of_type(terms.SCENE)
    unread, lost = _faults(reading, scenes)
    indexed = reading.index.count_all()
    published = len(ontology_triples())
    awaiting = reading.graph.catalogue_values(terms.AWAITS_INFERENCE)
    return [
        Finding("graph", True, f"{len(reading.graph):,} triples, of them at most {published:,} of the ontology"),
        *_engine_findings(reading),
        Finding("index", graph == index, f"at change {index} of {graph}"),
        Finding("inferences", not awaiting, _named(awaiting, "every record has those that follow")),
        Finding("products", indexed == len(scenes), f"{len(scenes):,} in the graph, {indexed:,} in the index"),
        Finding("records", not unread, _named(unread, "every product reads back as a record")),
        Finding("documents", not lost, _named(lost, "every product has its source document")),
    ]


def _engine_findings(reading: Reading) -> list[Finding]:
    """What an engine elsewhere lacks; nothing to say of the embedded one."""
    if not isinstance(reading.graph, RemoteStore):
        return []
    return [Finding("engine", True, limit) for limit in reading.graph.engine.limits()]


def _faults(reading: Reading, scenes: list[str]) -> tuple[list[str], list[str]]:
    unread: list[str] = []
    lost: list[str] = []
    for iri in scenes:
        try:
            record = record_from(iri, reading.graph.about(iri))
        except CatalogueError:
            unread.append(iri)
            continue
        digest = getattr(record, "document", None)
        if digest is None or not reading.documents.has(digest):
            lost.append(iri)
    return unread, lost


def _named(iris: list[str], otherwise: str) -> str:
    return f"{len(iris):,} do not, such as {iris[0]}" if iris else otherwise
