"""Documents into the catalogue: each is mapped, written in batches, and answered for by an outcome.

A document that was taken in before, in the same way, is recognised by its bytes and
not even parsed, so a stopped run goes on where it was when it is started again.
While one batch is written the next is mapped.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from graph_service.changes import Batch, Entry, Prepared
from graph_service.errors import StatementsInvalid, StorageFailed
from graph_service.index.sqlite import Known
from graph_service.ports import CatalogueWriter, KnownRecords
from graph_service.store.documents import stored
from ingest.document import Document, Mapped, Notice
from ingest.errors import DocumentRefused
from ingest.kinds import JSON, MEDIA_TYPES, documents_within, mapped
from ingest.settings import MappingSettings
from ingest.sources.targets import Skipped
from ontology.errors import RecordInvalid
from ontology.identifiers import short_name
from ontology.records import Primary

log = logging.getLogger(__name__)

Status = Literal["ingested", "replaced", "unchanged", "failed", "skipped"]
BATCH_SIZE = 500
_BATCH_BYTES = 32_000_000
"""Of documents and statements that one change writes; a batch that reaches it is written early."""
_LOOKED_UP = 100
_LOOKED_UP_BYTES = 16_000_000
"""Documents whose fingerprints are looked up together: so many, or so many bytes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document."""

    source: str
    status: Status
    kind: str | None = None
    iri: str | None = None
    field: str = ""
    """Element at fault, where it failed."""
    reason: str = ""
    """Why it failed or was skipped."""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pending:
    entry: Entry
    prepared: Entry | Prepared
    outcome: Outcome

    @property
    def weight(self) -> int:
        """Bytes that it holds, about."""
        statements = len(self.prepared.lines) if isinstance(self.prepared, Prepared) else 0
        return statements + sum(len(document.content) for document in self.entry.documents)


class Intake:
    """One run: documents in, outcomes out.

    Args:
        writer: that batches are written through.
        known: the index that tells what was taken in before.
        settings: of the mapping.
        audience: IRI of the named graph that everything goes to; None for public.
        batch_size: documents that one change writes.
    """

    def __init__(
        self,
        writer: CatalogueWriter,
        known: KnownRecords,
        settings: MappingSettings,
        *,
        audience: str | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._writer = writer
        self._known = known
        self._settings = settings
        self._audience = audience
        self._batch_size = batch_size
        self._seen: dict[str, tuple[str, str]] = {}
        """Source and fingerprint of what this run has met, by the record's IRI."""

    def run(self, documents: Iterable[Document | Skipped | DocumentRefused]) -> Iterator[Outcome]:
        """The outcome of each document, those of a batch when it is written.

        Raises:
            StorageFailed: a store refused; what was answered for before stands, the rest was not written.
        """
        pending: list[_Pending] = []
        held = 0
        with ThreadPoolExecutor(max_workers=1) as writer:
            writing: Future[list[Outcome]] | None = None
            for some in _chunks(documents):
                for result in self._prepared(some):
                    if isinstance(result, Outcome):
                        yield result
                        continue
                    pending.append(result)
                    held += result.weight
                    if len(pending) >= self._batch_size or held >= _BATCH_BYTES:
                        yield from writing.result() if writing else ()
                        writing, pending, held = writer.submit(self._write, pending), [], 0
            yield from writing.result() if writing else ()
            yield from self._write(pending)

    def _prepared(self, found: Sequence[Document | Skipped | DocumentRefused]) -> Iterator[_Pending | Outcome]:
        fingerprints = {
            id(one): fingerprint_of(one, self._settings, self._audience) for one in found if isinstance(one, Document)
        }
        known = self._known.with_fingerprints(list(fingerprints.values()))
        for one in found:
            match one:
                case Skipped(source, reason):
                    yield Outcome(source, "skipped", reason=reason)
                case DocumentRefused():
                    yield _failed(one, None)
                case Document():
                    fingerprint = fingerprints[id(one)]
                    yield from self._survived(one, fingerprint, known.get(fingerprint))

    def _survived(self, document: Document, fingerprint: str, known: Known | None) -> Iterator[_Pending | Outcome]:
        try:
            yield from self._looked_into(document, fingerprint, known)
        except StorageFailed:
            raise
        except Exception as fault:
            # The outer edge of a harvest: a fault of ours in one document must not cost the rest of the run.
            log.error("%s", document.source, exc_info=fault)
            reason = f"met an error that nobody foresaw, which is worth a report: {type(fault).__name__}: {fault}"
            yield Outcome(document.source, "failed", reason=reason)

    def _looked_into(self, document: Document, fingerprint: str, known: Known | None) -> Iterator[_Pending | Outcome]:
        if known is not None:
            unchanged = Outcome(document.source, "unchanged", iri=known.iri)
            yield self._met(known.iri, document.source, fingerprint) or unchanged
            return
        members: list[Document] = []
        try:
            for member in documents_within(document):
                if member.kind == JSON:
                    members.append(member)
                else:
                    yield self._mapped(member, fingerprint)
        except DocumentRefused as refusal:
            yield _failed(refusal, None)
        for some in _chunks(members):
            yield from self._prepared(some)

    def _met(self, iri: str, source: str, fingerprint: str) -> Outcome | None:
        """The outcome of a document whose record this run has met before; None where it has not."""
        if (before := self._seen.get(iri)) is None:
            self._seen[iri] = (source, fingerprint)
            return None
        earlier, same = before
        if same == fingerprint:
            return Outcome(source, "unchanged", iri=iri)
        reason = f"this run already has {iri.rsplit('/', 1)[-1]}, from {earlier}, with other content; that one was kept"
        return Outcome(source, "failed", iri=iri, field="id", reason=reason)

    def _mapped(self, document: Document, fingerprint: str) -> _Pending | Outcome:
        try:
            result = mapped(document, self._settings)
        except DocumentRefused as refusal:
            return _failed(refusal, document.kind)
        if (met := self._met(result.record.iri, document.source, fingerprint)) is not None:
            return replace(met, kind=document.kind)
        outcome = Outcome(document.source, "ingested", document.kind, result.record.iri, notices=result.notices)
        entry = entry_of(document, result, fingerprint, self._audience)
        try:
            return _Pending(entry, self._writer.prepare(entry), outcome)
        except RecordInvalid as fault:
            # Another document may still give the record.
            del self._seen[result.record.iri]
            return replace(outcome, status="failed", iri=None, reason=str(fault))

    def _write(self, pending: list[_Pending]) -> list[Outcome]:
        known = self._known.known_among([one.entry.record.iri for one in pending])
        refused = [_not_published(one, known) for one in pending if _would_publish(one.entry, known)]
        return refused + self._written([one for one in pending if not _would_publish(one.entry, known)])

    def _written(self, pending: list[_Pending]) -> list[Outcome]:
        if not pending:
            return []
        try:
            applied = self._writer.apply(Batch(tuple(one.prepared for one in pending)))
        except StatementsInvalid as fault:
            if len(pending) > 1:
                # One record spoils the batch: write them one by one and name it.
                return [outcome for one in pending for outcome in self._written([one])]
            return [replace(pending[0].outcome, status="failed", reason=str(fault), iri=None)]
        return [
            replace(one.outcome, status="replaced") if one.outcome.iri in applied.known_before else one.outcome
            for one in pending
        ]


