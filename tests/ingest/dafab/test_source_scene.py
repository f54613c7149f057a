"""What the name of a Sentinel-2 product tells."""

import pytest

from ingest.dafab.source_scene import source_fields
from ingest.references import References
from ontology.identifiers import instrument_iri, platform_iri, tile_iri

_TIMES = "20240812T092029_N0511_R{orbit}_T{tile}_20240812T132345"


@pytest.mark.parametrize("satellite", ["S2A", "S2B", "S2C", "S2D"])
@pytest.mark.parametrize("level", ["L1C", "L2A"])
@pytest.mark.parametrize("ending", ["", "_water_analysis_200", "_smart_agriculture_1", ".SAFE"])
def test_satellite_orbit_and_tile_stand_in_the_name(satellite: str, level: str, ending: str) -> None:
    identifier = f"{satellite}_MSI{level}_{_TIMES.format(orbit='093', tile='34TGL')}{ending}"
    name = f"sentinel-2{satellite[-1].lower()}"
    assert source_fields(identifier, References()) == {
        "platform": platform_iri(name),
        "instruments": (instrument_iri(name, "msi"),),
        "relative_orbit": 93,
        "tile": tile_iri("MGRS-34TGL"),
    }


def test_a_tile_of_the_first_zones_keeps_its_zero() -> None:
    fields = source_fields(f"S2A_MSIL2A_{_TIMES.format(orbit='001', tile='04QGJ')}", References())
    assert (fields["tile"], fields["relative_orbit"]) == (tile_iri("MGRS-04QGJ"), 1)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "water_analysis_200",
        "S2A_OPER_PRD_MSIL1C_PDMC_20160111T000000_R050_V20160111T000000",
        "s2a_msil2a_20240812t092029_n0511_r093_t34tgl_20240812t132345",
        "S1A_IW_GRDH_1SDV_20240812T050000_20240812T050025_055175_06B9A1_ABCD",
        f"copy_of_S2A_MSIL2A_{_TIMES.format(orbit='093', tile='34TGL')}",
    ],
)
def test_a_name_of_another_convention_tells_nothing(identifier: str) -> None:
    references = References()
    assert source_fields(identifier, references) == {}
    assert references.records() == ()
