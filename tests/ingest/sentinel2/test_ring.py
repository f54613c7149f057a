import pytest

from ingest.errors import MetadataInvalid
from ingest.sentinel2.ring import polygon

_SQUARE = [(20.0, 40.0), (21.0, 40.0), (21.0, 41.0), (20.0, 41.0), (20.0, 40.0)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("40 20 40 21 41 21 41 20 40 20", id="closed"),
        pytest.param("40 20 40 21 41 21 41 20", id="open"),
        pytest.param("40 20 40 21 41 21 41 20 40 20 40 20", id="end repeated"),
        pytest.param("40 20 40 20 40 21 41 21 41 21 41 20", id="vertices repeated"),
        pytest.param("40 20 40 21 41 21 41 20 40 20 40 21 41 21 41 20 40 20", id="written twice"),
        pytest.param("40 20 0 40 21 0 41 21 0 41 20 0 40 20 0", id="with heights"),
        pytest.param("40 20 0 40 21 0 41 21 0 41 20 0 40 20", id="last height left out"),
        pytest.param("40 20 5 40 21 6 41 21 7 41 20 8 40 20 5", id="with different heights"),
    ],
)
def test_every_way_to_write_a_ring_gives_one_closed_polygon(text: str) -> None:
    drawn = polygon(text, element="EXT_POS_LIST", source="a.xml")
    assert drawn == {"type": "Polygon", "coordinates": [_SQUARE]}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("40 20 40 21 41 21 41", "ends with a latitude without longitude, number 7"),
        ("40 20 forty 21", "'forty' is not a number"),
        ("40 NaN 40 21", "NaN is not a finite number"),
    ],
)
def test_a_list_that_is_no_ring_is_refused(text: str, fault: str) -> None:
    with pytest.raises(MetadataInvalid, match=f"^a.xml: EXT_POS_LIST: {fault}"):
        polygon(text, element="EXT_POS_LIST", source="a.xml")
