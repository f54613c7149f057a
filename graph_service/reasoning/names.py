"""The names that people have for terms: prefixed names, local names, notations, labels in any language."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import pyoxigraph as ox

from ontology import terms
from ontology.errors import CatalogueError
from ontology.prefixed import expanded, prefixed

_NAMING = frozenset((terms.LABEL, terms.PREF_LABEL, terms.SKOS + "altLabel", terms.SKOS + "notation"))

_LONGEST_COMPARED = 100
"""Characters of a text that similar names are looked for; what is longer is no slip of the pen, and takes long."""


class TermUnknown(CatalogueError):
    """A name that no term of the ontology has, or several."""


@dataclass(frozen=True, slots=True)
class Names:
    """Terms by what they are called."""

    kinds: Mapping[str, str]
    """What each term is, such as ``class``, by IRI."""
    called: Mapping[str, tuple[str, ...]]
    """IRIs by name, case-folded."""

    def resolve(self, text: str, kinds: Collection[str]) -> str:
        """The IRI of the one term that a text means.

        Args:
            text: an IRI, a prefixed name, a local name, a notation or a label.
            kinds: what the term may be.

        Raises:
            TermUnknown: no term of these kinds is called so, or several are.
        """
        for iri in (text, expanded(text)):
            if iri is not None and self.kinds.get(iri) in kinds:
                return iri
        found = [iri for iri in self.found(text) if self.kinds[iri] in kinds]
        if len(found) == 1:
            return found[0]
        wanted = " or ".join(kinds)
        if found:
            listed = ", ".join(prefixed(iri) for iri in found)
            raise TermUnknown(f"{text!r} is the name of several terms; write one of {listed}")
        raise TermUnknown(f"{text!r}: the ontology has no {wanted} of this name{self._near(text, kinds)}")

    def found(self, text: str) -> tuple[str, ...]:
        """IRIs of the terms that a local name, notation or label means."""
        return self.called.get(_folded(text), ())

    def _near(self, text: str, kinds: Collection[str]) -> str:
        if len(text) > _LONGEST_COMPARED:
            return ""
        names = [name for name, iris in self.called.items() if any(self.kinds[iri] in kinds for iri in iris)]
        near = get_close_matches(_folded(text), names, n=3, cutoff=0.6)
        iris = dict.fromkeys(iri for name in near for iri in self.called[name] if self.kinds[iri] in kinds)
        return f"; did you mean {', '.join(prefixed(iri) for iri in iris)}?" if iris else ""


def names_in(triples: Iterable[ox.Triple], kinds: Mapping[str, str]) -> Names:
    """The names of some terms.

    Args:
        triples: of the ontology.
        kinds: what each term is, by IRI.
    """
    called: dict[str, dict[str, None]] = {}
    for iri in sorted(kinds):
        for name in {_folded(_local(iri)), _folded(prefixed(iri))}:
            called.setdefault(name, {})[iri] = None
    for triple in triples:
        named = getattr(triple.subject, "value", "")
        if triple.predicate.value in _NAMING and isinstance(triple.object, ox.Literal) and named in kinds:
            called.setdefault(_folded(triple.object.value), {})[named] = None
    return Names(dict(kinds), {name: tuple(iris) for name, iris in called.items()})


def labels_in(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """All that each term is called, in any language, in one text by IRI."""
    called: dict[str, dict[str, None]] = {}
    for triple in triples:
        if triple.predicate.value in _NAMING and isinstance(triple.object, ox.Literal):
            called.setdefault(getattr(triple.subject, "value", ""), {})[triple.object.value] = None
    return {iri: ", ".join(sorted(names)) for iri, names in called.items()}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _local(iri: str) -> str:
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]
