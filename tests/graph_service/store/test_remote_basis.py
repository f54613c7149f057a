"""Updates worked out on an engine elsewhere, against the same updates done by an engine of our own."""

import time
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from graph_service.errors import (
    EngineFailed,
    EngineLacks,
    NotAuthorised,
    QueryTimedOut,
    QueryTooLarge,
    StatementsInvalid,
)
from graph_service.store import remote_basis
from graph_service.store.dataset import LISTS, Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.relay import QueryRelay
from graph_service.store.remote_basis import RemoteBasis
from graph_service.store.remote_store import RemoteStore
from graph_service.store.update_plan import GraphWrite, Update, planned
from ontology.errors import CatalogueError
from ontology.identifiers import CATALOGUE
from ontology.triples import Statement
from tests.graph_service.store.engines import Server
from tests.graph_service.store.test_update_plan import (
    ANYBODY,
    AUDIENCE,
    DATA,
    FORBIDDEN,
    NAMED,
    OTHER,
    OWN,
    PRYING,
    REFUSED,
    UPDATES,
    both,
    quads,
)

PUBLIC = "urn:orrery:test:basis"
READS_WHAT_IT_WROTE = tuple(
    one for one in UPDATES if one.startswith(("INSERT DATA", "DELETE WHERE")) and "WHERE {" in one.partition(";")[2]
)
"""Updates of several operations, of which a later one reads what an earlier one has changed."""


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest) -> Iterator[RemoteStore]:
    server: Server = request.getfixturevalue(request.param)
    opened = RemoteStore.open(server.store_settings(PUBLIC))
    opened.erase()
    opened.apply(change=1, remove={}, add=statements_by_graph())
    yield opened
    opened.erase()


def statements_by_graph() -> dict[str | None, list[Statement | str]]:
    """The data of the tests of the embedded store."""
    graph = ox.Store()
    graph.update(f"INSERT DATA {{ {DATA} <{CATALOGUE}> <{LISTS}> <{NAMED}> , <{OTHER}> . "
                 f"GRAPH <{AUDIENCE}> {{ <http://e/hidden> <http://e/p> 4 }} }}")  # fmt: skip
    found: dict[str | None, list[Statement | str]] = {}
    for quad in graph:
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else None
        found.setdefault(name, []).append((str(quad.subject), str(quad.predicate), str(quad.object)))
    return found


def plan(store: RemoteStore, asked: str | GraphWrite, writer: Writer = ANYBODY, using: Dataset | None = None) -> Edit:
    update = Update(asked, using) if isinstance(asked, str) else asked
    basis = RemoteBasis(store, ends_at=time.monotonic() + 10, longest=1 << 20)
    return planned(basis, update, writer, OWN)


def leaks(store: RemoteStore, update: str) -> bool:
    """Whether the engine would look into graphs that it is not given, so that it is not asked."""
    return any(keyword in update.partition("WHERE")[2] for keyword in store.engine.leaks)


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_comes_to_what_an_engine_of_our_own_makes_of_it(store: RemoteStore, update: str) -> None:
    if update in READS_WHAT_IT_WROTE or leaks(store, update):
        with pytest.raises(EngineLacks):
            plan(store, update)
        return
    ours, engine = both(plan(store, update), update)
    assert ours == engine


def test_few_updates_read_what_they_wrote() -> None:
    assert len(READS_WHAT_IT_WROTE) == 2


