"""The inspections that a Sentinel-2 product went through."""

from collections.abc import Iterator

from ingest.xml_document import Element, children, local_name, optional_attribute
from ontology.records import QualityCheck

_INSPECTIONS = "Quality_Indicators_Info/Quality_Control_Checks/Quality_Inspections"


def read_quality_checks(root: Element) -> tuple[QualityCheck, ...]:
    """The checks in a product document, by name.

    Newer baselines write ``<quality_check checkType="SENSOR_QUALITY">PASSED``, older ones
    ``<SENSOR_QUALITY_FLAG>PASSED``; both are the check ``SENSOR_QUALITY``. Where a check is
    listed twice, the outcome that is not ``PASSED`` stands.
    """
    outcomes: dict[str, str] = {}
    for name, outcome in _inspections(root):
        if outcomes.get(name, "PASSED") == "PASSED":
            outcomes[name] = outcome
    return tuple(QualityCheck(name=name, outcome=outcome) for name, outcome in sorted(outcomes.items()))


def _inspections(root: Element) -> Iterator[tuple[str, str]]:
    for element in children(root, f"{_INSPECTIONS}/*"):
        name = optional_attribute(element, "checkType") or local_name(element).removesuffix("_FLAG")
        outcome = (element.text or "").strip()
        if outcome:
            yield name, outcome
