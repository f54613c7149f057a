"""STAC items and collections that clients create, replace, patch and delete; each request is one change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.catalogue import Catalogue
from graph_service.changes import Batch, Entry
from graph_service.document_patch import Patch
from graph_service.errors import ChangedMeanwhile, CollectionInUse, NotFound, RequestInvalid
from graph_service.index.filters import OneOf
from graph_service.index.paging import Found
from graph_service.index.sqlite import Known
from graph_service.intake import entry_of, fingerprint_of
from graph_service.security.tokens import Caller
from ingest.document import Document, Part
from ingest.json_document import json_text, read_json
from ingest.kinds import JSON, documents_within, mapped
from ingest.settings import MappingSettings
from ontology.identifiers import collection_iri, item_iri
from ontology.records import Collection, Record, Scene
from ontology.related import Related

_MOST = 10_000
"""Items of one request."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the records of a request."""

    found: tuple[Found, ...]
    """As they are served from now on, in the order in which they were sent."""
    replaced: int
    """How many of them there were before."""
    change: int
    """Number of the change."""

    @property
    def one(self) -> Found:
        """The record of a request that is for one.

        Raises:
            ChangedMeanwhile: another request has deleted it since.
        """
        if not self.found:
            raise ChangedMeanwhile("what was written has been deleted since by another request")
        return self.found[0]


