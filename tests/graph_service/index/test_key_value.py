import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import RequestInvalid
from graph_service.index.filters import All, Any, Comparison, Filter
from graph_service.index.key_value import key_value_filter
from tests.graph_service.builders import scene_of
from tests.graph_service.index.rows import ids, index_of

FLOOD = Comparison("anomaly_type", "=", "flood")
CLEAR = Comparison("cloud_cover", "<", "10")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All(())),
        ("  \n ", All(())),
        ("anomaly_type=flood", Any((All((FLOOD,)),))),
        ("anomaly_type==flood", Any((All((FLOOD,)),))),
        (" anomaly_type = flood ", Any((All((FLOOD,)),))),
        ("anomaly_type=flood,cloud_cover<10", Any((All((FLOOD, CLEAR)),))),
        ("anomaly_type=flood;cloud_cover<10", Any((All((FLOOD,)), All((CLEAR,))))),
        (
            "anomaly_type=flood,cloud_cover<10;cloud_cover<10",
            Any((All((FLOOD, CLEAR)), All((CLEAR,)))),
        ),
        ("eo:cloud_cover<10", Any((All((CLEAR,)),))),
        ("cloud_cover<=10", Any((All((Comparison("cloud_cover", "<=", "10"),)),))),
        ("cloud_cover>10", Any((All((Comparison("cloud_cover", ">", "10"),)),))),
        ("cloud_cover>=-1.5", Any((All((Comparison("cloud_cover", ">=", "-1.5"),)),))),
        ("platform!=sentinel-2a", Any((All((Comparison("platform", "!=", "sentinel-2a"),)),))),
        ("id=a b=c", Any((All((Comparison("id", "=", "a b=c"),)),))),
        ("id=a>b", Any((All((Comparison("id", "=", "a>b"),)),))),
        ("concept=orr:FloodScene", Any((All((Comparison("concept", "=", "orr:FloodScene"),)),))),
        ("orr:cloudCover<10", Any((All((Comparison("orr:cloudCover", "<", "10"),)),))),
        ("datetime>2024-05-01T00:00:00Z", Any((All((Comparison("datetime", ">", "2024-05-01T00:00:00Z"),)),))),
    ],
)
def test_text_stands_for_a_filter(text: str, tree: Filter) -> None:
    assert key_value_filter(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        *("flood", "=flood", "anomaly_type=", "anomaly_type= ", ",", ";", "<10", "a b=c"),
        *("cloud_cover<10,", "cloud_cover<10;;cloud_cover>90"),
    ],
)
def test_a_condition_that_does_not_parse_is_refused(text: str) -> None:
    with pytest.raises(RequestInvalid, match="is no condition"):
        key_value_filter(text)


@pytest.mark.parametrize("text", ["cloudiness<10", "cloud_cover<10,row=1", "id=a;audience=x"])
def test_an_unknown_property_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(RequestInvalid, match=r"no property of this name.*cloud_cover"):
        key_value_filter(text)


def test_filter_finds_what_it_says(tmp_path: Path) -> None:
    index = index_of(tmp_path, [scene_of(str(cover), cloud_cover=float(cover)) for cover in (0, 5, 50, 95)])
    assert ids(index, key_value_filter("cloud_cover>0,cloud_cover<50;cloud_cover>=95")) == ["5", "95"]
    assert ids(index, key_value_filter("")) == ["0", "5", "50", "95"]
    with pytest.raises(RequestInvalid, match="cloud_cover: 'few' is not a number"):
        index.search(key_value_filter("cloud_cover<few"))
    index.close()


@given(st.text(max_size=30))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    with contextlib.suppress(RequestInvalid):
        key_value_filter(text)
