"""The page of an ontology, as the values that its template shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.views.ontology.diagram import Diagram, diagram_of
from graph_service.views.ontology.entries import Entry, entry_of, kind_of
from graph_service.views.ontology.names import Names, Reference, module_name, names_of
from graph_service.views.ontology.statements import Node, Statements, statements_of
from ontology import terms
from ontology.loader import Module, Ontology

_SUBCLASS, _IMPORTS = terms.RDFS + "subClassOf", terms.OWL + "imports"
_LABELS = (terms.LABEL, terms.PREF_LABEL, terms.TITLE, terms.SKOS + "notation")


@dataclass(frozen=True, slots=True)
class ModulePart:
    """A module, with what it describes."""

    name: str
    """As in its address: ``core``."""
    entry: Entry | None
    """None where the file describes no ontology."""
    version: str
    anchor: str
    diagram: Diagram | None
    """Of its classes, with what is directly above them."""
    classes: tuple[Reference, ...]
    properties: tuple[Reference, ...]
    schemes: tuple[Reference, ...]
    declared: tuple[Reference, ...]
    """Terms of other vocabularies that are declared, and no more."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A code scheme with its codes."""

    entry: Entry
    codes: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Individuals of one class."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    version: str
    """Of the first module, which the others share; empty where it has none."""
    licence: str
    """IRI; empty where none is stated."""
    modified: str
    """Date of the latest change of a module, ISO 8601; empty where none is stated."""
    overview: Diagram | None
    """Of the modules, by their imports."""
    modules: tuple[ModulePart, ...]
    classes: tuple[Entry, ...]
    properties: tuple[Entry, ...]
    annotations: tuple[Entry, ...]
    schemes: tuple[Scheme, ...]
    groups: tuple[Group, ...]
    triples: int

    @property
    def codes(self) -> int:
        """How many codes there are."""
        return sum(len(scheme.codes) for scheme in self.schemes)

    @property
    def individuals(self) -> int:
        """How many individuals there are."""
        return sum(len(group.entries) for group in self.groups)

    def entries(self) -> Iterator[Entry]:
        """Every entry once, in the order of the page."""
        yield from (part.entry for part in self.modules if part.entry is not None)
        yield from (*self.classes, *self.properties, *self.annotations)
        for scheme in self.schemes:
            yield from (scheme.entry, *scheme.codes)
        for group in self.groups:
            yield from group.entries


def page_of(ontology: Ontology) -> Page:
    """The page of all modules of an ontology."""
    statements = statements_of(ontology.triples)
    described = {iri: _label(iri, statements) for iri in statements.described()}
    names = names_of((module.text for module in ontology.modules), described)
    entries = sorted((entry_of(iri, statements, names) for iri in described), key=_order)
    codes = [one for one in entries if one.kind == "code"]
    homeless = {one.scheme for one in codes} - {one.iri for one in entries}
    return Page(
        version=next((module.version for module in ontology.modules if module.version), ""),
        licence=_latest(terms.DCTERMS + "license", statements),
        modified=_latest(terms.MODIFIED, statements),
        overview=_overview(ontology, statements, names),
        modules=tuple(_part(module, entries, names) for module in ontology.modules),
        classes=tuple(one for one in entries if one.kind == "class"),
        properties=tuple(one for one in entries if one.kind in ("object property", "datatype property")),
        annotations=tuple(one for one in entries if one.kind == "annotation property"),
        schemes=tuple(_scheme(one, codes) for one in entries if one.kind == "code scheme"),
        groups=tuple(_groups([one for one in entries if one.kind == "individual" or one.scheme in homeless], names)),
        triples=len(ontology.triples),
    )


def _order(entry: Entry) -> tuple[str, str]:
    return entry.name.casefold(), entry.iri


def _label(iri: str, statements: Statements) -> str:
    node = ox.NamedNode(iri)
    return next((text for predicate in _LABELS if (text := statements.text(node, predicate))), "")


