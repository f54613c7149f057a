"""One acquisition with what it shows, and the products that a ground segment makes of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

from ingest.synthetic.revisit import Acquisition, acquisitions
from ingest.synthetic.water_balance import WaterBalance, water_balance
from ingest.synthetic.weather import cloud_cover_percent, snow_cover_percent

GENERATOR = "Orrery demonstration generator"
NOTICE = "Generated for demonstration: no real acquisition"
CENTRE = "DEMO"
"""In place of the four letters of a processing centre."""
BASELINE = "05.11"

Level = Literal["1C", "2A"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What an acquisition shows."""

    acquisition: Acquisition
    cloud_cover: float
    """Percent of the part within the swath."""
    snow_cover: float
    water: WaterBalance
    downlinked_at: datetime
    """UTC, whole seconds."""


@dataclass(frozen=True, slots=True)
class Product:
    """A scene at one processing level, under the names of the Products Specification Document (PSD)."""

    scene: Scene
    level: Level

    @property
    def generated_at(self) -> datetime:
        return self.scene.downlinked_at + timedelta(minutes=42 if self.level == "1C" else 154)

    @property
    def identifier(self) -> str:
        seen = self.scene.acquisition
        return (
            f"{seen.satellite.mission}_MSIL{self.level}_{compact(seen.started_at)}_N{BASELINE.replace('.', '')}"
            f"_R{seen.track.relative_orbit:03d}_T{seen.tile.code}_{compact(self.generated_at)}"
        )

    @property
    def datatake(self) -> str:
        seen = self.scene.acquisition
        return f"G{seen.satellite.mission}_{compact(seen.started_at)}_{seen.absolute_orbit:06d}_N{BASELINE}"

    @property
    def granule(self) -> str:
        """Path of the granule's folder within the product."""
        seen = self.scene.acquisition
        name = f"L{self.level}_T{seen.tile.code}_A{seen.absolute_orbit:06d}_{compact(_strip_start(seen))}"
        return f"GRANULE/{name}"

    @property
    def datastrip(self) -> str:
        """Path of the datastrip's folder within the product."""
        start = compact(_strip_start(self.scene.acquisition))
        return f"DATASTRIP/DS_{CENTRE}_{compact(self.generated_at)}_S{start}"

    @property
    def datastrip_identifier(self) -> str:
        seen = self.scene.acquisition
        return (
            f"{seen.satellite.mission}_OPER_MSI_L{self.level}_DS_{CENTRE}_{compact(self.generated_at)}"
            f"_S{compact(_strip_start(seen))}_N{BASELINE}"
        )

    @property
    def tile_identifier(self) -> str:
        seen = self.scene.acquisition
        return (
            f"{seen.satellite.mission}_OPER_MSI_L{self.level}_TL_{CENTRE}_{compact(self.generated_at)}"
            f"_A{seen.absolute_orbit:06d}_T{seen.tile.code}_N{BASELINE}"
        )

    @property
    def image_stem(self) -> str:
        """How the names of the images start."""
        seen = self.scene.acquisition
        return f"T{seen.tile.code}_{compact(seen.started_at)}"


def scenes_of(count: int, *, seed: int) -> tuple[Scene, ...]:
    """As many scenes as asked for, in order of time."""
    return tuple(_scene(acquisition, seed) for acquisition in acquisitions(count))


def _scene(seen: Acquisition, seed: int) -> Scene:
    day = seen.started_at.date()
    draw = Random(f"{seed} scene {seen.satellite.letter} {seen.track.relative_orbit} {day} {seen.tile.code}")
    clouds = cloud_cover_percent(day, seen.tile.code, seed=seed)
    water = water_balance(seen.tile, day, valid_share=seen.valid_share, cloud_cover_percent=clouds, draw=draw)
    snow = min(snow_cover_percent(day, seed=seed), (100 - clouds) / 4)
    downlinked_at = seen.started_at.replace(microsecond=0) + timedelta(seconds=draw.randint(3_000, 9_000))
    return Scene(seen, clouds, snow, water, downlinked_at)


def _strip_start(seen: Acquisition) -> datetime:
    return seen.started_at + timedelta(seconds=4)


def compact(moment: datetime) -> str:
    """A time as product names carry it: ``20251022T101501``."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}"


def iso_time(moment: datetime) -> str:
    """A time in milliseconds, as the metadata carries it: ``2025-10-22T10:15:01.024Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
