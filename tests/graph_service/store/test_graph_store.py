"""What every store of a graph does, whichever engine holds it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graph_service.errors import EngineLacks, QueryInvalid, StatementsInvalid
from graph_service.store.dataset import LISTS
from graph_service.store.graph_store import GraphStore
from graph_service.store.oxigraph import OxigraphStore, StatementsByAudience
from graph_service.store.remote_store import RemoteStore
from ontology import terms
from ontology.identifiers import CATALOGUE, audience_iri
from ontology.records import Record
from ontology.triples import Statement, record_from, statements
from tests.graph_service.store.engines import Server
from tests.ontology.record_strategies import STORED_CLASSES, records_of

NORTH, SOUTH = audience_iri("north"), audience_iri("south")
ENGINES = ("embedded", "oxigraph", "virtuoso")

NewStore = Callable[[], GraphStore]
"""Makes an empty store, after which no earlier one is used any more."""


class StoreOf(Protocol):
    def __call__(self, **groups: list[Statement]) -> GraphStore:
        """A store after one change that adds to audiences by their parameter names; ``public`` for the public graph."""
        ...


@pytest.fixture(scope="module", params=ENGINES)
def new_store(request: pytest.FixtureRequest) -> Iterator[NewStore]:
    if request.param == "embedded":
        yield OxigraphStore.in_memory
        return
    server: Server = request.getfixturevalue(request.param)
    store = RemoteStore.open(server.store_settings("urn:orrery:test:graph-store"))

    def erased() -> RemoteStore:
        store.erase()
        return store

    yield erased
    store.erase()


@pytest.fixture
def store_of(new_store: NewStore) -> StoreOf:
    def made(**groups: list[Statement]) -> GraphStore:
        store = new_store()
        audiences = {"public": None, "north": NORTH, "south": SOUTH}
        store.apply(change=1, remove={}, add={audiences[name]: group for name, group in groups.items()})
        return store

    return made


@pytest.fixture(scope="module")
def used_store(new_store: NewStore) -> GraphStore:
    """One store for many small changes."""
    return new_store()


def statement(subject: str, value: str, predicate: str = "urn:p") -> Statement:
    return f"<{subject}>", f"<{predicate}>", f"<{value}>"


A, B, C = (statement(f"urn:{name}", "urn:o") for name in "abc")


def subjects(store: GraphStore, *audiences: str) -> list[str]:
    """Subjects of ``urn:p``, once for each row."""
    solutions: Any = store.query("SELECT ?s { ?s <urn:p> ?o } ORDER BY ?s", audiences=audiences)
    return [row["s"].value.removeprefix("urn:") for row in solutions]


def test_an_empty_store_is_at_change_zero(new_store: NewStore) -> None:
    assert new_store().change_number() == 0


def test_a_change_removes_adds_and_counts(store_of: StoreOf) -> None:
    store = store_of(public=[A, B])
    store.apply(change=2, remove={None: [A]}, add={None: [C]})
    assert subjects(store) == ["b", "c"]
    assert store.change_number() == 2
    assert len(store) == 3  # the number itself is one


def test_what_is_removed_and_added_in_one_change_stays(store_of: StoreOf) -> None:
    store = store_of(public=[A])
    store.apply(change=2, remove={None: [A]}, add={None: [A]})
    assert subjects(store) == ["a"]


def test_a_change_without_statements_still_counts(store_of: StoreOf) -> None:
    store = store_of(public=[])
    assert store.change_number() == 1
    assert len(store) == 1


def test_removing_what_is_not_there_is_no_fault(store_of: StoreOf) -> None:
    store = store_of(public=[A])
    store.apply(change=2, remove={None: [B], NORTH: [A]}, add={})
    assert subjects(store) == ["a"]


@pytest.mark.parametrize("bad", ['"open', "<urn:open", "", '"a"@', "_:b .\n<urn:x>", "} ; DROP ALL ; INSERT DATA {"])
@pytest.mark.parametrize("audience", [None, SOUTH])
def test_a_statement_that_is_not_rdf_leaves_everything_as_it_was(
    store_of: StoreOf, bad: str, audience: str | None
) -> None:
    store = store_of(public=[A], north=[B])
    wrong = ("<urn:bad>", "<urn:p>", bad)
    groups: Sequence[StatementsByAudience] = (
        {audience: [C, wrong]},
        {None: [C], SOUTH: [wrong]},
        {SOUTH: [C, wrong], NORTH: [C]},
    )
    for added in groups:
        with pytest.raises(StatementsInvalid):
            store.apply(change=2, remove={None: [A]}, add=added)
    assert subjects(store) == ["a"]
    assert subjects(store, NORTH) == ["a", "b"]
    assert (store.change_number(), len(store)) == (1, 3)


def test_an_iri_with_a_blank_is_not_rdf(store_of: StoreOf) -> None:
    with pytest.raises(StatementsInvalid):
        store_of(public=[statement("urn:a b", "urn:o")])


ITEM = "https://w3id.org/orrery/id/item/a/b"
PARTS = [
    statement(ITEM, f"{ITEM}#asset-x"),
    statement(f"{ITEM}#asset-x", f"{ITEM}#asset-x/band-1"),
    statement(f"{ITEM}#asset-x/band-1", f"{ITEM}#asset-x"),
    statement(ITEM, f"{ITEM}c"),
    statement(ITEM, "urn:elsewhere"),
]
OTHERS = [
    statement(f"{ITEM}c", f"{ITEM}c#asset-x"),
    statement(f"{ITEM}c#asset-x", "urn:o"),
    statement(f"{ITEM}/d", ITEM),
    statement("urn:elsewhere", f"{ITEM}#asset-x"),
]


def test_about_is_the_record_with_parts_of_parts_and_nobody_else(store_of: StoreOf) -> None:
    store = store_of(public=[*PARTS, *OTHERS])
    found = [(str(q.subject), str(q.predicate), str(q.object)) for q in store.about(ITEM)]
    assert sorted(found) == sorted(PARTS)


def test_about_finds_a_restricted_record_with_its_graph(store_of: StoreOf) -> None:
    found = store_of(north=PARTS, public=OTHERS).about(ITEM)
    assert {quad.graph_name for quad in found} == {ox.NamedNode(NORTH)}
    assert len(found) == len(PARTS)


def test_about_an_unknown_record_is_nothing(store_of: StoreOf) -> None:
    assert store_of(public=PARTS).about("urn:never") == []


def test_subjects_of_a_type_are_found_in_any_graph(store_of: StoreOf) -> None:
    rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    store = store_of(
        public=[statement("urn:b", "urn:T", rdf_type), statement("urn:x", "urn:U", rdf_type)],
        north=[statement("urn:a", "urn:T", rdf_type)],
    )
    assert store.subjects_of_type("urn:T") == ["urn:a", "urn:b"]


def test_forgetting_a_record_takes_its_parts_and_no_others(store_of: StoreOf) -> None:
    store = store_of(public=[*PARTS, *OTHERS])
    store.forget(ITEM)
    assert len(store) == len(OTHERS) + 1
    assert store.about(f"{ITEM}c") != []
    assert store.change_number() == 1


@pytest.mark.parametrize(
    ("audiences", "seen"),
    [
        ((), ["a"]),
        ((NORTH,), ["a", "b"]),
        ((SOUTH,), ["a", "c"]),
        ((SOUTH, NORTH), ["a", "b", "c"]),
        (("urn:n",), ["a"]),
    ],
)
def test_a_query_sees_the_public_graph_and_the_given_audiences(
    store_of: StoreOf, audiences: tuple[str, ...], seen: list[str]
) -> None:
    assert subjects(store_of(public=[A], north=[B], south=[C]), *audiences) == seen


@pytest.mark.parametrize(
    "text", ["SELECT ?s { GRAPH ?g { ?s ?p ?o } }", f"SELECT ?s {{ GRAPH <{NORTH}> {{ ?s ?p ?o }} }}"]
)
def test_graphs_of_other_audiences_are_not_there_by_name_either(store_of: StoreOf, text: str) -> None:
    store = store_of(public=[A], north=[B], south=[C])
    if isinstance(store, RemoteStore) and "GRAPH" in store.engine.leaks:
        with pytest.raises(EngineLacks, match=r"line 1, column 13: GRAPH .* restricted data sets"):
            store.query(text, audiences=[SOUTH])
        return
    solutions: Any = store.query(text, audiences=[SOUTH])
    assert "urn:b" not in {row["s"].value for row in solutions}


def test_triples_of_one_subject_in_two_graphs_are_joined(store_of: StoreOf) -> None:
    store = store_of(public=[statement("urn:a", "urn:b")], north=[statement("urn:b", "urn:c")])
    joined: Any = store.query("SELECT ?z { <urn:a> <urn:p>/<urn:p> ?z }", audiences=[NORTH])
    assert [row["z"].value for row in joined] == ["urn:c"]


@pytest.mark.parametrize("text", ["SELECT", "DELETE WHERE { ?s ?p ?o }", "SELECT ?s { ?s nowhere:p ?o }", ""])
def test_a_query_that_does_not_parse_is_told(store_of: StoreOf, text: str) -> None:
    with pytest.raises(QueryInvalid):
        store_of(public=[A]).query(text)


def test_statements_of_a_subject_come_with_their_graphs(store_of: StoreOf) -> None:
    other = statement("urn:a", "urn:x", "urn:q")
    assert set(store_of(public=[A], north=[other]).statements_of("<urn:a>")) == {(None, A), (NORTH, other)}


def test_subjects_with_a_value_come_with_their_graphs(store_of: StoreOf) -> None:
    store = store_of(public=[A, statement("urn:x", "urn:other")], north=[B])
    assert set(store.subjects_with("<urn:p>", "<urn:o>")) == {(None, "<urn:a>"), (NORTH, "<urn:b>")}


def test_quads_with_a_property_come_with_their_graphs(store_of: StoreOf) -> None:
    store = store_of(public=[A, statement("urn:a", "urn:o", "urn:q")], north=[B])
    found = {(str(quad.subject), quad.graph_name) for quad in store.quads_with("urn:p")}
    assert found == {("<urn:a>", ox.DefaultGraph()), ("<urn:b>", ox.NamedNode(NORTH))}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.sampled_from(STORED_CLASSES).flatmap(records_of))
def test_any_record_comes_back_the_same(used_store: GraphStore, record: Record) -> None:
    stated = list(statements(record))
    assume(_is_kept_exactly(used_store, stated))
    change = used_store.change_number()
    used_store.apply(change=change + 1, remove={}, add={None: stated})
    found = used_store.about(record.iri)
    gone = [(str(q.subject), str(q.predicate), str(q.object)) for q in found]
    used_store.apply(change=change + 2, remove={None: gone}, add={})
    assert used_store.about(record.iri) == []
    assert len(found) == len(set(stated))
    assert record_from(record.iri, found) == record_from(record.iri, _quads(stated))


@pytest.mark.parametrize("record_class", STORED_CLASSES, ids=lambda one: one.__name__)
@settings(
    max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_record_of_each_class_comes_back_the_same(
    used_store: GraphStore, record_class: Any, data: st.DataObject
) -> None:
    record = data.draw(records_of(record_class))
    stated = list(statements(record))
    assume(_is_kept_exactly(used_store, stated))
    change = used_store.change_number()
    used_store.apply(change=change + 1, remove={}, add={NORTH: stated})
    found = used_store.about(record.iri)
    used_store.forget(record.iri)
    assert used_store.about(record.iri) == []
    assert record_from(record.iri, found) == record_from(record.iri, _quads(stated))


def _is_kept_exactly(store: GraphStore, stated: Sequence[Statement]) -> bool:
    """Whether a store rounds no decimal of these, and has every integer."""
    if not isinstance(store, RemoteStore) or store.engine.decimal_digits >= 20:
        return True
    texts = [one[2].partition('"^^')[0][1:] for one in stated if terms.DECIMAL in one[2] or terms.INTEGER in one[2]]
    parts = [text.partition(".") for text in texts]
    return all(len(part[2]) <= store.engine.decimal_digits and len(part[0]) <= 18 for part in parts)


def _quads(stated: Sequence[Statement]) -> list[ox.Quad]:
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in stated)
    return list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))


LITERALS = (
    '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    '"2024-05-01T10:20:30.123456Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
    '"Lac Léman, \\"été\\""@fr',
    '"\U0001f30d \\\\ \\n"',
    '"https://example.org/a b"^^<http://www.w3.org/2001/XMLSchema#anyURI>',
    '"POLYGON ((11.123456789012345 44, 12 44.0, 12 45, 11.123456789012345 44))"^^<http://www.opengis.net/ont/geosparql#wktLiteral>',
    '"<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (1.50 2)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>',
    '"about <http://www.opengis.net/ont/geosparql#wktLiteral>"',
)


@pytest.mark.parametrize("literal", LITERALS)
def test_a_literal_is_answered_as_it_was_written(store_of: StoreOf, literal: str) -> None:
    store = store_of(public=[("<urn:a>", "<urn:p>", literal)])
    rows: Any = store.query("SELECT ?o { ?s <urn:p> ?o }")
    assert [str(row["o"]) for row in rows] == [literal]
    graph: Any = store.query("CONSTRUCT WHERE { ?s <urn:p> ?o }")
    assert [str(triple.object) for triple in graph] == [literal]
    assert [str(quad.object) for quad in store.about("urn:a")] == [literal]
    assert bool(store.query(f"ASK {{ ?s <urn:p> {literal} }}"))


def test_prefixes_of_the_catalogue_need_no_declaration(store_of: StoreOf) -> None:
    store = store_of(public=[("<urn:a>", f"<{terms.AS_WKT}>", f'"POINT (1 2)"^^<{terms.WKT_LITERAL}>')])
    rows: Any = store.query("SELECT ?s { ?s geo:asWKT ?w FILTER(DATATYPE(?w) = geo:wktLiteral) }")
    assert [row["s"].value for row in rows] == ["urn:a"]


def test_a_blank_node_of_an_answer_is_one(store_of: StoreOf) -> None:
    graph: Any = store_of(public=[A]).query("CONSTRUCT { _:x <urn:q> ?s } WHERE { ?s <urn:p> ?o }")
    (triple,) = graph
    assert isinstance(triple.subject, ox.BlankNode)


def test_what_a_public_named_graph_says_of_a_record_is_no_part_of_it(new_store: NewStore) -> None:
    store = new_store()
    listed = (f"<{CATALOGUE}>", f"<{LISTS}>", "<urn:graph>")
    store.apply(change=1, remove={}, add={None: [A, listed], "urn:graph": [statement("urn:a", "urn:elsewhere")]})
    assert [str(quad.object) for quad in store.about("urn:a")] == ["<urn:o>"]
    store.apply(change=2, remove={}, add={NORTH: [statement("urn:a", "urn:hidden")]})
    assert sorted(str(quad.object) for quad in store.about("urn:a")) == ["<urn:hidden>", "<urn:o>"]
    assert len(store.statements_of("<urn:a>")) == 3


@pytest.mark.parametrize(
    ("terms_asked", "found"),
    [
        ((None, "<urn:p>", None), 3),
        (("<urn:a>", None, None), 2),
        ((None, None, "<urn:o>"), 2),
        (("<urn:a>", "<urn:p>", "<urn:o>"), 1),
        ((None, "<urn:none>", None), 0),
        (('"urn:a"', None, None), 0),
    ],
)
def test_statements_are_counted_up_to_a_number(
    store_of: StoreOf, terms_asked: tuple[str | None, str | None, str | None], found: int
) -> None:
    store = store_of(public=[A, B], north=[statement("urn:a", "urn:other")])
    assert store.count_up_to(*terms_asked, 10) == found
    assert store.count_up_to(*terms_asked, 1) == min(found, 1)
