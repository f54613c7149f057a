"""When a water extent is a flood or a drought: one rule with thresholds that a site can set.

The rule, ``water-extent``, version 1. Excess is water beyond the permanent water
of the reference, deficit is permanent water not seen; both are percentages of the
visible permanent water, surfaces are km²:

- *not assessed* (no anomaly is written) when excess or deficit is unknown, or
  when more than ``maximum_excluded_percent`` of the scene could not be observed;
- *flood* when excess reaches both ``flood_excess_percent`` and ``flood_excess_km2``;
- *drought* when deficit reaches both ``drought_deficit_percent`` and ``drought_deficit_km2``;
- *flood and drought* when both hold, *normal* when neither does.

The surface thresholds keep a doubled pond from being a flood. The score is the
larger of the two percentages.
"""

import hashlib
from dataclasses import dataclass

from ontology import terms
from ontology.bounds import fault_of
from ontology.errors import CatalogueError
from ontology.identifiers import rule_iri
from ontology.records import AnomalyRule, WaterAnomaly

RULE_NAME = "water-extent-1"


class ThresholdInvalid(CatalogueError):
    """A threshold of the anomaly rule lies outside its range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What a site may set; the defaults single out the rare tenth of a flood-prone region's scenes."""

    flood_excess_percent: float = 100.0
    flood_excess_km2: float = 25.0
    drought_deficit_percent: float = 30.0
    drought_deficit_km2: float = 25.0
    maximum_excluded_percent: float = 60.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if (fault := fault_of(AnomalyRule, name, getattr(self, name))) is not None:
                raise ThresholdInvalid(f"threshold {name}: {fault}")

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ wherever a threshold differs."""
        text = ",".join(f"{name}={float(getattr(self, name))!r}" for name in self.__slots__)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def anomaly_rule(thresholds: Thresholds) -> AnomalyRule:
    """The rule under these thresholds, as a record of its own."""
    return AnomalyRule(
        iri=rule_iri(RULE_NAME, thresholds.fingerprint),
        label="Water extent rule, version 1",
        description=(
            "Flood: excess water of at least floodExcessPercent of the visible permanent water and floodExcessSurface "
            "km². Drought: likewise for deficit. Both: flood and drought. Neither: normal. Not assessed where more "
            "than maximumExcludedPercent of the scene could not be observed."
        ),
        flood_excess_percent=thresholds.flood_excess_percent,
        flood_excess_km2=thresholds.flood_excess_km2,
        drought_deficit_percent=thresholds.drought_deficit_percent,
        drought_deficit_km2=thresholds.drought_deficit_km2,
        maximum_excluded_percent=thresholds.maximum_excluded_percent,
    )


_TYPES = {
    (False, False): terms.ANOMALY_NORMAL,
    (True, False): terms.ANOMALY_FLOOD,
    (False, True): terms.ANOMALY_DROUGHT,
    (True, True): terms.ANOMALY_FLOOD_AND_DROUGHT,
}


def water_anomaly(
    thresholds: Thresholds,
    *,
    excess_percent: float | None,
    excess_km2: float | None,
    deficit_percent: float | None,
    deficit_km2: float | None,
    excluded_percent: float | None,
) -> WaterAnomaly | None:
    """The anomaly of a water extent under the rule, or None where it cannot be assessed.

    Args:
        thresholds: of the site.
        excess_percent: water beyond the permanent water of the reference, percent of its visible permanent water.
        excess_km2: the same as a surface; None counts as not reaching the threshold.
        deficit_percent: permanent water not seen, percent of the same.
        deficit_km2: the same as a surface; None counts as not reaching the threshold.
        excluded_percent: share of the scene that could not be observed; None counts as 0.
    """
    if excess_percent is None or deficit_percent is None:
        return None
    if (excluded_percent or 0.0) > thresholds.maximum_excluded_percent:
        return None
    flood = (
        excess_percent >= thresholds.flood_excess_percent
        and excess_km2 is not None
        and excess_km2 >= thresholds.flood_excess_km2
    )
    drought = (
        deficit_percent >= thresholds.drought_deficit_percent
        and deficit_km2 is not None
        and deficit_km2 >= thresholds.drought_deficit_km2
    )
    return WaterAnomaly(
        anomaly_type=_TYPES[flood, drought],
        score=max(excess_percent, deficit_percent),
        rule=rule_iri(RULE_NAME, thresholds.fingerprint),
    )
