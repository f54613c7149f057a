"""Small ontologies and facts: written by hand in Turtle, and drawn at random from what OWL 2 RL allows."""

from collections.abc import Iterable
from pathlib import Path

from hypothesis import strategies as st

from ontology.loader import Module, Ontology, turtle_triples
from ontology.triples import Statement

EX = "https://example.org/"
PREFIXES = f"""@prefix : <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix orr: <https://w3id.org/orrery/ontology#> .
@prefix code: <https://w3id.org/orrery/code/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

CLASSES = tuple(f":C{number}" for number in range(5))
PROPERTIES = tuple(f":p{number}" for number in range(5))
THINGS = tuple(f":i{number}" for number in range(5))

DECLARED = "".join(
    [f"{name} a owl:Class .\n" for name in CLASSES] + [f"{name} a owl:ObjectProperty .\n" for name in PROPERTIES]
)


def ontology_of(text: str) -> Ontology:
    """An ontology of one module, unchecked, given without its prefixes."""
    module = Module("test.ttl", PREFIXES + text, tuple(turtle_triples(PREFIXES + text)))
    return Ontology((module,), module.triples)


def module_file(folder: Path, text: str, name: str = "site.ttl") -> Path:
    """A module that a site adds, in a folder of such."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(PREFIXES + text, encoding="utf-8")
    return folder


def statements_of(text: str) -> list[Statement]:
    """Facts from Turtle without prefixes, as statements."""
    return [(str(t.subject), str(t.predicate), str(t.object)) for t in turtle_triples(PREFIXES + text)]


def listed(members: Iterable[str]) -> str:
    return f"( {' '.join(members)} )"


classes, things = st.sampled_from(CLASSES), st.sampled_from(THINGS)
names = st.sampled_from(PROPERTIES)
properties = st.one_of(names, names, names, names.map(lambda name: f"[ owl:inverseOf {name} ]"))


def _restricted(kind: str, fillers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda on, filler: f"[ owl:onProperty {on} ; owl:{kind} {filler} ]", properties, fillers)


def _several(kind: str, members: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(members, min_size=2, max_size=3).map(lambda found: f"[ owl:{kind} {listed(found)} ]")


valued = _restricted("hasValue", things)
bodies = st.recursive(
    st.one_of(
        classes, valued, _restricted("someValuesFrom", st.just("owl:Thing")),
        st.lists(things, min_size=1, max_size=2).map(lambda found: f"[ owl:oneOf {listed(found)} ]"),
    ),
    lambda inner: st.one_of(
        _several("intersectionOf", inner), _several("unionOf", inner), _restricted("someValuesFrom", inner)
    ),
    max_leaves=4,
)  # fmt: skip
"""What may stand on the left of an axiom on subclasses."""
heads = st.recursive(
    st.one_of(classes, valued),
    lambda inner: st.one_of(_several("intersectionOf", inner), _restricted("allValuesFrom", inner)),
    max_leaves=3,
)
"""What may stand on the right of one."""
definitions = st.one_of(classes, valued, _several("intersectionOf", st.one_of(classes, valued)))


def _said(subject: st.SearchStrategy[str], axiom: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda one, other: f"{one} {axiom} {other} .\n", subject, value)


axioms = st.one_of(
    _said(bodies, "rdfs:subClassOf", heads),
    _said(classes, "owl:equivalentClass", definitions),
    _said(properties, "rdfs:subPropertyOf", properties),
    _said(names, "owl:equivalentProperty", names),
    _said(names, "owl:inverseOf", names),
    _said(names, "owl:propertyChainAxiom", st.lists(properties, min_size=2, max_size=4).map(listed)),
    _said(names, "a", st.sampled_from(("owl:TransitiveProperty", "owl:SymmetricProperty"))),
)
axiom_texts = st.lists(axioms, min_size=1, max_size=7, unique=True).map("".join)
fact_texts = st.lists(
    st.one_of(_said(things, "a", classes), st.builds(lambda s, p, o: f"{s} {p} {o} .\n", things, names, things)),
    min_size=1,
    max_size=12,
    unique=True,
).map("".join)
