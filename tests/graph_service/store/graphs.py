"""Small graphs in folders, and what is asked of them."""

from pathlib import Path

from graph_service.store.oxigraph import OxigraphStore
from ontology import terms

EX = "http://example.org/"
AUDIENCE = EX + "audience"
JSON = "application/sparql-results+json"

SECRET = f"<{EX}secret>"
PUBLIC = [
    (f"<{EX}lake>", f"<{terms.TYPE}>", f"<{terms.SCENE}>"),
    (f"<{EX}lake>", f"<{terms.CLOUD_COVER}>", f'"12.5"^^<{terms.DECIMAL}>'),
    (f"<{EX}lake>", f"<{terms.TITLE}>", '"Lac Léman, \\"été\\""@fr'),
    (f"<{EX}lake>", f"<{terms.RELATIVE_ORBIT}>", f'"65"^^<{terms.INTEGER}>'),
]
RESTRICTED = [(SECRET, f"<{terms.TITLE}>", '"parcel"')]

CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED_CROSS_JOIN = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f ?i"


def small_graph(folder: Path) -> OxigraphStore:
    """Four public statements and a restricted one."""
    graph = OxigraphStore.open(folder)
    graph.apply(change=1, remove={}, add={None: PUBLIC, AUDIENCE: RESTRICTED})
    return graph


def wide_graph(folder: Path) -> OxigraphStore:
    """Enough statements that a cross join of them outlasts every deadline."""
    graph = OxigraphStore.open(folder)
    statements = [(f"<{EX}{n}>", f"<{EX}p>", f'"{n}"') for n in range(3000)]
    graph.apply(change=1, remove={}, add={None: statements})
    return graph
