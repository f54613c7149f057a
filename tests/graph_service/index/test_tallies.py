from pathlib import Path
from typing import Any

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.index.filters import All, Comparison, OneOf
from graph_service.index.sqlite import SQLiteIndex
from graph_service.index.tallies import Extent
from ontology.identifiers import item_iri
from tests.graph_service.builders import SENSED, scene_of
from tests.graph_service.index.rows import at, ids, row_of

NORTH = "urn:north"
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["one", "two"]),
        st.sampled_from([None, NORTH]),
        st.integers(-3, 3),
        st.sampled_from(["write", "write", "delete"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(OPERATIONS, st.integers(1, 4))
def test_tallies_are_those_of_the_scenes_that_are_left(operations: list[Any], at_a_time: int) -> None:
    index = SQLiteIndex(Path(":memory:"))
    left: dict[str, tuple[str, str | None, int]] = {}
    for start in range(0, len(operations), at_a_time):
        rows, gone = {}, []
        for name, collection, audience, west, what in operations[start : start + at_a_time]:
            iri = item_iri(collection, name)
            if what == "delete" and iri not in rows:
                gone.append(iri)
                left.pop(iri, None)
            elif what == "write":
                scene = scene_of(name, collection=collection, **at(shapely.box(west, 0, west + 1, 1)))
                rows[iri] = row_of(scene, audience)
                left[iri] = (collection, audience, west)
        index.apply(index.change_number() + 1, rows=rows.values(), gone=gone)
    for audiences in ((), (NORTH,)):
        for collection in ("one", "two"):
            wests = [w for c, a, w in left.values() if c == collection and a in (None, *audiences)]
            expected = (
                Extent(SENSED.timestamp(), SENSED.timestamp(), min(wests), 0, max(wests) + 1, 1) if wests else None
            )
            assert index.extent(collection, audiences=audiences) == expected
            for tree in (OneOf("collection", (collection,)), All((Comparison("collection", "=", collection),))):
                assert len(ids(index, tree, *audiences)) == len(wests)
        seen = [c for c, a, _ in left.values() if a in (None, *audiences)]
        assert dict(index.counts("collection", audiences=audiences)) == {c: seen.count(c) for c in set(seen)}
        assert len(ids(index, All(()), *audiences)) == len(seen)
    assert index.count_all() == len(left)
    index.close()
