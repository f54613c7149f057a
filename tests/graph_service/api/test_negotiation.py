import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.api.negotiation import preferred
from graph_service.errors import NotAcceptable

OFFERED = ("application/json", "text/csv", "text/turtle")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV ; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("text/turtle, text/csv", "text/csv"),
        ("text/csv;q=0.5, text/turtle;q=0.9, */*;q=0.1", "text/turtle"),
        ("text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5", "text/turtle"),
        ("application/json;q=0, */*;q=0.1", "text/csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/csv;header=present;q=0.2, text/turtle;q=0.1", "text/csv"),
        ("nonsense, text/csv", "text/csv"),
        ("text/csv;q=0.001", "text/csv"),
    ],
)
def test_the_best_liked_offer_is_chosen(accept: str | None, chosen: str) -> None:
    assert preferred(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "*/*;q=0", "nonsense", "text", "*/csv"])
def test_nothing_that_fits_is_an_error(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="text/turtle"):
        preferred(accept, OFFERED)


@given(st.text())
def test_any_header_is_answered(accept: str) -> None:
    with contextlib.suppress(NotAcceptable):
        assert preferred(accept, OFFERED) in OFFERED
