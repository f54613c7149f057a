"""The functions that a filter can call, as a document.

Source: OGC API - Features, part 3, resource functions; OGC 21-065r2 (Common Query Language), class functions.
"""

from typing import Any

from graph_service.index.cql2_areas import REGION
from graph_service.index.functions import LISTED, Function
from graph_service.index.regions import SCHEMES

REL = "http://www.opengis.net/def/rel/ogc/1.0/functions"

_TYPES = {"text": "string", "number": "number", "time": "datetime", "list": "array"}
"""Names of types in a functions document."""
_REGION = {
    "name": REGION,
    "description": "The area of an administrative unit that the catalogue knows, for the spatial functions: "
    "s_within(geometry, region('NUTS', 'ITH5')).",
    "arguments": [
        {"title": "scheme", "description": f"Nomenclature: {' or '.join(SCHEMES)}", "type": ["string"]},
        {
            "title": "code",
            "description": "Code of the unit, such as ITH5 or ITA; letter case does not count",
            "type": ["string"],
        },
    ],
    "returns": ["geometry"],
}


def functions_document() -> dict[str, Any]:
    """What ``/functions`` answers: name, description, arguments and result of each function."""
    return {"functions": [_REGION, *(_described(name, one) for name, one in sorted(LISTED.items()))]}


def _described(name: str, function: Function) -> dict[str, Any]:
    arguments = zip(function.arguments, function.takes, strict=True)
    return {
        "name": name,
        "description": f"{function.description}.",
        "arguments": [
            {"title": title, "description": f"{title[:1].upper()}{title[1:]}", "type": [_TYPES[kind]]}
            for title, kind in arguments
        ],
        "returns": [_TYPES[function.gives]],
    }
