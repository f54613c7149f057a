"""Short names of IRIs and the places where a page describes them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph_service.views.ontology.statements import ROOT
from ontology import terms
from ontology.identifiers import BASE
from ontology.loader import Module

ONTOLOGY = ROOT + "ontology"

_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing as a text names it."""

    text: str
    href: str
    """Fragment of the page where it is described there; else its IRI, or empty where that cannot be followed."""
    title: str
    """What it is called in English, or its IRI."""

    @property
    def ours(self) -> bool:
        """Whether the page describes it."""
        return self.href.startswith("#")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one page."""

    prefixes: Mapping[str, str]
    """Namespaces by prefix."""
    described: Mapping[str, str]
    """English label by IRI of what the page describes."""

    def reference(self, iri: str) -> Reference:
        """An IRI as a text names it."""
        name = self.short(iri)
        if iri in self.described:
            return Reference(name, "#" + anchor(iri), self.described[iri] or iri)
        return Reference(name, iri if iri.startswith(("http://", "https://")) else "", iri)

    def short(self, iri: str) -> str:
        """``Scene`` and ``flood`` of ours, ``dcat:Dataset`` of others, the IRI where no prefix fits."""
        if iri.startswith(BASE):
            return iri.removeprefix(BASE)
        if iri.startswith(ONTOLOGY + "/"):
            return iri.removeprefix(ONTOLOGY + "/")
        prefix, local = self._parted(iri)
        if prefix in ("orr", "code") and iri.startswith(ROOT):
            return local
        return f"{prefix}:{local}" if prefix is not None else iri

    def qualified(self, iri: str) -> str:
        """The prefixed name, ``orr:Scene``; the IRI where no prefix fits."""
        prefix, local = self._parted(iri)
        return f"{prefix}:{local}" if prefix is not None and not iri.startswith(BASE) else iri

    def _parted(self, iri: str) -> tuple[str | None, str]:
        fitting = [(namespace, prefix) for prefix, namespace in self.prefixes.items() if _fits(iri, namespace)]
        namespace, prefix = max(fitting, key=lambda found: len(found[0]), default=("", None))
        return prefix, iri.removeprefix(namespace)


def _fits(iri: str, namespace: str) -> bool:
    local = iri.removeprefix(namespace)
    return bool(namespace) and local != iri and bool(local) and "/" not in local and "#" not in local


def names_of(texts: Iterable[str], described: Mapping[str, str]) -> Names:
    """The names of a page on modules.

    Args:
        texts: of the modules, in Turtle; their prefixes are used, the first of a name.
        described: English label by IRI.
    """
    prefixes = dict(terms.PREFIXES)
    for text in texts:
        for prefix, namespace in declared_prefixes(text):
            prefixes.setdefault(prefix, namespace)
    return Names(prefixes, described)


def declared_prefixes(text: str) -> list[tuple[str, str]]:
    """Prefixes that a Turtle text declares, with their namespaces."""
    return _PREFIX.findall(text)


def anchor(iri: str) -> str:
    """The fragment under which a page describes a thing: ``Scene``, ``code/AnomalyType-flood``, ``module/core``."""
    if iri.startswith(terms.ORR):
        return iri.removeprefix(terms.ORR)
    if iri.startswith(ONTOLOGY + "/"):
        return "module/" + iri.removeprefix(ONTOLOGY + "/")
    return iri.removeprefix(ROOT)


def module_name(module: Module) -> str:
    """The name of a module in its address: that of its file."""
    return Path(module.place).stem
