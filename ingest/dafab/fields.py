"""The catalogue's view of DaFab's ``smart_agriculture`` items."""

from ingest.dafab.derived import read_derived
from ingest.document import Document, Mapped
from ontology import terms
from ontology.records import FieldAnalysis

PROPERTY = "dafab:smart-agriculture"


def read_field_analysis(document: Document) -> Mapped:
    """The record of a field analysis.

    Raises:
        DocumentRefused: as for any STAC item.

    Source: DaFab's JSON Schema of the collection ``smart_agriculture``; areas are hectares.
    """
    item = read_derived(document, measures=PROPERTY, model="smart_agriculture")
    measures = item.measures
    own = {
        "kind": terms.FIELD_ANALYSIS,
        "field_count": measures.integer(FieldAnalysis, "field_count", "number_of_fields"),
        "agricultural_coverage": measures.number(FieldAnalysis, "agricultural_coverage", "field_percentage"),
        "total_area_ha": measures.number(FieldAnalysis, "total_area_ha", "total_field_area(ha)"),
        "minimum_area_ha": measures.number(FieldAnalysis, "minimum_area_ha", "min_area_of_fields(ha)"),
        "mean_area_ha": measures.number(FieldAnalysis, "mean_area_ha", "mean_area_of_fields(ha)"),
        "maximum_area_ha": measures.number(FieldAnalysis, "maximum_area_ha", "max_area_of_fields(ha)"),
    }
    return Mapped(FieldAnalysis(**item.fields | own), item.references.records(), tuple(item.notices))
