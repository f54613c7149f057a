from datetime import UTC, datetime

import pytest

from ingest.synthetic.sun import sun_position


def test_sun_at_a_real_acquisition() -> None:
    """The mean sun angle of S2B_MSIL1C_20220125T105229_N0400_R051_T31UFS, centred at 5.17 E, 50.95 N."""
    sun = sun_position(datetime(2022, 1, 25, 10, 56, 45, tzinfo=UTC), longitude=5.17, latitude=50.95)
    assert sun.zenith == pytest.approx(70.87, abs=0.3)
    assert sun.azimuth == pytest.approx(166.3, abs=0.5)


def test_sun_is_in_the_west_after_noon() -> None:
    assert sun_position(datetime(2025, 9, 1, 16, tzinfo=UTC), longitude=10.0, latitude=45.0).azimuth > 180
