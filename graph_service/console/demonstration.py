"""``orrery demo``: from a generated archive to three answers, with the time each took."""

import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph_service.service import Address
from queries.library import load

FILTER = "platform=sentinel-2b,anomaly_type=flood"
BBOX = (8.9, 44.9, 9.6, 45.3)
"""West, south, east, north, degrees: around the town of Pavia, on the river."""
INTERVAL = "2025-10-18T00:00:00Z/2025-10-29T23:59:59Z"


def ask_three_questions(address: Address, console: Console) -> None:
    """Ask a running service one question in SPARQL, one in STAC and one in key/value conditions."""
    with httpx.Client(base_url=address.url, timeout=60.0, trust_env=False) as client:
        _ask_sparql(client, console)
        _ask_stac(client, console)
        _ask_key_value(client, console)


def _timed(client: httpx.Client, path: str, accept: str) -> tuple[dict[str, object], float]:
    start = time.perf_counter()
    response = client.get(path, headers={"Accept": accept})
    milliseconds = (time.perf_counter() - start) * 1000
    response.raise_for_status()
    return response.json(), milliseconds


def _ask_sparql(client: httpx.Client, console: Console) -> None:
    path = "/sparql?" + urlencode({"query": load("floods").bound({})})
    answer, milliseconds = _timed(client, path, "application/sparql-results+json")
    rows = answer["results"]["bindings"]  # type: ignore[index]  # as SPARQL 1.1 Results JSON has it
    table = Table("scene", "sensed", "score, %", "surface, km²")
    for row in rows[:5]:
        name = row["scene"]["value"].rsplit("/", 1)[-1]
        table.add_row(name, row["sensed"]["value"], row["score"]["value"], row["surface"]["value"])
    _show(console, f"SPARQL: which scenes show a flood, largest first? ({len(rows)} rows)", table, milliseconds)


def _ask_stac(client: httpx.Client, console: Console) -> None:
    box = ",".join(str(side) for side in BBOX)
    path = "/stac/search?" + urlencode(
        {"collections": "sentinel-2-l2a", "bbox": box, "datetime": INTERVAL, "limit": "5"}
    )
    answer, milliseconds = _timed(client, path, "application/geo+json")
    table = Table("item", "datetime", "platform", "cloud, %")
    for item in answer["features"]:  # type: ignore[attr-defined]  # a FeatureCollection
        properties = item["properties"]
        table.add_row(item["id"], properties["datetime"], properties["platform"], f"{properties['eo:cloud_cover']:.1f}")
    title = f"STAC: Level-2A items around Pavia during the flood ({answer['numberMatched']} items)"
    _show(console, title, table, milliseconds)


def _ask_key_value(client: httpx.Client, console: Console) -> None:
    answer, milliseconds = _timed(client, "/search?" + urlencode({"filter": FILTER, "limit": "5"}), "application/json")
    table = Table("product", "collection")
    for product in answer["products"]:  # type: ignore[attr-defined]  # a list of products
        table.add_row(product["id"], product["collection"])
    _show(console, f"Key/value: {FILTER} ({answer['matched']} products)", table, milliseconds)


def _show(console: Console, title: str, table: Table, milliseconds: float) -> None:
    console.print(f"\n[bold]{escape(title)}[/] in {milliseconds:.1f} ms", soft_wrap=True, highlight=False)
    console.print(table)


def introduce(console: Console, archive: Path, products: int) -> None:
    """Say what was generated."""
    text = f"Generated {products} products in {archive}: invented for this demonstration, no real acquisition."
    console.print(escape(text), soft_wrap=True, highlight=False)
