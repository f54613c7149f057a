"""Updates worked out here against the same updates done by the engine."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_service.errors import NotAuthorised, NotFound, QueryInvalid, RequestInvalid
from graph_service.store.basis import CheckpointBasis
from graph_service.store.dataset import AUDIENCES, LISTS, PUBLIC_GRAPH, Dataset
from graph_service.store.edit import Edit, Writer
from graph_service.store.skolem import SKOLEM
from graph_service.store.update_plan import GraphWrite, Update, planned
from ontology import terms
from ontology.errors import CatalogueError
from ontology.identifiers import CATALOGUE

NAMED, OTHER, AUDIENCE = "http://e/named", "http://e/other", "http://e/audience"
DATA = f"""
<http://e/a> <http://e/p> <http://e/b> , 1 . <http://e/b> <http://e/q> "x"@en .
GRAPH <{NAMED}> {{ <http://e/a> <http://e/p> 2 . <http://e/c> <http://e/p> <http://e/d> }}
GRAPH <{OTHER}> {{ <http://e/o> <http://e/p> 3 }}
"""
ANYBODY = Writer()
OWN = ["http://e/a", "http://e/b"]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    (tmp_path / "graph").mkdir()
    store = ox.Store(str(tmp_path / "graph"))
    listed = f"<{CATALOGUE}> <{LISTS}> <{NAMED}> , <{OTHER}> ; <{terms.CHANGE_NUMBER}> 7 ."
    store.update(f"INSERT DATA {{ {listed} {DATA} GRAPH <{AUDIENCE}> {{ <http://e/hidden> <http://e/p> 4 }} }}")
    store.flush()
    return tmp_path / "graph"


def opened(folder: Path) -> ox.Store:
    return ox.Store.read_only(str(folder))


def plan(checkpoint: Path, asked: str | GraphWrite, writer: Writer = ANYBODY, using: Dataset | None = None) -> Edit:
    update = Update(asked, using) if isinstance(asked, str) else asked
    return planned(CheckpointBasis(opened, checkpoint, checkpoint.parent / "scratch"), update, writer, OWN)


def quads(by_graph: object) -> set[str]:
    assert isinstance(by_graph, dict)
    return {
        f"{' '.join(statement)}{'' if graph is None else f' <{graph}>'}"
        for graph, group in by_graph.items()
        for statement in group
    }


UPDATES = (
    "INSERT DATA { <http://e/n> <http://e/p> 1 }",
    "DELETE DATA { <http://e/a> <http://e/p> 1 }",
    f"INSERT DATA {{ GRAPH <{NAMED}> {{ <http://e/n> <http://e/p> 1 }} }}",
    "DELETE WHERE { ?s <http://e/p> ?o }",
    "DELETE WHERE { GRAPH ?g { ?s <http://e/p> ?o } }",
    "DELETE { ?s <http://e/p> ?o } INSERT { ?o <http://e/inverse> ?s } WHERE { ?s <http://e/p> ?o }",
    f"INSERT {{ GRAPH <{NAMED}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o FILTER(ISIRI(?o)) }}",
    "INSERT { GRAPH ?g { ?s <http://e/new> ?g } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"WITH <{NAMED}> DELETE {{ ?s ?p ?o }} INSERT {{ ?s <http://e/new> ?o }} WHERE {{ ?s ?p ?o }}",
    f"INSERT {{ ?s ?p ?o }} USING <{NAMED}> USING <{OTHER}> WHERE {{ ?s ?p ?o }}",
    f"INSERT {{ ?s ?p ?o }} USING NAMED <{NAMED}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "INSERT { ?s <http://e/n> ?none } WHERE { ?s ?p ?o OPTIONAL { ?o <http://e/none> ?none } }",
    "INSERT { ?o <http://e/n> 1 } WHERE { ?s <http://e/p> ?o }",
    "INSERT { ?s ?o 1 } WHERE { ?s ?p ?o }",
    f"CLEAR GRAPH <{NAMED}>",
    f"DROP GRAPH <{NAMED}>",
    "CLEAR NAMED",
    "DROP NAMED",
    f"COPY <{NAMED}> TO <{OTHER}>",
    f"MOVE <{NAMED}> TO <{OTHER}>",
    f"ADD <{NAMED}> TO <{OTHER}>",
    f"COPY <{NAMED}> TO <{NAMED}>",
    f"ADD <{NAMED}> TO DEFAULT",
    f"MOVE <{NAMED}> TO <http://e/new>",
    "DROP SILENT GRAPH <http://e/none>",
    "INSERT DATA { <http://e/n> <http://e/p> 1 } ; DELETE { ?s ?p ?o } INSERT { ?s ?p 9 } WHERE { ?s ?p ?o }",
    "DELETE WHERE { ?s ?p 1 } ; INSERT { <http://e/count> <http://e/p> ?n } "
    "WHERE { SELECT (COUNT(*) AS ?n) { ?s <http://e/p> ?o } }",
    "INSERT DATA { <http://e/n> <http://e/p> 1 } ; DELETE DATA { <http://e/n> <http://e/p> 1 }",
    "DELETE DATA { <http://e/a> <http://e/p> 1 } ; INSERT DATA { <http://e/a> <http://e/p> 1 }",
    f"CREATE GRAPH <http://e/new> ; COPY <{NAMED}> TO <http://e/new> ; DROP GRAPH <{NAMED}>",
    "",
)  # fmt: skip


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_comes_to_what_the_engine_makes_of_it(checkpoint: Path, update: str) -> None:
    ours, engine = both(plan(checkpoint, update), update)
    assert ours == engine


def both(edit: Edit, update: str) -> tuple[set[str], set[str]]:
    """What an edit makes of the data, and what the engine makes of them by the update itself."""
    engine, ours = ox.Store(), ox.Store()
    for store in (engine, ours):
        store.update(f"INSERT DATA {{ {DATA} }}")
    # USING and WITH name the default graph by nothing, and what is not there is no error to either.
    engine.update(update)
    for by_graph, verb in ((edit.remove, "DELETE"), (edit.add, "INSERT")):
        text = "".join(
            f"GRAPH <{graph}> {{ {' '.join(map(_dotted, group))} }}" if graph else " ".join(map(_dotted, group))
            for graph, group in by_graph.items()
        )
        own = "\n".join(line for line in text.split("\n") if CATALOGUE not in line)
        ours.update(f"{verb} DATA {{ {own} }}")
    return {str(one) for one in ours} - catalogue(ours), {str(one) for one in engine} - catalogue(engine)


def _dotted(statement: Sequence[str]) -> str:
    return "" if CATALOGUE in statement[0] else f"{' '.join(statement)} ."


def catalogue(store: ox.Store) -> set[str]:
    # What the catalogue says of itself is a part of the public graph that the engine's graph does not have.
    return {str(one) for one in store if CATALOGUE in str(one) or "changeNumber" in str(one) or "count" in str(one)}


def test_blank_nodes_become_iris_anew_for_each_solution(checkpoint: Path) -> None:
    edit = plan(checkpoint, "INSERT { ?s <http://e/n> [ <http://e/of> ?o ] } WHERE { ?s <http://e/p> ?o }")
    assert edit.add.keys() == {None}
    nodes = {one[2] for one in edit.add[None] if one[1] == "<http://e/n>"}
    assert len(nodes) == 2
    assert all(one.startswith(f"<{SKOLEM}") for one in nodes)
    data = plan(checkpoint, "INSERT DATA { _:x <http://e/p> _:y . _:y <http://e/p> _:x }").add[None]
    assert (data[0][0], data[0][2]) == (data[1][2], data[1][0])


@pytest.mark.parametrize("name", [PUBLIC_GRAPH, "urn:x-rdflib:default"])
def test_the_public_graph_goes_by_its_names(checkpoint: Path, name: str) -> None:
    edit = plan(checkpoint, f"INSERT DATA {{ GRAPH <{name}> {{ <http://e/n> <http://e/p> 1 }} }}")
    assert edit.add.keys() == {None}
    using = f"INSERT {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }} USING <{name}> WHERE {{ ?s <http://e/q> ?o . ?s ?p ?o }}"
    assert quads(plan(checkpoint, using).add) == {f'<http://e/b> <http://e/q> "x"@en <{OTHER}>'}


def test_emptying_the_public_graph_means_what_users_put_there(checkpoint: Path) -> None:
    for update in ("CLEAR DEFAULT", "DROP DEFAULT"):
        removed = quads(plan(checkpoint, update).remove)
        assert len(removed) == 3
        assert not any(CATALOGUE in one for one in removed)
    with pytest.raises(RequestInvalid, match="MOVE"):
        plan(checkpoint, f"MOVE DEFAULT TO <{OTHER}>")


def test_graphs_begin_with_their_first_statement_and_end_when_dropped(checkpoint: Path) -> None:
    begun = plan(checkpoint, "INSERT DATA { GRAPH <http://e/new> { <http://e/n> <http://e/p> 1 } }")
    assert (begun.created, begun.dropped) == (("http://e/new",), ())
    dropped = plan(checkpoint, "DROP NAMED")
    assert (dropped.created, set(dropped.dropped)) == ((), {NAMED, OTHER})
    cleared = plan(checkpoint, f"CLEAR GRAPH <{NAMED}>")
    assert (cleared.dropped, len(quads(cleared.remove))) == ((), 2)
    again = plan(checkpoint, f"DROP GRAPH <{NAMED}> ; CREATE GRAPH <{NAMED}>")
    assert (again.created, again.dropped) == ((NAMED,), ())


FORBIDDEN = (
    f"INSERT DATA {{ GRAPH <{AUDIENCE}> {{ <http://e/n> <http://e/p> 1 }} }}",
    f"DELETE DATA {{ GRAPH <{AUDIENCE}> {{ <http://e/hidden> <http://e/p> 4 }} }}",
    f"INSERT {{ GRAPH <{AUDIENCE}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}",
    f"INSERT DATA {{ GRAPH <{AUDIENCES}new> {{ <http://e/n> <http://e/p> 1 }} }}",
    f"CREATE GRAPH <{AUDIENCE}>",
    f"CREATE GRAPH <{AUDIENCES}new>",
    f"COPY <{NAMED}> TO <{AUDIENCE}>",
)


@pytest.mark.parametrize("update", FORBIDDEN)
def test_the_graph_of_an_audience_is_written_by_nobody_else(checkpoint: Path, update: str) -> None:
    with pytest.raises(NotAuthorised):
        plan(checkpoint, update)


PRYING = (
    "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{AUDIENCE}> {{ ?s ?p ?o }} }}",
    f"INSERT {{ ?s ?p ?o }} USING <{AUDIENCE}> WHERE {{ ?s ?p ?o }}",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    f"COPY SILENT <{AUDIENCE}> TO <{NAMED}>",
)


@pytest.mark.parametrize("update", PRYING)
def test_the_graph_of_an_audience_is_not_read_by_others(checkpoint: Path, update: str) -> None:
    edit = plan(checkpoint, update)
    assert not any("hidden" in one for one in quads(edit.add) | quads(edit.remove))


def test_an_audience_writes_its_graph_by_name_alone(checkpoint: Path) -> None:
    insider = Writer((AUDIENCE,))
    edit = plan(checkpoint, f"INSERT DATA {{ GRAPH <{AUDIENCE}> {{ <http://e/n> <http://e/p> 1 }} }}", insider)
    assert (set(edit.add), edit.created) == ({AUDIENCE}, ())
    assert not any(
        "hidden" in one
        for one in quads(plan(checkpoint, "INSERT { ?s <http://e/n> ?o } WHERE { ?s ?p ?o }", insider).add)
    )
    named = plan(checkpoint, "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", insider)
    assert any("hidden" in one for one in quads(named.add))


def test_whoever_owns_the_data_writes_every_audience(checkpoint: Path) -> None:
    edit = plan(
        checkpoint, f"DELETE DATA {{ GRAPH <{AUDIENCE}> {{ <http://e/hidden> <http://e/p> 4 }} }}", Writer(owns=True)
    )
    assert edit.remove.keys() == {AUDIENCE}


REFUSED: tuple[tuple[str, Dataset | None, type[CatalogueError]], ...] = (
    ("INSERT DATA {", None, QueryInvalid),
    ("DROP GRAPH <http://e/none>", None, NotFound),
    ("COPY <http://e/none> TO DEFAULT", None, NotFound),
    (f"CREATE GRAPH <{NAMED}>", None, RequestInvalid),
    (f"CREATE GRAPH <{PUBLIC_GRAPH}>", None, RequestInvalid),
    (f"WITH <{NAMED}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", Dataset((NAMED,)), RequestInvalid),
    (f"DELETE {{ ?s ?p ?o }} USING <{NAMED}> WHERE {{ ?s ?p ?o }}", Dataset(), RequestInvalid),
    ("INSERT DATA { <http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> }", None, QueryInvalid),
)


@pytest.mark.parametrize(("update", "using", "error"), REFUSED)
def test_what_cannot_be_done_is_refused(
    checkpoint: Path, update: str, using: Dataset | None, error: type[CatalogueError]
) -> None:
    with pytest.raises(error):
        plan(checkpoint, update, using=using)


def test_the_request_chooses_the_graphs_of_where_clauses(checkpoint: Path) -> None:
    into = f"INSERT {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }} WHERE"
    assert len(quads(plan(checkpoint, f"{into} {{ ?s ?p ?o }}", using=Dataset((NAMED,))).add)) == 2
    named = plan(checkpoint, f"{into} {{ GRAPH ?g {{ ?s ?p ?o }} }}", using=Dataset((), (NAMED,)))
    assert len(quads(named.add)) == 2


def test_an_edit_that_has_read_names_the_change_that_it_saw(checkpoint: Path) -> None:
    assert plan(checkpoint, "DELETE WHERE { ?s <http://e/p> 1 }").change == 7
    assert plan(checkpoint, "INSERT DATA { <http://e/n> <http://e/p> 1 }").change is None


def test_the_graph_itself_is_left_alone(checkpoint: Path) -> None:
    before = {str(one) for one in ox.Store.read_only(str(checkpoint))}
    plan(checkpoint, "INSERT DATA { <http://e/n> <http://e/p> 1 } ; DELETE WHERE { ?s <http://e/p> ?o } ; CLEAR NAMED")
    assert {str(one) for one in ox.Store.read_only(str(checkpoint))} == before


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/turtle", "<r> <http://e/p> 1 ."),
        ("application/n-triples", f'<{NAMED}/r> <http://e/p> "1"^^<{terms.INTEGER}> .'),
        ("application/ld+json", '{"@id": "r", "http://e/p": 1}'),
        ("application/n-quads", f'<{NAMED}/r> <http://e/p> "1"^^<{terms.INTEGER}> <{NAMED}/> .'),
        ("application/trig", "<r> <http://e/p> 1 ."),
    ],
)
def test_a_graph_that_is_sent_is_read_under_its_own_name(checkpoint: Path, media_type: str, content: str) -> None:
    edit = plan(checkpoint, GraphWrite(f"{NAMED}/", content.encode(), media_type, replaces=True))
    assert quads(edit.add) == {f'<{NAMED}/r> <http://e/p> "1"^^<{terms.INTEGER}> <{NAMED}/>'}


def test_a_graph_that_is_sent_replaces_or_adds(checkpoint: Path) -> None:
    content = b"<http://e/n> <http://e/p> 1 . <http://e/a> <http://e/p> 2 ."
    added = plan(checkpoint, GraphWrite(NAMED, content, "text/turtle"))
    assert (len(quads(added.remove)), len(quads(added.add))) == (0, 2)
    replaced = plan(checkpoint, GraphWrite(NAMED, content, "text/turtle", replaces=True))
    assert (len(quads(replaced.remove)), len(quads(replaced.add))) == (1, 2)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/turtle", "<http://e/a> <http://e/p"),
        ("application/rdf+xml", "<rdf"),
        ("application/ld+json", "{"),
        ("application/n-quads", f"<http://e/a> <http://e/p> <http://e/b> <{OTHER}> ."),
    ],
)
def test_content_that_is_not_what_it_is_said_to_be_is_refused(checkpoint: Path, media_type: str, content: str) -> None:
    with pytest.raises(RequestInvalid):
        plan(checkpoint, GraphWrite(NAMED, content.encode(), media_type))
