"""How much water a scene shows beside its reference: one account that the product and its analysis share."""

from dataclasses import dataclass
from datetime import date
from random import Random

from ingest.synthetic.river import TILE_KM2, Tile, dryness, flood_stage

_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterBalance:
    """Shares of the whole tile in percent, which add up to 100 (DaFab: difference_water_mask)."""

    excluded_in_reference: float
    excluded_in_observation: float
    """Under clouds or outside the swath."""
    permanent_observed: float
    deficit: float
    seasonal_observed: float
    seasonal_not_observed: float
    excess: float
    permanent_reference: float
    """Of the whole tile, visible or not."""
    seasonal_reference: float

    @property
    def other(self) -> float:
        parts = (
            self.excluded_in_reference
            + self.excluded_in_observation
            + self.permanent_visible
            + self.seasonal_visible
            + self.excess
        )
        return round(100 - parts, _DECIMALS)

    @property
    def permanent_visible(self) -> float:
        return round(self.permanent_observed + self.deficit, _DECIMALS)

    @property
    def seasonal_visible(self) -> float:
        return round(self.seasonal_observed + self.seasonal_not_observed, _DECIMALS)

    @property
    def observed(self) -> float:
        return round(self.permanent_observed + self.seasonal_observed + self.excess, _DECIMALS)

    @property
    def beyond_permanent(self) -> float:
        """Excess in DaFab's sense: water seen where there is none all the year."""
        return round(self.excess + self.seasonal_observed, _DECIMALS)


def surface_km2(share_percent: float) -> float:
    """The surface of a share of a tile."""
    return share_percent / 100 * TILE_KM2


def water_balance(
    tile: Tile, day: date, *, valid_share: float, cloud_cover_percent: float, draw: Random
) -> WaterBalance:
    """The water that a tile shows on a day.

    Args:
        tile: with its usual water.
        day: which decides on flood and drought.
        valid_share: part of the tile within the swath, 0 to 1.
        cloud_cover_percent: of that part.
        draw: decides what is left to chance.
    """
    seen = valid_share * (1 - cloud_cover_percent / 100)
    permanent = round(tile.permanent_percent * seen, _DECIMALS)
    seasonal = round(tile.seasonal_percent * seen, _DECIMALS)
    deficit = permanent * min(draw.uniform(0.01, 0.06) + tile.dry_deficit * dryness(day), 1.0)
    stage = flood_stage(day)
    seasonal_observed = seasonal * min(draw.uniform(0.1, 0.3) + 0.6 * stage, 1.0)
    excess = permanent * (draw.uniform(0.03, 0.15) + tile.crest_excess * stage * draw.uniform(0.95, 1.05))
    return WaterBalance(
        excluded_in_reference=round(0.004 * seen, _DECIMALS),
        excluded_in_observation=round(100 * (1 - seen), _DECIMALS),
        permanent_observed=round(permanent - round(deficit, _DECIMALS), _DECIMALS),
        deficit=round(deficit, _DECIMALS),
        seasonal_observed=round(seasonal_observed, _DECIMALS),
        seasonal_not_observed=round(seasonal - round(seasonal_observed, _DECIMALS), _DECIMALS),
        excess=round(excess, _DECIMALS),
        permanent_reference=tile.permanent_percent,
        seasonal_reference=tile.seasonal_percent,
    )
