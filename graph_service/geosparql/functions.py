"""Every function of GeoSPARQL 1.1, by its IRI, as the query engine takes them.

What one of them raises leaves its value unbound, as any error in an expression does (SPARQL 1.1, 17.2); so does a
call with too few or too many arguments.
"""

from collections.abc import Callable

import pyoxigraph as ox

from graph_service.geosparql import aggregates
from graph_service.geosparql.constructions import CONSTRUCTIONS
from graph_service.geosparql.literals import Term
from graph_service.geosparql.measures import MEASURES
from graph_service.geosparql.properties import PROPERTIES
from graph_service.geosparql.relations import RELATIONS
from ontology import terms

# The vocabulary that is published with the standard spells some names otherwise than its text.
_SPELLINGS = {
    **{name.lower(): name for name in ("minX", "minY", "minZ", "maxX", "maxY", "maxZ")},
    **{name.replace("aggB", "aggb").replace("aggC", "aggc"): name for name in aggregates.AGGREGATES},
}


def _named(name: str) -> ox.NamedNode:
    return ox.NamedNode(terms.PREFIXES["geof"] + name)


_BY_NAME: dict[str, Callable[..., ox.Literal]] = {**RELATIONS, **MEASURES, **CONSTRUCTIONS, **PROPERTIES}

FUNCTIONS: dict[ox.NamedNode, Callable[..., Term | None]] = {
    **{_named(name): function for name, function in _BY_NAME.items()},
    **{_named(other): _BY_NAME[name] for other, name in _SPELLINGS.items() if name in _BY_NAME},
}
AGGREGATES: "dict[ox.NamedNode, Callable[[], ox.AggregateFunctionAccumulator]]" = {  # a name of the stubs alone
    **{_named(name): aggregate for name, aggregate in aggregates.AGGREGATES.items()},
    **{
        _named(other): aggregates.AGGREGATES[name]
        for other, name in _SPELLINGS.items()
        if name in aggregates.AGGREGATES
    },
}
