"""Where the sun stands, to about half a degree.

Source: NOAA Global Monitoring Laboratory, General Solar Position Calculations.
"""

from dataclasses import dataclass
from datetime import datetime
from math import acos, cos, degrees, pi, radians, sin


@dataclass(frozen=True, slots=True)
class SunPosition:
    zenith: float
    """Degrees from the vertical, 0 to 180."""
    azimuth: float
    """Degrees clockwise from north."""


def sun_position(moment: datetime, *, longitude: float, latitude: float) -> SunPosition:
    """The sun at a place.

    Args:
        moment: UTC.
        longitude: degrees east.
        latitude: degrees north, between the polar circles.
    """
    hours = moment.hour + moment.minute / 60 + moment.second / 3600
    year = 2 * pi / 365 * (moment.timetuple().tm_yday - 1 + (hours - 12) / 24)
    solar_minutes = 60 * hours + _equation_of_time_minutes(year) + 4 * longitude
    hour_angle = radians(solar_minutes / 4 - 180)
    declination, north = _declination(year), radians(latitude)
    zenith = acos(sin(north) * sin(declination) + cos(north) * cos(declination) * cos(hour_angle))
    from_north = acos((sin(declination) - sin(north) * cos(zenith)) / (cos(north) * sin(zenith)))
    azimuth = degrees(from_north) if hour_angle < 0 else 360 - degrees(from_north)
    return SunPosition(degrees(zenith), azimuth)


def _equation_of_time_minutes(year: float) -> float:
    return 229.18 * (
        0.000075 + 0.001868 * cos(year) - 0.032077 * sin(year) - 0.014615 * cos(2 * year) - 0.040849 * sin(2 * year)
    )


def _declination(year: float) -> float:
    """Radians north of the equator.

    Args:
        year: fraction of the year, radians.
    """
    return (
        0.006918
        - 0.399912 * cos(year)
        + 0.070257 * sin(year)
        - 0.006758 * cos(2 * year)
        + 0.000907 * sin(2 * year)
        - 0.002697 * cos(3 * year)
        + 0.00148 * sin(3 * year)
    )