class Transactions:
    """What the transaction extensions of STAC do to a catalogue.

    Who may not see a record does not learn that there is one: it is not found. An item is for those
    who see its collection.
    """

    def __init__(self, catalogue: Catalogue, settings: MappingSettings) -> None:
        self._catalogue = catalogue
        self._settings = settings

    def create_item(self, caller: Caller, collection: str, body: bytes) -> Written:
        """Write a new item.

        Raises:
            CatalogueError: as of ``create_items``.
        """
        return self._put(caller, collection, [(None, body)], anew=True)

    def create_items(self, caller: Caller, collection: str, features: Any) -> Written:
        """Write new items, all or none.

        Args:
            caller: who writes.
            collection: identifier of the collection that they are put into.
            features: of a feature collection.

        Raises:
            NotFound: there is no such collection.
            RecordExists: there is such an item.
            RequestInvalid: an item is in another collection, or several have one identifier.
            DocumentRefused: an item cannot be taken in.
        """
        return self._put(caller, collection, [(None, text) for text in _texts(features)], anew=True)

    def write_items(self, caller: Caller, collection: str, items: Mapping[str, Any], *, anew: bool) -> Written:
        """Write many items, all or none.

        Args:
            caller: who writes.
            collection: identifier of their collection.
            items: by identifier.
            anew: none of them may be there before.

        Raises:
            CatalogueError: as of ``create_items``.
        """
        return self._put(caller, collection, list(zip(items, _texts(list(items.values())), strict=True)), anew=anew)

    def replace_item(self, caller: Caller, collection: str, item: str, body: bytes, expected: Known) -> Written:
        """Write an item in the place of one that is there.

        Args:
            caller: who writes.
            collection: identifier of the collection.
            item: identifier of the item.
            body: the new item.
            expected: the item as the request takes it to be.

        Raises:
            ChangedMeanwhile: it has become another.
            CatalogueError: as of ``create_items``.
        """
        return self._put(caller, collection, [(item, body)], expected=expected)

    def patch_item(self, caller: Caller, collection: str, item: str, patch: Patch, expected: Known) -> Written:
        """Change parts of an item; the rest of its document stays as it is.

        Raises:
            CatalogueError: as of ``replace_item``, and of the patch.
        """
        return self.replace_item(caller, collection, item, self._patched(expected.iri, patch), expected)

    def create_collection(self, caller: Caller, body: bytes) -> Written:
        """Write a new collection, for everybody.

        Raises:
            RecordExists: there is such a collection.
            DocumentRefused: it cannot be taken in.
        """
        entry = self._entry(body, "body", None)
        _ensure_collection(entry.record, None)
        self._require_right(caller, self._known(entry.record.iri))
        return self._written([entry], {entry.record.iri: None})

    def replace_collection(self, caller: Caller, collection: str, body: bytes, expected: Known) -> Written:
        """Write a collection in the place of one that is there; its items stay.

        Raises:
            CatalogueError: as of ``replace_item``.
        """
        self._require_right(caller, expected)
        entry = self._entry(body, collection, expected.audience)
        _ensure_collection(entry.record, collection)
        return self._written([entry], {expected.iri: expected})

    def patch_collection(self, caller: Caller, collection: str, patch: Patch, expected: Known) -> Written:
        """Change parts of a collection.

        Raises:
            CatalogueError: as of ``replace_item``, and of the patch.
        """
        return self.replace_collection(caller, collection, self._patched(expected.iri, patch), expected)

    def delete(self, caller: Caller, expected: Known) -> int:
        """Delete an item, or a collection without items, and return the number of the change.

        Raises:
            CollectionInUse: a collection has items.
            ChangedMeanwhile: it has become another.
        """
        self._require_right(caller, expected)
        if expected.iri == collection_iri(expected.identifier):
            tree = OneOf("collection", (expected.identifier,))
            if number := self._catalogue.index.count(tree, audiences=self._catalogue.index.audiences()):
                raise CollectionInUse(f"{expected.identifier}: has {number:,} items; delete them first")
        batch = Batch(deletions=(expected.iri,), expected={expected.iri: expected})
        return self._catalogue.apply(batch).number

    def found(self, iri: str) -> Found | None:
        """A record as it is served; None where there is none."""
        return self._catalogue.index.found(iri)

    def known_item(self, caller: Caller, collection: str, item: str) -> Known:
        """An item that a caller may write.

        Raises:
            NotFound: there is none.
        """
        return self._writable(caller, item_iri(collection, item), f"{item}: no item of this identifier")

    def known_collection(self, caller: Caller, collection: str) -> Known:
        """A collection that a caller may write.

        Raises:
            NotFound: there is none.
        """
        return self._writable(caller, collection_iri(collection), f"{collection}: no collection of this identifier")

    def _put(
        self,
        caller: Caller,
        collection: str,
        items: Sequence[tuple[str | None, bytes]],
        *,
        anew: bool = False,
        expected: Known | None = None,
    ) -> Written:
        if len(items) > _MOST:
            raise RequestInvalid(f"{len(items):,} items are more than the {_MOST:,} that one request may have")
        audience = self.known_collection(caller, collection).audience
        entries = []
        for place, (name, text) in enumerate(items):
            source = name or ("body" if len(items) == 1 else f"features[{place}]")
            entry = self._entry(_in_collection(text, collection, source), source, audience)
            _ensure_item(entry.record, collection, name, source)
            entries.append(entry)
        iris = [entry.record.iri for entry in entries]
        if len(set(iris)) < len(iris):
            raise RequestInvalid("several items of the request have one identifier")
        for known in self._catalogue.index.known_among(iris).values():
            self._require_right(caller, known)
        return self._written(entries, dict.fromkeys(iris, expected) if anew or expected else {})

    def _entry(self, text: bytes, source: str, audience: str | None) -> Entry:
        found = list(documents_within(Document(source, JSON, (Part("", text),))))
        document = found[0]
        if document.kind == JSON or len(found) > 1:
            raise RequestInvalid(f"{source}: is a list; send one item or collection")
        fingerprint = fingerprint_of(document, self._settings, audience)
        return entry_of(document, mapped(document, self._settings), fingerprint, audience)

    def _written(self, entries: Sequence[Entry], expected: Mapping[str, Known | None]) -> Written:
        applied = self._catalogue.apply(Batch(tuple(entries), expected=expected))
        iris = [entry.record.iri for entry in entries]
        found = [self.found(iri) for iri in iris]
        # Another request may have deleted one of them by now.
        served = tuple(one for one in found if one is not None)
        return Written(served, len(applied.known_before.intersection(iris)), applied.number)

    def _patched(self, iri: str, patch: Patch) -> bytes:
        found = self.found(iri)
        if found is None:
            raise NotFound(f"{iri}: no such record")
        document = read_json(found.body, source=iri)
        document["links"] = read_json(found.links, source=iri)
        return json_text(patch(document), source="patch")

    def _known(self, iri: str) -> Known | None:
        return self._catalogue.index.known(iri)

    def _writable(self, caller: Caller, iri: str, absent: str) -> Known:
        known = self._known(iri)
        if known is None or not caller.may_write_to(known.audience):
            raise NotFound(absent)
        return known

    def _require_right(self, caller: Caller, known: Known | None) -> None:
        if known is not None and not caller.may_write_to(known.audience):
            raise NotFound(f"{known.identifier}: no such record, or none that the token may write")


def _texts(members: Any) -> list[bytes]:
    if not isinstance(members, list) or not members:
        raise RequestInvalid("features: is no list of items")
    return [json_text(member, source=f"features[{place}]") for place, member in enumerate(members)]


def _in_collection(text: bytes, collection: str, source: str) -> bytes:
    """An item as it came, or with the collection that it does not name. Source: STAC Transaction, create item."""
    item = read_json(text, source=source)
    if not isinstance(item, dict) or item.get("collection") is not None:
        return text
    return json_text(item | {"collection": collection}, source=source)


def _ensure_item(record: Record | Related, collection: str, item: str | None, source: str) -> None:
    if not isinstance(record, Scene):
        raise RequestInvalid(f"{source}: is no item")
    if record.iri != item_iri(collection, record.identifier):
        raise RequestInvalid(f"{source}: collection: is another than {collection}, which the request is for")
    if item is not None and record.identifier != item:
        raise RequestInvalid(f"{source}: id: is {record.identifier}, and the request is for {item}")


def _ensure_collection(record: Record | Related, collection: str | None) -> None:
    if not isinstance(record, Collection):
        raise RequestInvalid("body: is no collection")
    if collection is not None and record.identifier != collection:
        raise RequestInvalid(f"body: id: is {record.identifier}, and the request is for {collection}")
