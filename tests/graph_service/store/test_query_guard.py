import contextlib
from typing import get_args

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph_service.errors import QueryInvalid
from graph_service.store.query_guard import Form, guard, guard_update, query_form

NOWHERE = "http://127.0.0.1:1/"
"""The engine refuses this port before it opens a socket, with an error of its own kind."""
PREFIXES = {"ex": NOWHERE, "": NOWHERE}


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <http://a/> {}",
        "service?x{}",
        "SERVICE SILENT <http://a/> {}",
        "SERVICESILENT<http://a/>{}",
        "\\u0053ERVICE <http://a/> {}",
        "S\\U00000045RVICE <http://a/> {}",
        "SERVICE # what follows a comment\n ex:a {}",
        "SERVICEex:a {}",
        "1SERVICE<http://a/>{}",
        "trueSERVICE:a{}",
        "# a comment \n SERVICE <http://a/> {}",
        "FILTER('#' = \"'\") SERVICE <http://a/> {}",
        'FILTER("\\u0022"="x") SERVICE <http://a/> {} FILTER("\\u0022"="")',
        "FILTER(?a<?b)SERVICE?x#>\n{ }",
        "FILTER(?a<'b>')SERVICE <http://a/> {} FILTER('x'='')",
        'VALUES ?x {"""a" } SERVICE <http://a/> {} #\\uD800"""\n }',
        "?s ?p ex:\\'. SERVICE <http://a/> {} FILTER(?p = ex:\\')",
        "?s ?p ex:.SERVICE<http://a/>{}",
    ],
)
def test_service_is_refused(clause: str) -> None:
    with pytest.raises(QueryInvalid):
        guard(f"SELECT * {{ ?s ?p ?o . {clause} }}")


@pytest.mark.parametrize(
    "part",
    [
        '"SERVICE <http://a/> {}"',
        "'''a 'SERVICE' {}'''",
        '"""SERVICE "x" {} """',
        '"\\"SERVICE {"',
        "<http://a/SERVICE#x>",
        "<http://www.w3.org/ns/sparql-service-description#Service>",
        "ex:SERVICE",
        "ex:a.SERVICE",
        "ex:\\#SERVICE",
        "service:SERVICE",
        "?SERVICE",
        "$service",
        "_:service",
        "1 # SERVICE <http://a/> {}\n",
        "?x FILTER(?x < 5 && 'SERVICE' > ?x)",
    ],
)
def test_service_is_no_clause_where_it_is_only_a_part_of_something(part: str) -> None:
    guard(f"PREFIX service: <http://a/> SELECT * {{ ?s ?p {part} }}")
    guard_update(f"DELETE WHERE {{ ?s ?p {part} }}")


def test_an_escape_that_is_no_character_is_refused() -> None:
    for escape in ("\\uD800", "\\UFFFFFFFF"):
        with pytest.raises(QueryInvalid, match="no Unicode character"):
            guard(f"SELECT * {{ ?s ?p '{escape}' }}")


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://a/>",
        "load silent <http://a/> INTO GRAPH <http://b/>",
        "LOADex:a",
        "INSERT DATA {};LOAD:a INTO ex:b",
    ],
)
def test_load_is_refused_in_updates(update: str) -> None:
    with pytest.raises(QueryInvalid, match="LOAD"):
        guard_update(update)


def test_load_is_no_operation_where_it_is_only_a_part_of_something() -> None:
    guard_update("PREFIX payload: <http://LOAD/> INSERT DATA { payload:x payload:LOAD 'LOAD' } # LOAD")


@given(st.text())
def test_service_in_a_string_is_allowed_beside_any_text(text: str) -> None:
    quoted = str(ox.Literal(text.replace("\\", "") + " SERVICE <http://a/> {}"))
    guard(f"SELECT * {{ ?s ?p {quoted} }}")


@given(st.text())
def test_any_text_is_either_passed_or_refused(text: str) -> None:
    for check in (guard, guard_update, query_form):
        with contextlib.suppress(QueryInvalid):
            check(text)


PIECES = st.sampled_from(
    [
        "SERVICE <http://127.0.0.1:1/> {} ", "SERVICE:x{}", "SERVICE:x#>\n{}", "SERVICE", "service", "SERVICEex:a{}",
        "?s ?p ?o ", "FILTER(?s", "FILTER('x'=", "{ ?s ?p ?o }", "'x'", "ex:a", ":x", "{}", "{", "}", " ", "\n", "#",
        "#>", ")", "<", "'", '"', "'''", '"""', "\\u0022", "\\u0053", "\\uD800", "\\n", "\\q", ".", "1", "true", "<?a",
        "VALUES ?x {", "'b>'", "<'b>'", "@en", "^^", "_:b", "ex:\\'", "ex:\\#", "<a#b>", "<a'b>", "OPTIONAL", "MINUS",
    ]
)  # fmt: skip


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=10))
@example(["FILTER(?s", "<?a", ")", "SERVICE:x#>\n{}"])
def test_no_query_that_is_passed_makes_the_engine_reach_out(pieces: list[str]) -> None:
    text = f"BASE <http://e/> SELECT * {{ ?s ?p ?o {''.join(pieces)} }}"
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode(NOWHERE), ox.NamedNode(NOWHERE), ox.Literal("x")))
    try:
        list(store.query(text, prefixes=PREFIXES))  # type: ignore[arg-type]  # it is a SELECT
    except OSError:
        with pytest.raises(QueryInvalid):
            guard(text)
    except (SyntaxError, ValueError, RuntimeError):
        pass


@pytest.mark.parametrize("form", get_args(Form))
@pytest.mark.parametrize(
    "prologue", ["", "BASE <http://a/SELECT> PREFIX ask: <http://ASK> # DESCRIBE\n VERSION '1.2' "]
)
def test_the_form_is_the_first_keyword_behind_the_prologue(form: Form, prologue: str) -> None:
    assert query_form(f"{prologue}{form.lower()}*{{ ?s ?p 'ASK' }}") == form


@pytest.mark.parametrize("text", ["", "# SELECT", "INSERT DATA {}", "PREFIX a: <b>", "SELEC * {}"])
def test_what_is_no_query_has_no_form(text: str) -> None:
    with pytest.raises(QueryInvalid, match="SELECT, ASK"):
        query_form(text)
