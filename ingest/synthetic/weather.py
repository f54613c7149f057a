"""Clouds and snow over the river: dry before the flood, a storm that brings it, clear days at its crest."""

from datetime import date
from random import Random

_DRY_SPELL = (date(2025, 9, 6), date(2025, 9, 14))
_STORM = (date(2025, 10, 14), date(2025, 10, 18))
_CLEARING = (date(2025, 10, 19), date(2025, 10, 25))


def cloud_cover_percent(day: date, tile: str, *, seed: int) -> float:
    """Clouds over a tile on a day, percent of what the satellite saw; 0 and 100 are common."""
    # A string seeds Random through SHA-512, so the draw is the same on every machine.
    over_region = _regional_cloud_cover(day, Random(f"{seed} weather {day}"))
    cover = over_region + Random(f"{seed} weather {day} {tile}").gauss(0, 6)
    return round(min(max(cover, 0.0), 100.0), 6)


def _regional_cloud_cover(day: date, draw: Random) -> float:
    if _DRY_SPELL[0] <= day <= _DRY_SPELL[1]:
        return draw.uniform(-8, 8)
    if _STORM[0] <= day <= _STORM[1]:
        return draw.uniform(88, 108)
    if _CLEARING[0] <= day <= _CLEARING[1]:
        return draw.uniform(-8, 16)
    return 120 * draw.betavariate(0.6, 0.85) - 12


def snow_cover_percent(day: date, *, seed: int) -> float:
    """Snow on the land: none before November, a little afterwards."""
    return 0.0 if day < date(2025, 11, 1) else round(Random(f"{seed} snow {day}").uniform(0.0, 2.4), 6)
