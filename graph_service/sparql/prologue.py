"""Which IRI a term of a query is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.plugins.sparql.parserutils import CompValue

from graph_service.errors import QueryInvalid
from ontology import terms

_LOCAL_ESCAPE = re.compile(r"\\(.)")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Prologue:
    """The base and the prefixes that hold in a query."""

    base: str | None
    prefixes: dict[str, str]

    def iri(self, term: Any) -> str | None:
        """The IRI that a term is; None of a literal, a variable, a blank node, or a prefix that nothing declares."""
        if isinstance(term, URIRef):
            return _resolved(str(term), self.base)
        if isinstance(term, CompValue) and term.name == "pname":
            namespace = self.prefixes.get(term.prefix or "")
            return None if namespace is None else namespace + _LOCAL_ESCAPE.sub(r"\1", term.localname or "")
        return None


def prologue_of(declarations: Iterable[CompValue]) -> Prologue:
    """What declarations say, each read under the base that was declared before it."""
    base: str | None = None
    prefixes = dict(terms.PREFIXES)
    for one in declarations:
        iri = _resolved(str(one.iri), base)
        if one.name == "Base":
            base = iri
        else:
            prefixes[one.prefix or ""] = iri
    return Prologue(base, prefixes)


def _resolved(iri: str, base: str | None) -> str:
    if base is None or _ABSOLUTE.match(iri):
        return iri
    try:
        # The engine's own rules (RFC 3987).
        quads = ox.parse(f"<{iri}> <a:a> <a:a> .", format=ox.RdfFormat.TURTLE, base_iri=base)
        return str(next(iter(quads)).subject.value)
    except (SyntaxError, ValueError) as cause:
        raise QueryInvalid(f"<{iri}>: is no IRI under the base <{base}>: {cause}") from cause
