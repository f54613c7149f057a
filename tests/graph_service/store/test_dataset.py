import pyoxigraph as ox
import pytest

from graph_service.errors import QueryInvalid
from graph_service.store.dataset import LISTS, PUBLIC_GRAPH, Dataset, dataset_of
from graph_service.store.evaluation import results_of
from ontology.identifiers import CATALOGUE

PUBLIC, SECRET, NONE = "http://e/public", "http://e/secret", "http://e/none"


@pytest.fixture
def store() -> ox.Store:
    """One statement in the public graph, one in a public named graph, one in an audience's."""
    store = ox.Store()
    store.update(
        f"""INSERT DATA {{
          <{CATALOGUE}> <{LISTS}> <{PUBLIC}> . <http://e/default> <http://e/p> 1 .
          GRAPH <{PUBLIC}> {{ <http://e/named> <http://e/p> 1 }}
          GRAPH <{SECRET}> {{ <http://e/hidden> <http://e/p> 1 }} }}"""
    )
    return store


def seen(store: ox.Store, query: str, *audiences: str, dataset: Dataset | None = None) -> set[str]:
    results = results_of(store, query, audiences, dataset)
    assert isinstance(results, ox.QuerySolutions)
    return {str(row["s"].value).removeprefix("http://e/") for row in results}


IN_DEFAULT = "SELECT ?s FROMS { ?s <http://e/p> ?o }"
IN_NAMED = "SELECT ?s FROMS { GRAPH ?g { ?s <http://e/p> ?o } }"


@pytest.mark.parametrize(
    ("clauses", "audiences", "in_default", "in_named"),
    [
        ("", [], {"default"}, {"named"}),
        ("", [SECRET], {"default", "hidden"}, {"named", "hidden"}),
        (f"FROM <{PUBLIC_GRAPH}>", [], {"default"}, set()),
        (f"FROM <{PUBLIC_GRAPH}>", [SECRET], {"default"}, set()),
        (f"FROM <{PUBLIC}>", [], {"named"}, set()),
        (f"FROM <{PUBLIC}> FROM <{PUBLIC_GRAPH}>", [], {"named", "default"}, set()),
        (f"FROM NAMED <{PUBLIC}>", [], set(), {"named"}),
        (f"FROM <{PUBLIC_GRAPH}> FROM NAMED <{PUBLIC}>", [], {"default"}, {"named"}),
        (f"from <{SECRET}> from named <{SECRET}>", [], set(), set()),
        (f"FROM <{SECRET}> FROM NAMED <{SECRET}>", [SECRET], {"hidden"}, {"hidden"}),
        (f"FROM <{NONE}> FROM NAMED <{NONE}>", [SECRET], set(), set()),
        (f"FROM NAMED <{PUBLIC_GRAPH}>", [SECRET], set(), set()),
    ],
)
def test_a_query_reads_the_graphs_that_it_names_as_far_as_its_caller_may(
    store: ox.Store, clauses: str, audiences: list[str], in_default: set[str], in_named: set[str]
) -> None:
    assert seen(store, IN_DEFAULT.replace("FROMS", clauses), *audiences) == in_default
    assert seen(store, IN_NAMED.replace("FROMS", clauses), *audiences) == in_named


def test_a_graph_that_is_named_twice_gives_its_solutions_once(store: ox.Store) -> None:
    query = f"SELECT ?s FROM <{PUBLIC_GRAPH}> FROM <urn:x-rdflib:default> {{ ?s <http://e/p> ?o }}"
    results = results_of(store, query, ())
    assert isinstance(results, ox.QuerySolutions)
    assert len(list(results)) == 1


def test_the_request_comes_before_the_query(store: ox.Store) -> None:
    query = IN_DEFAULT.replace("FROMS", f"FROM <{PUBLIC}>")
    assert seen(store, query, dataset=Dataset((PUBLIC_GRAPH,))) == {"default"}
    assert seen(store, query, dataset=Dataset()) == set()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p 'FROM <a:b>' } # FROM <a:c>", None),
        ("SELECT ?FROM { ?FROM ex:FROM <FROM> }", None),
        ("PREFIX from: <http://e/> SELECT * FROM from:x { ?s ?p ?o }", Dataset(("http://e/x",))),
        ("PREFIX e: <http://e/> BASE <http://b/> ASK FROM e:x FROM<r>FROM NAMED e:y {}",
         Dataset(("http://e/x", "http://b/r"), ("http://e/y",))),
        ("BASE <http://a/> BASE <b/> ASK FROM <c> {}", Dataset(("http://a/b/c",))),
        ("CONSTRUCT { ?s a <a:b> } # FROM <a:x>\nFROM orr:x WHERE { ?s ?p ?o }",
         Dataset(("https://w3id.org/orrery/ontology#x",))),
        ("DESCRIBE <a:b> FROM # which\n <a:c>", Dataset(("a:c",))),
    ],
)  # fmt: skip
def test_the_graphs_of_a_query_are_those_of_its_clauses(query: str, expected: Dataset | None) -> None:
    assert dataset_of(query) == expected


def test_the_default_graph_is_found_by_its_names(store: ox.Store) -> None:
    for name in (PUBLIC_GRAPH, "urn:x-rdflib:default"):
        assert seen(store, f"SELECT ?s {{ GRAPH <{name}> {{ ?s <http://e/p> ?o }} }}") == {"default"}
        assert seen(store, f"SELECT ?s FROM <{PUBLIC}> {{ GRAPH <{name}> {{ ?s <http://e/p> ?o }} }}") == set()
        assert seen(store, f"SELECT ?s {{ GRAPH <{PUBLIC}> {{ GRAPH <{name}> {{ ?s <http://e/p> ?o }} }} }}") == set()
        assert seen(store, f"SELECT ?s {{ ?s ?p '{{ GRAPH <{name}> {{' }}") == set()


@pytest.mark.parametrize("name", ["nope:x"])
def test_a_clause_without_an_iri_is_refused(name: str) -> None:
    with pytest.raises(QueryInvalid, match=name):
        dataset_of(f"SELECT * FROM {name} {{}}")
