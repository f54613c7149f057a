"""The entries of the ontology's page: one for each thing that the modules describe."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.views.ontology.axioms import STATED, Axioms, Phrase, origin
from graph_service.views.ontology.names import Names, Reference, anchor
from graph_service.views.ontology.statements import Node, Statements
from ontology import terms

LANGUAGES = {"en": "English", "fr": "français", "de": "Deutsch", "es": "español", "it": "italiano"}
"""Languages of labels, in the order in which they are shown."""

_QUDT_UNIT = "http://qudt.org/vocab/unit/"
_NOTATION = terms.SKOS + "notation"
_HAS_UNIT = "http://qudt.org/schema/qudt/hasUnit"
UNIT_SYMBOLS = {
    "BYTE": "B", "DEG": "°", "HA": "ha", "KiloGM-PER-HR": "kg/h", "KiloM": "km", "KiloM2": "km²", "M": "m", "M2": "m²",
    "M3-PER-M3": "m³/m³", "MicroM": "µm", "PERCENT": "%", "SEC": "s", "UNITLESS": "no unit",
}  # fmt: skip
"""Symbols of units by their names in QUDT 3 (qudt:symbol)."""

_KINDS = {
    terms.OWL + "Class": "class",
    terms.OWL + "ObjectProperty": "object property",
    terms.OWL + "DatatypeProperty": "datatype property",
    terms.OWL + "AnnotationProperty": "annotation property",
    terms.SKOS + "ConceptScheme": "code scheme",
    terms.OWL + "Ontology": "module",
    terms.CONCEPT: "code",
}
_FORWARD = {
    terms.RDFS + "subClassOf": "Superclasses",
    terms.RDFS + "subPropertyOf": "Superproperties",
    terms.RDFS + "domain": "Domain",
    terms.RDFS + "range": "Range",
    terms.METADATA_KIND: "Metadata kind",
    terms.CODE_SCHEME: "Code scheme",
    terms.IN_SCHEME: "Scheme",
    terms.BROADER: "Broader",
    terms.OWL + "imports": "Imports",
    terms.SKOS + "exactMatch": "Exact match",
    terms.SKOS + "closeMatch": "Close match",
    terms.SKOS + "broadMatch": "Broad match",
    terms.SKOS + "narrowMatch": "Narrow match",
    terms.SKOS + "relatedMatch": "Related match",
    terms.RDFS + "seeAlso": "See also",
    terms.DCTERMS + "isReplacedBy": "Replaced by",
}
_BACKWARD = {
    terms.RDFS + "subClassOf": "Subclasses",
    terms.RDFS + "subPropertyOf": "Subproperties",
    terms.RDFS + "domain": "Properties",
    terms.RDFS + "range": "Value of",
    terms.BROADER: "Narrower",
    terms.CODE_SCHEME: "Used by",
    terms.OWL + "imports": "Imported by",
}
_ELSEWHERE = {
    terms.LABEL, terms.PREF_LABEL, terms.DEFINITION, terms.TITLE, terms.DESCRIPTION, terms.DCTERMS + "source",
    terms.RDFS + "isDefinedBy", terms.SKOS + "topConceptOf", terms.OWL + "deprecated", terms.OWL + "disjointWith",
    terms.OWL + "inverseOf", terms.OWL + "equivalentClass", terms.OWL + "propertyChainAxiom", terms.OWL + "versionInfo",
    terms.OWL + "versionIRI",
    terms.TYPE, _HAS_UNIT, _NOTATION,
}  # fmt: skip
"""Properties that an entry shows in a place of their own, or that say what it shows anyway."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name in a language."""

    language: str
    """BCP 47; empty for none."""
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an entry."""

    title: str
    values: tuple[Phrase, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the modules say of one thing."""

    iri: str
    anchor: str
    name: str
    """Prefixed name, or what stands for it."""
    kind: str
    labels: tuple[Label, ...]
    """English first."""
    definition: str
    module: Reference | None
    deprecated: bool
    inferred: bool
    """Whether producers never state it."""
    rows: tuple[Row, ...]
    types: tuple[str, ...]
    """IRIs of its classes."""
    scheme: str
    """IRI of the scheme of a code; else empty."""

    @property
    def label(self) -> Label:
        """The name to show first."""
        return self.labels[0] if self.labels else Label("", self.name)

    @property
    def path(self) -> str:
        """Its own address below that of the ontology; empty for what has none."""
        if self.iri.startswith(terms.ORR):
            return "term/" + self.iri.removeprefix(terms.ORR)
        return "code/" + self.iri.removeprefix(terms.CODE) if self.iri.startswith(terms.CODE) else ""


