import pyoxigraph as ox

from graph_service.store.skolem import SKOLEM, Skolems, with_blank_nodes


def test_a_blank_node_has_one_iri_in_a_document_and_another_in_the_next() -> None:
    document, other = Skolems(), Skolems()
    first, second = ox.BlankNode("a"), ox.BlankNode("b")
    assert document.iri(first) == document.iri(ox.BlankNode("a"))
    assert len({document.iri(first), document.iri(second), other.iri(first)}) == 3
    assert document.iri(first).value.startswith(SKOLEM)
    assert "/.well-known/genid/" in SKOLEM


def test_graphs_are_given_with_the_blank_nodes_that_they_came_with() -> None:
    iris, name = Skolems(), ox.NamedNode("https://example.org/p")
    inner = iris.iri(ox.BlankNode("inner"))
    kept = ox.Triple(name, name, ox.Literal(f"<{inner.value}>"))
    found = list(with_blank_nodes([ox.Triple(name, name, inner), ox.Triple(inner, name, inner), kept]))
    node = found[0].object
    assert isinstance(node, ox.BlankNode)
    assert found == [ox.Triple(name, name, node), ox.Triple(node, name, node), kept]


def test_an_iri_of_that_namespace_that_we_did_not_make_stays() -> None:
    name = ox.NamedNode(f"{SKOLEM}of/others")
    triple = ox.Triple(name, name, name)
    assert list(with_blank_nodes([triple])) == [triple]
