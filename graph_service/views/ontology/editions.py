"""What is published of the ontology: the current modules, and the versions that were released."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph_service.errors import NotFound
from graph_service.views.ontology.names import ONTOLOGY, module_name
from ontology.loader import Module, Ontology


@dataclass(frozen=True, slots=True)
class Editions:
    """The current ontology and its earlier versions."""

    current: Ontology
    released: Mapping[str, Ontology]
    """By version, oldest first."""

    def versions(self) -> list[str]:
        """Every version of our modules, oldest first; those of a site have their own."""
        ours = [module for module in self.current.modules if str(module.iri).startswith(ONTOLOGY + "/")]
        own = [module.version for module in ours if module.version]
        return list(dict.fromkeys((*self.released, *own)))

    def edition(self, version: str) -> Ontology:
        """All modules of one version.

        Raises:
            NotFound: no module has it.
        """
        if version in self.released:
            return self.released[version]
        modules = tuple(module for module in self.current.modules if module.version == version)
        if not modules:
            raise NotFound(f"{version}: no version of the ontology; there are {', '.join(self.versions())}")
        return Ontology(modules, tuple(triple for module in modules for triple in module.triples))

    def module(self, name: str, version: str | None = None) -> Module:
        """One module, the current one without a version.

        Raises:
            NotFound: there is no such module, or it has no such version.
        """
        found = self._named(name)
        if not found:
            known = dict.fromkeys(module_name(module) for module in self.current.modules)
            raise NotFound(
                f"{name}: no module of the ontology, and no version; there are the modules {', '.join(known)} "
                f"and the versions {', '.join(self.versions())}"
            )
        fitting = [module for module in found if version in (None, module.version)]
        if not fitting:
            listed = dict.fromkeys(module.version or "" for module in reversed(found))
            raise NotFound(f"{version}: no version of the module {name}; there are {', '.join(listed)}")
        return fitting[0]

    def _named(self, name: str) -> list[Module]:
        """All versions of a module, the current one first."""
        everywhere = [self.current, *reversed(list(self.released.values()))]
        return [module for one in everywhere for module in one.modules if module_name(module) == name]
