from typing import Any

import pytest

from graph_service.errors import QueryInvalid
from graph_service.store.operations import (
    VARIABLE,
    Data,
    Management,
    Modification,
    operations_of,
    quads_of,
    template_of,
)


def test_an_update_is_cut_into_its_operations() -> None:
    text = """# one; two
    PREFIX e: <http://e/>
    INSERT DATA { e:a e:p ";{" ; e:q 1 } ; # a comment; with { a brace
    DELETE DATA { e:a e:q 1 };
    PREFIX f: <http://f/>
    DELETE { ?s f:p ?o } WHERE { ?s e:p ?o } ;
    """
    first, second, third = operations_of(text)
    assert isinstance(first, Data)
    assert isinstance(second, Data)
    assert (first.inserts, second.inserts) == (True, False)
    assert {str(one.object) for one in quads_of(first)} == {'";{"', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert isinstance(third, Modification)
    assert (third.delete, third.insert, third.where) == ("{ ?s f:p ?o }", None, "{ ?s e:p ?o }")
    assert "PREFIX f: <http://f/>" in third.prologue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DELETE WHERE { ?s ?p ?o }", {"delete": "{ ?s ?p ?o }", "where": "{ ?s ?p ?o }", "insert": None}),
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", {"delete": None, "insert": "{ ?s ?p 1 }"}),
        ("DELETE {} INSERT {} WHERE {}", {"delete": "{}", "insert": "{}", "where": "{}"}),
        ("with <a:g> delete { ?s ?p ?o } where { ?s ?p ?o }", {"within": "a:g", "chooses_graphs": True}),
        ("BASE <http://b/> INSERT { <a:a> <a:b> 1 } USING <x> USING NAMED orr:y WHERE { { } UNION { } }",
         {"using": ("http://b/x",), "using_named": ("https://w3id.org/orrery/ontology#y",),
          "where": "{ { } UNION { } }"}),
    ],
)  # fmt: skip
def test_a_modification_is_read(text: str, expected: dict[str, Any]) -> None:
    (found,) = operations_of(text)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CLEAR ALL", Management("CLEAR", False, "ALL")),
        ("CLEAR SILENT DEFAULT", Management("CLEAR", True, "DEFAULT")),
        ("DROP GRAPH <a:g>", Management("DROP", False, "a:g")),
        ("DROP NAMED", Management("DROP", False, "NAMED")),
        ("CREATE SILENT GRAPH <a:g>", Management("CREATE", True, "a:g")),
        ("COPY DEFAULT TO <a:g>", Management("COPY", False, "a:g", "DEFAULT")),
        ("MOVE SILENT GRAPH <a:g> TO DEFAULT", Management("MOVE", True, "DEFAULT", "a:g")),
        ("ADD <a:f> TO GRAPH <a:g>", Management("ADD", False, "a:g", "a:f")),
    ],
)
def test_an_operation_on_graphs_is_read(text: str, expected: Management) -> None:
    assert operations_of(text) == [expected]


@pytest.mark.parametrize("text", ["", " # nothing", "PREFIX a: <a:>", " ; "])
def test_an_update_may_do_nothing(text: str) -> None:
    assert operations_of(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * { ?s ?p ?o }", "line 1"),
        ("INSERT DATA {\n  <a:a> nope:b 1 }", "line 2, column 9"),
        ("INSERT DATA { <a:a> <a:b> 1 } ;\n\nPREFIX e: <e:>\n  INSERT DATA { e:a nope:b 1 }", "line 4, column"),
        ("INSERT DATA { ?s <a:b> 1 }", "Variables are not allowed"),
        ("DELETE DATA { [] <a:b> 1 }", "blank nodes are not allowed"),
        ("DELETE { _:x <a:b> 1 } WHERE { }", "line 1"),
        ("INSERT DATA { <a:a> <a:b> 1", "line 1"),
        ("INSERT DATA { <a:a> <a:b> 1 } }", "line 1"),
        ("INSERT DATA { } INSERT DATA { }", "line 1, column"),
        ("INSERTDATA { }", "update"),
        ("CREATE GRAPH nope:x", "nope"),
    ],
)
def test_an_update_that_does_not_parse_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(QueryInvalid, match=place):
        operations_of(text)


def test_no_operation_is_evaluated_while_it_is_read() -> None:
    crossed = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(40))
    assert len(operations_of(f"INSERT DATA {{ <a:a> <a:b> 1 }} ; INSERT {{ ?a1 ?b1 ?c1 }} WHERE {{ {crossed} }}")) == 2


def test_a_template_has_an_iri_for_each_variable() -> None:
    variables: dict[str, str] = {}
    template = template_of("PREFIX e: <http://e/>", "{ ?s e:p ('?x' $o) . GRAPH ?g { [] ?p ?o } }", variables)
    assert variables == {VARIABLE + name: name for name in "sgpo"}
    assert len(template) == 6
    assert '"?x"' in {str(one.object) for one in template}
    assert VARIABLE + "g" in {getattr(one.graph_name, "value", None) for one in template}
