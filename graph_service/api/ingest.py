"""``POST /ingest``: documents into the catalogue, whole batches at a time, for those with a token."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from graph_service.api.callers import CallerOf, require_writer
from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.errors import NotAuthorised, NotFound, RequestInvalid
from graph_service.index.sqlite import SQLiteIndex
from graph_service.intake import entry_of, fingerprint_of
from graph_service.security.tokens import Caller
from ingest.document import Document, Part
from ingest.kinds import JSON, MAPPERS, documents_within, mapped
from ingest.settings import MappingSettings
from ingest.sources.safe import KIND as SAFE


class SentDocument(BaseModel):
    """One document as it is on the client's side."""

    source: str = Field(description="Where it came from; repeated in errors")
    kind: str = Field(JSON, description="Kind of the document; json to let the service look into it")
    audience: str | None = Field(None, description="IRI of a restricted data set; null for public")
    parts: dict[str, str] = Field(description="Content of each file in base64, by its name; one nameless file is usual")


class SentBatch(BaseModel):
    """What one change is to write and delete."""

    documents: list[SentDocument] = []
    deletions: list[str] = Field([], description="IRIs of records")


class Change(BaseModel):
    """A change that was written."""

    change: int
    known_before: list[str] = Field(description="IRIs of the records that it replaced or deleted")


def ingest_router(catalogue: Catalogue, settings: MappingSettings, caller_of: CallerOf) -> APIRouter:
    """The route that takes documents in."""
    router = APIRouter(tags=["Writing"])

    def writer(request: Request) -> Caller:
        return require_writer(caller_of(request))

    @router.post("/ingest")
    def ingest(sent: SentBatch, caller: Annotated[Caller, Depends(writer)]) -> Change:
        """Write a batch of documents and delete records, all or nothing. Needs a token that may write."""
        _require_audiences(sent, caller)
        entries = [entry for document in sent.documents for entry in _entries(document, settings)]
        _require_rights(catalogue.index, [entry.record.iri for entry in entries], sent.deletions, caller)
        applied = catalogue.apply(Batch(tuple(entries), tuple(sent.deletions)))
        return Change(change=applied.number, known_before=sorted(applied.known_before))

    return router


def _require_audiences(sent: SentBatch, caller: Caller) -> None:
    for document in sent.documents:
        if not caller.may_write_to(document.audience):
            raise NotAuthorised(f"{document.source}: audience: the token may not write to {document.audience}")


def _require_rights(index: SQLiteIndex, written: Sequence[str], deleted: Sequence[str], caller: Caller) -> None:
    for known in index.known_among([*written, *deleted]).values():
        if not caller.may_write_to(known.audience):
            # Whoever may not see a record does not learn that there is one.
            raise NotFound(f"{known.iri}: no such record, or none that the token may write")


def _entries(sent: SentDocument, settings: MappingSettings) -> Iterator[Entry]:
    if sent.kind != JSON and sent.kind not in MAPPERS:
        raise RequestInvalid(f"{sent.source}: kind: {sent.kind!r} is none of {', '.join([JSON, *sorted(MAPPERS)])}")
    # Whatever a client takes a JSON document for, it is looked into here.
    kind = sent.kind if sent.kind == SAFE else JSON
    document = Document(sent.source, kind, _parts(sent))
    pending = [document]
    while pending:
        for member in documents_within(pending.pop()):
            if member.kind == JSON:
                pending.append(member)
                continue
            fingerprint = fingerprint_of(member, settings, sent.audience)
            yield entry_of(member, mapped(member, settings), fingerprint, sent.audience)


def _parts(sent: SentDocument) -> tuple[Part, ...]:
    if not sent.parts:
        raise RequestInvalid(f"{sent.source}: parts: is empty")
    try:
        parts = [Part(name, base64.b64decode(content, validate=True)) for name, content in sorted(sent.parts.items())]
    except binascii.Error as cause:
        raise RequestInvalid(f"{sent.source}: parts: is not base64: {cause}") from cause
    return tuple(parts)
