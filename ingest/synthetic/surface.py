"""What the pixels of a scene are: the Level-2A scene classification in percent."""

from dataclasses import dataclass

from ingest.synthetic.river import SEASON_START
from ingest.synthetic.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneClassification:
    """Percent of the pixels within the swath, which add up to 100; ``no_data`` is of the whole tile."""

    no_data: float
    dark: float
    cloud_shadow: float
    vegetation: float
    not_vegetated: float
    water: float
    unclassified: float
    cloud_medium: float
    cloud_high: float
    cirrus: float
    snow: float


def scene_classification(scene: Scene) -> SceneClassification:
    """The classes of a scene's pixels, consistent with its clouds and its water."""
    clouds, seen = scene.cloud_cover, scene.acquisition
    ground = 100 - clouds
    water = round(min(scene.water.observed / seen.valid_share, ground), 6)
    shadow = round(0.06 * clouds * ground / 100, 6)
    dark, unclassified = round(0.004 * ground, 6), round(0.006 * ground, 6)
    land = max(ground - water - shadow - dark - unclassified - scene.snow_cover, 0.0)
    vegetation = round(land * _vegetated_share(scene), 6)
    high, cirrus = round(0.62 * clouds, 6), round(0.13 * clouds, 6)
    return SceneClassification(
        no_data=round(100 * (1 - seen.valid_share), 6),
        dark=dark,
        cloud_shadow=shadow,
        vegetation=vegetation,
        not_vegetated=round(land - vegetation, 6),
        water=water,
        unclassified=unclassified,
        cloud_medium=round(clouds - high - cirrus, 6),
        cloud_high=high,
        cirrus=cirrus,
        snow=round(scene.snow_cover, 6),
    )


def _vegetated_share(scene: Scene) -> float:
    """Fields turn brown from September to December."""
    days = (scene.acquisition.started_at.date() - SEASON_START).days
    return scene.acquisition.tile.vegetation_percent / 100 * max(1 - days / 200, 0.3)
