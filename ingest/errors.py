"""Why a document could not be taken in: every message names the document, the element and the fault."""

from ontology.errors import CatalogueError


class DocumentRefused(CatalogueError):
    """A document that is not taken in.

    Args:
        source: path or URL of the document, with the line or member where it has one.
        field: element or property at fault, in the producer's spelling; empty for the whole document.
        reason: what is wrong, and the remedy where there is one.
    """

    def __init__(self, source: str, field: str, reason: str) -> None:
        super().__init__(f"{source}: {field}: {reason}" if field else f"{source}: {reason}")
        self.source = source
        self.field = field
        self.reason = reason


class DocumentUnreadable(DocumentRefused):
    """The bytes cannot be had, or are not the JSON, XML or archive that they should be."""


class KindUnknown(DocumentRefused):
    """No mapper reads this kind of document."""


class MetadataMissing(DocumentRefused):
    """A required element is absent or empty."""


class MetadataInvalid(DocumentRefused):
    """An element does not parse or lies outside its range."""


class FootprintInvalid(MetadataInvalid):
    """A geometry that no area on Earth has: unclosed, self-crossing, out of range or empty."""
