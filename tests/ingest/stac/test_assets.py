"""Assets and bands in the spellings of each version."""

from typing import Any

import pytest

from ingest.document import Notice
from ingest.stac.assets import assets_of, bands_of
from ingest.stac.members import Members
from ontology import terms
from ontology.records import Asset, Band
from tests.ingest.documents import CHECKSUM

_HREF = {"href": "a.tif"}


def read(assets: Any) -> tuple[tuple[Asset, ...], list[Notice]]:
    notices: list[Notice] = []
    return assets_of(Members({"assets": assets}, "a.json", "", notices)), notices


def asset_with(**members: Any) -> Asset:
    (asset,), notices = read({"a": _HREF | {name.replace("__", ":"): value for name, value in members.items()}})
    assert notices == []
    return asset


def test_the_least_that_an_asset_has_is_an_href() -> None:
    assert asset_with() == Asset(key="a", href="a.tif")


def test_assets_are_sorted_by_key() -> None:
    assets, _ = read({key: _HREF for key in ("b", "a", "B", "")})
    assert [asset.key for asset in assets] == ["", "B", "a", "b"]


@pytest.mark.parametrize("value", [{}, {"href": None}, {"href": 7}, {"title": "A"}, "a.tif", None, []])
def test_an_asset_without_an_href_is_left_out_with_a_notice(value: Any) -> None:
    assets, notices = read({"a": value, "b": _HREF})
    assert [asset.key for asset in assets] == ["b"]
    assert notices == [Notice("assets.a", "has no href; left out of the record")]


@pytest.mark.parametrize("assets", [[], ["a.tif"], "a.tif", 1])
def test_assets_that_are_no_object_are_left_out_with_a_notice(assets: Any) -> None:
    read_assets, notices = read(assets)
    assert read_assets == ()
    assert notices == [Notice("assets", f"is not an object but {type(assets).__name__}; left out of the record")]


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/tiff; application=geotiff; profile=cloud-optimized", terms.CLOUD_OPTIMIZED_ASSET),
        ("image/tiff;application=geotiff;profile=Cloud-Optimized", terms.CLOUD_OPTIMIZED_ASSET),
        ("image/tiff; application=geotiff", terms.ASSET),
        ("application/geo+json", terms.ASSET),
        (None, terms.ASSET),
    ],
)
def test_the_media_type_tells_a_cloud_optimized_file(media_type: str | None, kind: str) -> None:
    asset = asset_with(type=media_type)
    assert (asset.media_type, asset.kind) == (media_type, kind)


@pytest.mark.parametrize("name", ["file:checksum", "checksum:multihash"])
@pytest.mark.parametrize("checksum", [CHECKSUM, CHECKSUM.upper()])
def test_a_checksum_is_lower_case_in_either_spelling(name: str, checksum: str) -> None:
    assert asset_with(**{name: checksum}).checksum == CHECKSUM


@pytest.mark.parametrize(("roles", "expected"), [(["data", "b", "data"], ("b", "data")), ("data", ("data",)), ([], ())])
def test_roles_are_sorted_without_doubles(roles: object, expected: tuple[str, ...]) -> None:
    assert asset_with(roles=roles).roles == expected


def test_an_empty_file_has_a_size() -> None:
    assert asset_with(file__size=0).byte_size == 0


def test_a_size_beyond_the_digits_of_a_float_is_exact() -> None:
    assert asset_with(file__size=2**53 + 1).byte_size == 2**53 + 1


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("file:size", -1, "-1 lies outside 0 to 9223372036854775807"),
        ("file:size", 1.5, "1.5 is not a whole number"),
        ("proj:epsg", "4326", "'4326' is not a number"),
        ("gsd", "10m", "'10m' is not a number"),
        ("title", {"en": "A"}, "is not a text but dict"),
        ("roles", 1, "is not a list of texts"),
        ("bands", "B1", "is not a list"),
    ],
)
def test_what_does_not_fit_is_left_out_with_its_place(name: str, value: object, reason: str) -> None:
    assets, notices = read({"a": _HREF | {name: value}})
    assert assets == (Asset(key="a", href="a.tif"),)
    assert notices == [Notice(f"assets.a.{name}", f"{reason}; left out of the record")]


@pytest.mark.parametrize(
    "member",
    [
        {
            "bands": [
                {"name": "B1", "eo:common_name": "red", "eo:center_wavelength": 0.5, "eo:full_width_half_max": 0.1}
            ]
        },
        {"bands": [{"name": "B1", "common_name": "red", "center_wavelength": 0.5, "full_width_half_max": 0.1}]},
        {"eo:bands": [{"name": "B1", "common_name": "red", "center_wavelength": 0.5, "full_width_half_max": 0.1}]},
    ],
)
def test_a_band_is_read_in_either_spelling(member: dict[str, Any]) -> None:
    assert bands_of(Members(member, "a.json", "", [])) == (
        Band(position=1, name="B1", common_name="red", center_wavelength_um=0.5, full_width_half_max_um=0.1),
    )


def test_bands_keep_their_order() -> None:
    bands = bands_of(Members({"bands": [{"name": "z"}, {}, {"name": "a"}]}, "a.json", "", []))
    assert bands == (Band(position=1, name="z"), Band(position=2), Band(position=3, name="a"))


def test_indices_into_the_bands_of_the_item_are_no_bands() -> None:
    # STAC 0.8 and before.
    assert bands_of(Members({"eo:bands": [0, 1]}, "a.json", "", [])) == ()


@pytest.mark.parametrize("name", ["bands", "eo:bands"])
def test_a_notice_on_a_band_has_the_producers_spelling(name: str) -> None:
    notices: list[Notice] = []
    bands = bands_of(Members({name: [{}, {"center_wavelength": -1}]}, "a.json", "properties", notices))
    assert bands == (Band(position=1), Band(position=2))
    assert [notice.field for notice in notices] == [f"properties.{name}[1].center_wavelength"]
