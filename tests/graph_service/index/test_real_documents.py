"""Filters over real documents of many producers, where the shared data are there, against a plain reading of them.

What a record knows beyond its document (an orbit or a tile that its name tells, names in one spelling) is left out.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cql2
import pytest

from graph_service.index.concepts import concepts_of
from graph_service.index.cql2 import cql2_filter
from graph_service.index.cql2_parts import Reading
from graph_service.index.rows import row
from graph_service.index.sqlite import SQLiteIndex
from graph_service.views.stac.document import stac_document
from ingest.document import Document
from ingest.errors import DocumentRefused
from ingest.kinds import JSON, documents_within, mapped
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import find_targets
from ontology.records import Scene
from ontology.triples import statements
from tests.graph_service.api.stac_service import meaning
from tests.graph_service.index.document_reading import truth

_DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
_FOLDERS = ("stac", "landsat", "hazards", "dafab")

pytestmark = pytest.mark.skipif(not _DATA.is_dir(), reason=f"no shared data in {_DATA}")

Documents = dict[str, dict[str, Any]]
"""STAC items by the IRIs of their records."""


def _within(document: Document) -> Iterator[Document]:
    try:
        for member in documents_within(document):
            if member.kind == JSON:
                yield from _within(member)
            else:
                yield member
    except DocumentRefused:
        return


def _scenes() -> Iterator[tuple[Scene, Document]]:
    read = read_targets(find_targets([str(_DATA / folder) for folder in _FOLDERS]))
    for document in (member for one in read if isinstance(one, Document) for member in _within(one)):
        try:
            record = mapped(document, MappingSettings()).record
        except DocumentRefused:
            continue
        if isinstance(record, Scene):
            yield record, document


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SQLiteIndex, Documents]]:
    """An index of a few thousand items, and the items as their producers wrote them."""
    index = SQLiteIndex(tmp_path_factory.mktemp("real") / "index.sqlite")
    rows, documents = {}, {}
    for scene, document in _scenes():
        stac, links = stac_document(scene, document.parts[-1].content)
        concepts = concepts_of(scene.iri, statements(scene))
        rows[scene.iri] = row(scene, audience=None, stac=stac, links=links, concepts=concepts)
        documents[scene.iri] = document.value
    index.apply(1, rows=rows.values())
    yield index, documents
    index.close()


@pytest.mark.parametrize(
    "text",
    [
        "eo:cloud_cover BETWEEN 0 AND 20",
        "eo:cloud_cover / 2 > 40",
        "view:off_nadir > 5 AND view:off_nadir < view:sun_elevation",
        "gsd ^ 2 % 100 = 0",
        "A_CONTAINS(instruments, ('oli')) AND A_CONTAINS(instruments, ('tirs')) AND collection LIKE 'landsat-8%'",
        "A_OVERLAPS(keywords, ('hurricane'))",
        "proj:epsg BETWEEN 32600 AND 32660",
        "landsat:collection_category = 'T1'",
        "created > DATE('2021-01-01')",
        "T_AFTER(updated, created)",
        "s2:vegetation_percentage > s2:water_percentage",
        "CASEI(title) LIKE CASEI('%CYCLONE%')",
        "license IS NOT NULL",
        "T_DURING(datetime, INTERVAL('2020-01-01', '2020-12-31'))",
        "S_INTERSECTS(geometry, BBOX(95, 8, 110, 25))",
        "NOT S_DISJOINT(geometry, BBOX(5, 35, 20, 48)) AND processing:level = 'L4'",
    ],
)
def test_filters_find_what_the_documents_say(taken_in: tuple[SQLiteIndex, Documents], text: str) -> None:
    index, documents = taken_in
    expression = cql2.Expr(text).to_json()
    found = index.search(cql2_filter(text, "cql2-text", Reading(meaning())), limit=10_000).found
    expected = {iri for iri, document in documents.items() if truth(expression, document)}
    assert {one.iri for one in found} == expected
