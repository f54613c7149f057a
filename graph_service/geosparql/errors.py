"""What can be wrong with the arguments of a GeoSPARQL function.

Within a query each leaves its value unbound, as any error in an expression does (SPARQL 1.1, 17.2).
"""

from graph_service.errors import NotAcceptable, QueryInvalid


class GeometryUnreadable(NotAcceptable):
    """A literal that is no geometry, in an unknown reference system, or out of reach of the one that is asked for."""


class ArgumentInvalid(QueryInvalid):
    """An argument of another kind than the function takes, or a geometry that it does not apply to."""
