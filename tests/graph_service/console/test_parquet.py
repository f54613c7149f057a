"""GeoParquet as its specification has it, and as others read it."""

import io
import json
from typing import Any

import geopandas
import pyarrow.parquet as pq
import pytest
import shapely

from graph_service.console.parquet import geoparquet, parquet
from graph_service.errors import NotAcceptable
from ontology import terms

LATITUDE_FIRST = "<http://www.opengis.net/def/crs/EPSG/0/4326>"


def wkt(text: str) -> dict[str, str]:
    return {"type": "literal", "value": text, "datatype": terms.WKT_LITERAL}


def results(*rows: dict[str, Any], names: str = "name where place") -> dict[str, Any]:
    return {"head": {"vars": names.split()}, "results": {"bindings": list(rows)}}


NAME = {"type": "literal", "value": "Pavia"}
TOWNS = results(
    {"name": NAME, "where": wkt("POINT (9.15 45.18)"), "place": wkt("POLYGON ((9 45, 10 45, 10 46, 9 45))")},
    {"name": NAME, "where": wkt(f"{LATITUDE_FIRST} POINT (44.5 11.5)")},
    {"place": wkt("MULTIPOINT Z ((1 2 30), (3 4 -5))")},
)


def metadata(file: bytes) -> dict[str, Any]:
    """The metadata of GeoParquet."""
    found: dict[str, Any] = json.loads(pq.read_metadata(io.BytesIO(file)).metadata[b"geo"])
    return found


def test_geopandas_reads_it() -> None:
    frame = geopandas.read_parquet(io.BytesIO(geoparquet(TOWNS)))
    assert frame.geometry.name == "where"
    assert frame.crs == "OGC:CRS84"
    assert frame["name"].tolist()[:2] == ["Pavia", "Pavia"]
    assert [None if one is None else one.wkt for one in frame.geometry] == [
        "POINT (9.15 45.18)", "POINT (11.5 44.5)", None,
    ]  # fmt: skip
    assert frame["place"].iloc[2].geom_type == "MultiPoint"
    assert frame["place"].iloc[2].has_z


def test_the_metadata_have_what_the_specification_asks_for() -> None:
    file = geoparquet(TOWNS)
    geo = metadata(file)
    assert set(geo) == {"version", "primary_column", "columns"}
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "where")
    where, place = geo["columns"]["where"], geo["columns"]["place"]
    assert set(geo["columns"]) == {"where", "place"}
    for column in (where, place):
        assert column["encoding"] == "WKB"
        assert column["edges"] == "planar"
        assert column["crs"]["id"] == {"authority": "OGC", "code": "CRS84"}
        assert len(set(column["geometry_types"])) == len(column["geometry_types"])
    assert where["geometry_types"] == ["Point"]
    assert place["geometry_types"] == ["MultiPoint Z", "Polygon"]
    assert where["bbox"] == [9.15, 44.5, 11.5, 45.18]
    assert place["bbox"] == [1.0, 2.0, -5.0, 10.0, 46.0, 30.0]
    schema = pq.read_schema(io.BytesIO(file))
    assert {str(schema.field(name).type) for name in ("where", "place")} == {"binary"}


def test_measures_are_left_out_because_the_format_has_none() -> None:
    table = pq.read_table(io.BytesIO(geoparquet(results({"where": wkt("POINT ZM (1 2 3 4)")}, names="where"))))
    shape = shapely.from_wkb(table["where"][0].as_py())
    assert shapely.to_wkt(shape) == "POINT Z (1 2 3)"


def test_an_empty_geometry_has_no_box() -> None:
    geo = metadata(geoparquet(results({"where": wkt("POLYGON EMPTY")}, names="where")))
    assert "bbox" not in geo["columns"]["where"]
    assert geo["columns"]["where"]["geometry_types"] == ["Polygon"]


def test_parquet_keeps_geometries_as_text() -> None:
    table = pq.read_table(io.BytesIO(parquet(TOWNS)))
    assert table.column_names == ["name", "where", "place"]
    assert table["where"].to_pylist()[1] == f"{LATITUDE_FIRST} POINT (44.5 11.5)"
    assert b"geo" not in (table.schema.metadata or {})


def test_parquet_of_no_solutions_has_the_columns() -> None:
    table = pq.read_table(io.BytesIO(parquet(results())))
    assert (table.num_rows, table.column_names) == (0, ["name", "where", "place"])


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"head": {}, "boolean": True}, "ASK"),
        (results(names=""), "no variable"),
        (results(), "geometry literals; there are name, where, place"),
        (results({"name": NAME}), "geometry literals"),
        (results({"where": wkt("POINT (1 2)")}, {"where": NAME}), "geometry literals"),
        (results({"where": wkt("POINT (1")}), r"\?where"),
    ],
)
def test_what_is_no_table_of_geometries_is_refused(document: dict[str, Any], fault: str) -> None:
    with pytest.raises(NotAcceptable, match=fault):
        geoparquet(document)