def _would_publish(entry: Entry, known: Mapping[str, Known]) -> bool:
    """Whether everybody would see what only an audience sees now."""
    before = known.get(entry.record.iri)
    return before is not None and before.audience is not None and entry.audience is None


def _not_published(one: _Pending, known: Mapping[str, Known]) -> Outcome:
    audience = short_name(str(known[one.entry.record.iri].audience))
    reason = f"the record is restricted to {audience}; give --audience {audience}, or delete it before publishing it"
    return replace(one.outcome, status="failed", field="id", reason=reason)


_Found = TypeVar("_Found", bound=Document | Skipped | DocumentRefused)


def _chunks(found: Iterable[_Found]) -> Iterator[list[_Found]]:
    """Some at a time, in order."""
    some: list[_Found] = []
    held = 0
    for one in found:
        some.append(one)
        held += sum(len(part.content) for part in one.parts) if isinstance(one, Document) else 0
        if len(some) >= _LOOKED_UP or held >= _LOOKED_UP_BYTES:
            yield some
            some, held = [], 0
    yield some


def fingerprint_of(document: Document, settings: MappingSettings, audience: str | None) -> str:
    """A text that differs wherever the bytes of a document or anything that steers its record differ."""
    digests = "".join(f"{part.name}\t{part.digest}\n" for part in document.parts)
    return hashlib.sha256(f"{settings.fingerprint}\n{audience or ''}\n{digests}".encode()).hexdigest()


def entry_of(document: Document, result: Mapped, fingerprint: str, audience: str | None) -> Entry:
    """What to write of a document that was mapped."""
    kept = stored(document.parts, media_type=MEDIA_TYPES[document.kind])
    record = result.record
    if isinstance(record, Primary):
        record = replace(record, document=kept[-1].digest, fingerprint=fingerprint)
    return Entry(record, result.references, kept, audience, document)


def _failed(refusal: DocumentRefused, kind: str | None) -> Outcome:
    return Outcome(refusal.source, "failed", kind, field=refusal.field, reason=refusal.reason)
