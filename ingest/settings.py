"""What a site sets for the mapping of its documents."""

from dataclasses import dataclass, field

from ontology.anomaly import Thresholds

MAPPING_VERSION = 2
"""Raised whenever mappers give other records than before, so that unchanged documents are mapped again."""


@dataclass(frozen=True, slots=True)
class MappingSettings:
    """Everything besides the document that steers its mapping."""

    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def fingerprint(self) -> str:
        """A text that differs wherever the mapping may differ."""
        return f"{MAPPING_VERSION}:{self.thresholds.fingerprint}"