def entry_of(iri: str, statements: Statements, names: Names) -> Entry:
    """The entry of one thing."""
    node = ox.NamedNode(iri)
    own = statements.of.get(node, {})
    types = tuple(value.value for value in own.get(terms.TYPE, []) if isinstance(value, ox.NamedNode))
    schemes = [value.value for value in own.get(terms.IN_SCHEME, []) if isinstance(value, ox.NamedNode)]
    modules = [value.value for value in own.get(terms.RDFS + "isDefinedBy", []) if isinstance(value, ox.NamedNode)]
    return Entry(
        iri=iri,
        anchor=anchor(iri),
        name=names.short(iri) if kind_of(types) in ("module", "individual") else names.qualified(iri),
        kind=kind_of(types),
        labels=tuple(_labels(own)),
        definition=statements.text(node, terms.DEFINITION) or statements.text(node, terms.DESCRIPTION),
        module=names.reference(modules[0]) if modules else None,
        deprecated=any(getattr(value, "value", "") in ("true", "1") for value in own.get(terms.OWL + "deprecated", [])),
        inferred=origin(statements, iri) != STATED,
        rows=tuple(row for row in _rows(iri, types, statements, names) if row.values),
        types=types,
        scheme=schemes[0] if schemes else "",
    )


def kind_of(types: Collection[str]) -> str:
    """What a thing with some classes is called; the first of the kinds that fits."""
    return next((kind for iri, kind in _KINDS.items() if iri in types), "individual")


def _labels(own: dict[str, list[Node]]) -> Iterator[Label]:
    order = list(LANGUAGES)
    found = {
        (value.language or "", value.value)
        for predicate in (terms.LABEL, terms.PREF_LABEL, terms.TITLE)
        for value in own.get(predicate, [])
        if isinstance(value, ox.Literal)
    }
    ranked = sorted(found, key=lambda one: (order.index(one[0]) if one[0] in order else len(order), one))
    yield from (Label(language, text) for language, text in ranked)


def _rows(iri: str, types: tuple[str, ...], statements: Statements, names: Names) -> Iterator[Row]:
    own, kind, axioms = statements.of.get(ox.NamedNode(iri), {}), kind_of(types), Axioms(statements, names)
    if kind in ("code", "individual"):
        plain = [one for one in types if one not in (terms.CONCEPT, terms.OWL + "NamedIndividual")]
        yield Row("Class", tuple((names.reference(one),) for one in plain))
        yield Row("Notation", tuple(axioms.phrase(value) for value in own.get(_NOTATION, [])))
    yield Row("Defined as", tuple(axioms.definitions(iri)))
    yield Row("Includes", tuple(axioms.conclusions(iri)))
    for predicate, title in _FORWARD.items():
        yield Row(title, tuple(axioms.phrase(value) for value in own.get(predicate, [])))
    yield Row("Unit", tuple(_unit(value, names) for value in own.get(_HAS_UNIT, [])))
    yield from _property_rows(iri, kind, statements, axioms)
    yield Row("Disjoint with", tuple((names.reference(one),) for one in axioms.disjoint(iri)))
    for predicate, title in _BACKWARD.items():
        yield Row(title, _subjects(iri, predicate, statements, names))
    if kind == "class":
        yield Row("Individuals", _subjects(iri, terms.TYPE, statements, names))
    for predicate, values in own.items():
        if predicate not in _FORWARD and predicate not in _ELSEWHERE:
            yield Row(names.short(predicate), tuple(axioms.phrase(value) for value in values))
    if kind == "individual":
        for predicate in sorted(statements.predicates_to(ox.NamedNode(iri))):
            yield Row(f"Subjects of {names.short(predicate)}", _subjects(iri, predicate, statements, names))
    yield Row("Source", tuple(axioms.phrase(value) for value in own.get(terms.DCTERMS + "source", [])))


def _property_rows(iri: str, kind: str, statements: Statements, axioms: Axioms) -> Iterator[Row]:
    if not kind.endswith("property"):
        return
    node, inverse = ox.NamedNode(iri), terms.OWL + "inverseOf"
    inverses = [*statements.objects(node, inverse), *statements.subjects(inverse, node)]
    yield Row("Holds along", tuple(axioms.chains(iri)))
    yield Row("In the chain of", tuple(axioms.used_in_chains(iri)))
    yield Row("Inverse", tuple(axioms.phrase(value) for value in inverses))
    yield Row("Characteristics", tuple(axioms.characteristics(iri)))
    if kind != "annotation property":
        yield Row("Origin", ((origin(statements, iri),),))


def _unit(node: Node, names: Names) -> Phrase:
    if not isinstance(node, ox.NamedNode):
        return (str(node),)
    symbol = UNIT_SYMBOLS.get(node.value.removeprefix(_QUDT_UNIT))
    return (f"{symbol}, ", names.reference(node.value)) if symbol else (names.reference(node.value),)


def _subjects(iri: str, predicate: str, statements: Statements, names: Names) -> tuple[Phrase, ...]:
    found = statements.subjects(predicate, ox.NamedNode(iri))
    named = sorted({one.value for one in found if isinstance(one, ox.NamedNode)}, key=lambda one: (one.casefold(), one))
    return tuple((names.reference(one),) for one in named)
