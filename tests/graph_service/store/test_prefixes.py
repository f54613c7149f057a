"""A prefix that nothing declares is named."""

import pyoxigraph as ox
import pytest

from graph_service.errors import QueryInvalid
from graph_service.store.evaluation import results_of


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ASK { ?s nope:a ?o }", "line 1, column 10: the prefix nope: of nope:a is not declared; code:, .*xsd: alone"),
        (
            "ASK {\n ?s a oor:Scene }",
            "line 2, column 7: the prefix oor: of oor:Scene is not declared; orr: .*would need",
        ),
        ("SELECT (nope:a(?x) AS ?z) { }", "column 9: the prefix nope:"),
        ("ASK { ?s ?p '1'^^xs:integer }", "the prefix xs: of xs:integer is not declared; xsd: would"),
        ("ASK { ?s a :Scene }", "the prefix : of :Scene"),
        ("PREFIX ex: <http://a/> ASK { ?s ex:a ey:b }", "the prefix ey:"),
    ],
)
def test_an_undeclared_prefix_is_named_with_one_that_is_near(text: str, fault: str) -> None:
    with pytest.raises(QueryInvalid, match=fault):
        results_of(ox.Store(), text, ())


@pytest.mark.parametrize(
    "text", ["ASK { ?s 'nope:a' ?o }", "ASK { _:a a # nope:a\n }", "PREFIX ex: <http://a/> ASK { ex:a }"]
)
def test_other_faults_are_told_as_they_are(text: str) -> None:
    with pytest.raises(QueryInvalid, match="does not parse"):
        results_of(ox.Store(), text, ())
