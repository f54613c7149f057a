"""XML as the ground segment writes it: a prefixed root, plain names below, UTF-8."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingest.synthetic.scene import NOTICE

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PSD = "https://psd-15.sentinel2.eo.esa.int/PSD/"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Makes the elements of one namespace (lxml's own maker publishes no types)."""

    namespace: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, name: str, /, *content: etree._Element | str, **attributes: str) -> etree._Element:
        """An element with its text or its children."""
        tag = name if self.namespace is None else f"{{{self.namespace}}}{name}"
        element = etree.Element(tag, attributes, nsmap=dict(self.prefixes))
        for part in content:
            if isinstance(part, str):
                element.text = part
            else:
                element.append(part)
        return element


E = Vocabulary()
"""Elements without a namespace."""


def psd_vocabulary(schema: str) -> Vocabulary:
    """The namespace of a PSD schema, which holds a document's root and its sections."""
    return Vocabulary(_PSD + schema, {"n1": _PSD + schema, "xsi": _XSI})


def psd_root(vocabulary: Vocabulary, name: str) -> etree._Element:
    """An empty root that names its schema."""
    root = vocabulary(name)
    root.set(f"{{{_XSI}}}schemaLocation", vocabulary.namespace or "")
    return root


def document(root: etree._Element) -> bytes:
    """The bytes of a document, which says first that it is generated."""
    root.addprevious(etree.Comment(f" {NOTICE} "))
    return etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=False, pretty_print=True
    )