@pytest.mark.parametrize(
    "update",
    [
        "DELETE WHERE { ?s <http://e/q> ?o } ; INSERT { ?s <http://e/n> ?o } WHERE { ?s <http://e/p> ?o }",
        "DELETE { ?s <http://e/q> ?o } WHERE { ?s <http://e/q> ?o } ; DELETE WHERE { ?s <http://e/p> ?o }",
        "INSERT DATA { <http://e/a> <http://e/new> 1 } ; DELETE WHERE { <http://e/a> <http://e/p> ?o }",
        f"INSERT DATA {{ <http://e/n> <http://e/p> 1 }} ; WITH <{NAMED}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        f"INSERT DATA {{ GRAPH <{NAMED}> {{ <http://e/n> <http://e/p> 1 }} }} ; CLEAR GRAPH <{NAMED}>",
    ],
)
def test_operations_that_have_nothing_to_do_with_each_other_go_together(store: RemoteStore, update: str) -> None:
    ours, engine = both(plan(store, update), update)
    assert ours == engine


@pytest.mark.parametrize(
    "where",
    [
        "{ ?s <http://e/new> ?o }",
        "{ ?s ?p ?o }",
        "{ ?s (<http://e/p>|<http://e/new>)+ ?o }",
        "{ ?s !<http://e/p> ?o }",
        "{ ?s <http://e/p>* ?o }",
        "{ ?s <http://e/p> ?o FILTER NOT EXISTS { ?s <http://e/new> ?x } }",
        "{ { SELECT (COUNT(*) AS ?o) { ?x <http://e/new> ?y } } BIND(<http://e/a> AS ?s) }",
        "{ ?s <http://e/p> ?o MINUS { ?s <http://e/new> ?x } }",
    ],
)
def test_an_operation_that_may_read_what_was_written_is_refused_with_a_remedy(store: RemoteStore, where: str) -> None:
    update = f"INSERT DATA {{ <http://e/a> <http://e/new> 1 }} ; INSERT {{ ?s <http://e/m> ?o }} WHERE {where}"
    with pytest.raises(EngineLacks, match=r"http://e/new.*send the operations one after the other"):
        plan(store, update)


def test_blank_nodes_become_iris_anew_for_each_solution(store: RemoteStore) -> None:
    edit = plan(store, "INSERT { ?s <http://e/n> [ <http://e/of> ?o ] } WHERE { ?s <http://e/p> ?o }")
    assert len({one[2] for one in edit.add[None] if one[1] == "<http://e/n>"}) == 2


@pytest.mark.parametrize("update", FORBIDDEN)
def test_the_graph_of_an_audience_is_written_by_nobody_else(store: RemoteStore, update: str) -> None:
    with pytest.raises(NotAuthorised):
        plan(store, update)


@pytest.mark.parametrize("update", PRYING)
def test_the_graph_of_an_audience_is_not_read_by_others(store: RemoteStore, update: str) -> None:
    if leaks(store, update):
        with pytest.raises(EngineLacks):
            plan(store, update)
        return
    edit = plan(store, update)
    assert not any("hidden" in one for one in quads(edit.add) | quads(edit.remove))


@pytest.mark.parametrize(("update", "using", "error"), REFUSED)
def test_what_cannot_be_done_is_refused(
    store: RemoteStore, update: str, using: Dataset | None, error: type[CatalogueError]
) -> None:
    with pytest.raises(error):
        plan(store, update, using=using)


def test_whoever_sees_a_restricted_graph_writes_it(store: RemoteStore) -> None:
    insider = Writer((AUDIENCE,))
    edit = plan(store, f"WITH <{AUDIENCE}> DELETE {{ ?s ?p 4 }} INSERT {{ ?s ?p 5 }} WHERE {{ ?s ?p 4 }}", insider)
    assert (set(edit.remove), set(edit.add)) == ({AUDIENCE}, {AUDIENCE})


def test_a_graph_that_is_sent_replaces_or_adds(store: RemoteStore) -> None:
    content = b"<http://e/n> <http://e/p> 1 . <http://e/a> <http://e/p> 2 ."
    added = plan(store, GraphWrite(NAMED, content, "text/turtle"))
    assert (len(quads(added.remove)), len(quads(added.add))) == (0, 2)
    replaced = plan(store, GraphWrite(NAMED, content, "text/turtle", replaces=True))
    assert (len(quads(replaced.remove)), len(quads(replaced.add))) == (1, 2)


def test_emptying_the_public_graph_means_what_users_put_there(store: RemoteStore) -> None:
    removed = quads(plan(store, "CLEAR DEFAULT").remove)
    assert len(removed) == 3
    assert not any(CATALOGUE in one for one in removed)


def test_a_graph_of_another_application_in_the_same_engine_is_not_written(
    store: RemoteStore,
) -> None:
    stranger = "http://e/of-another-application"
    store._endpoint.update(f"INSERT DATA {{ GRAPH <{stranger}> {{ <http://e/a> <http://e/p> 1 }} }}")
    try:
        for asked in (f"CREATE GRAPH <{stranger}>", GraphWrite(stranger, b"", "text/turtle", replaces=True)):
            with pytest.raises(NotAuthorised):
                plan(store, asked)
    finally:
        store._endpoint.update(f"CLEAR GRAPH <{stranger}>")


@pytest.mark.parametrize("name", [PUBLIC, f"{PUBLIC}/books", f"{PUBLIC}/stage/x", f"{PUBLIC}/nothing"])
def test_the_books_of_the_store_are_written_by_nobody(store: RemoteStore, name: str) -> None:
    for one in ("<http://e/a> <http://e/p> <http://e/b> .\n", ("<urn:a>", "<urn:b>", '"c"')):
        with pytest.raises(StatementsInvalid, match="keeps for itself"):
            store.apply(change=2, remove={}, add={name: [one]})
    assert store.change_number() == 1


def test_an_edit_names_the_change_that_it_saw(store: RemoteStore) -> None:
    assert plan(store, "DELETE WHERE { ?s <http://e/p> 1 }").change == 1
    assert plan(store, "INSERT DATA { <http://e/n> <http://e/p> 1 }").change is None


def test_an_update_without_end_ends_with_its_deadline(store: RemoteStore) -> None:
    relay = QueryRelay(store, deadline_s=10)
    crossed = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(12))
    began = time.monotonic()
    with pytest.raises((QueryTimedOut, EngineFailed)):  # Virtuoso cuts the answer to so many rows
        relay.plan(
            Update(f"INSERT {{ ?a1 <http://e/n> ?c2 }} WHERE {{ {crossed} }}"),
            writer=ANYBODY,
            own=list,
            deadline_s=0.5,
        )
    assert time.monotonic() - began < 1.5
    relay.close()


def test_thousands_of_operations_end_with_the_deadline(store: RemoteStore) -> None:
    relay = QueryRelay(store, deadline_s=0.2)
    with pytest.raises(QueryTimedOut):
        relay.plan(Update("INSERT DATA { <http://e/n> <http://e/p> 1 } ;" * 20_000), writer=ANYBODY, own=list)
    relay.close()


def test_an_update_with_too_many_solutions_is_refused(store: RemoteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_basis, "MOST_SOLUTIONS", 1)
    with pytest.raises(QueryTooLarge, match="divide it"):
        plan(store, "DELETE WHERE { ?s ?p ?o }")