def _latest(predicate: str, statements: Statements) -> str:
    """The last of the values that modules have, by text."""
    modules = statements.subjects(terms.TYPE, ox.NamedNode(terms.OWL + "Ontology"))
    found = [value for module in modules for value in statements.objects(module, predicate)]
    return max((str(getattr(value, "value", "")) for value in found), default="")


def _scheme(entry: Entry, codes: Iterable[Entry]) -> Scheme:
    return Scheme(entry, tuple(code for code in codes if code.scheme == entry.iri))


def _groups(individuals: Sequence[Entry], names: Names) -> Iterator[Group]:
    """Individuals by the most general of our classes that they have, those without one last."""
    titles = {one.iri: _title(one, names) for one in individuals}
    for title in sorted(set(titles.values()), key=lambda title: (not title, title)):
        yield Group(
            title[:1].upper() + title[1:] or "Other", tuple(one for one in individuals if titles[one.iri] == title)
        )


def _title(entry: Entry, names: Names) -> str:
    return next((names.described[one] or names.short(one) for one in entry.types if one in names.described), "")


def _part(module: Module, entries: Sequence[Entry], names: Names) -> ModulePart:
    statements = statements_of(module.triples)
    own = set(statements.described())
    declared = [one for one in entries if one.iri in own and _declares(one, statements)]
    entry = next((one for one in declared if one.kind == "module"), None)
    classes = [one for one in declared if one.kind == "class"]
    return ModulePart(
        name=module_name(module),
        entry=entry,
        version=module.version or "",
        anchor=f"module/{module_name(module)}" if entry is None else entry.anchor,
        diagram=_class_diagram(module_name(module), classes, statements, names),
        classes=tuple(names.reference(one.iri) for one in classes),
        properties=tuple(names.reference(one.iri) for one in declared if one.kind.endswith("property")),
        schemes=tuple(names.reference(one.iri) for one in declared if one.kind == "code scheme"),
        declared=tuple(sorted(map(names.reference, statements.declared()), key=lambda one: one.text)),
    )


def _declares(entry: Entry, statements: Statements) -> bool:
    types = statements.objects(ox.NamedNode(entry.iri), terms.TYPE)
    return kind_of([one.value for one in types if isinstance(one, ox.NamedNode)]) == entry.kind


def _class_diagram(name: str, classes: Sequence[Entry], statements: Statements, names: Names) -> Diagram | None:
    own = {one.iri for one in classes}
    parents = {one: _named(statements.objects(ox.NamedNode(one), _SUBCLASS)) for one in sorted(own)}
    above = {other for listed in parents.values() for other in listed}

    def manner(iri: str) -> str:
        return "own" if iri in own else "other" if iri in names.described else "foreign"

    drawn = {one: list[str]() for one in sorted(above - own)} | parents
    return diagram_of(drawn, names.reference, manner, f"Classes of the module {name}")


def _overview(ontology: Ontology, statements: Statements, names: Names) -> Diagram | None:
    modules = {module.iri for module in ontology.modules if module.iri}
    drawn = {
        one: [other for other in _named(statements.objects(ox.NamedNode(one), _IMPORTS)) if other in modules]
        for one in sorted(modules)
    }
    return diagram_of(_reduced(drawn), names.reference, lambda _: "own", "Modules by what they import")


def _reduced(parents: dict[str, list[str]]) -> dict[str, list[str]]:
    """A hierarchy without what follows from the rest: an import that another import brings as well."""
    return {
        one: [
            other for other in above if not any(other in _ancestors(near, parents) for near in above if near != other)
        ]
        for one, above in parents.items()
    }


def _ancestors(iri: str, parents: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    pending = [*parents.get(iri, [])]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += parents.get(one, [])
    return found


def _named(nodes: Iterable[Node]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ox.NamedNode)]


def anchors(page: Page) -> set[str]:
    """The fragments of a page that links may name."""
    return {*(entry.anchor for entry in page.entries()), *(part.anchor for part in page.modules)}
