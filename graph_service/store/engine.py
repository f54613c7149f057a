"""What is known of an engine elsewhere: what it can do, and what it cannot with what to do about that."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph_service.store.remote_graphs import Aliases
from ontology import terms

GEOF = terms.PREFIXES["geof"]

DIGITS = (20, 18, 15, 12, 6, 0)
"""Numbers of digits that are tried; a float of 64 bits between 0.001 and 1 has up to 20."""

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Engine:
    """What is known of an engine; as it stands, of one that can do everything."""

    atomic: bool = True
    """Whether an update is done whole or not at all."""
    apart: bool = True
    """Whether a query is kept to the graphs that it is given, at least without some keywords."""
    leaks: frozenset[str] = frozenset()
    """Keywords by which a query sees other graphs than those that it is given."""
    missing_functions: frozenset[str] = frozenset()
    """Local names of GeoSPARQL functions that it does not have."""
    missing_features: tuple[str, ...] = ()
    """Parts of SPARQL 1.1 that it answers in another way, or not at all."""
    decimal_digits: int = DIGITS[0]
    """Digits behind the point that decimals keep; the largest number may stand for more."""
    aliases: Aliases = field(default_factory=Aliases)

    def limits(self) -> list[str]:
        """What is less than elsewhere and what to do about it, a sentence each."""
        return [
            f"{sentence}; {remedy}"
            for holds, sentence, remedy in (
                (
                    not self.atomic,
                    "updates are not atomic, so that changes are staged and a query can see one half done",
                    "where that must not be, take an engine that does a whole request or nothing of it",
                ),
                (
                    not self.apart,
                    "queries are not kept to their graphs, so that it takes no restricted data sets",
                    "keep those in a catalogue of their own, in the embedded store or in another engine",
                ),
                (
                    bool(self.leaks),
                    f"a query with {' or '.join(sorted(self.leaks))} sees graphs that it is not given, so that it is "
                    "refused where there are restricted data sets that its caller may not see",
                    "choose graphs with FROM or default-graph-uri instead",
                ),
                (
                    self.decimal_digits < DIGITS[0],
                    f"decimals are rounded to {self.decimal_digits} digits behind the point",
                    "all digits are in the source documents",
                ),
                (
                    bool(self.aliases.datatypes),
                    "literals are held under other datatypes, because it would rewrite them: "
                    f"{_names(iri.rpartition('#')[2] for iri in self.aliases.datatypes)}",
                    "they are changed back in every answer of the catalogue, and not in answers of the engine itself",
                ),
                (
                    bool(self.missing_features),
                    f"answers these in its own way: {', '.join(self.missing_features)}",
                    "write queries without them",
                ),
                (
                    bool(self.missing_functions),
                    f"GeoSPARQL functions that it does not have: {_names(self.missing_functions)}",
                    "queries that call them are refused; the STAC API searches by place without them",
                ),
            )
            if holds
        ]


def _names(found: Iterable[str]) -> str:
    names = sorted(found)
    more = len(names) - _SHOWN
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:_SHOWN])} and {more} more"
