"""The whole service over a data directory in a temporary folder, for tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graph_service.api.app import create_app
from graph_service.security.tokens import TokenFile
from graph_service.settings import Settings
from graph_service.store.remote_store import RemoteSettings, RemoteStore
from tests.graph_service.api.stac_service import TestClient

SECRET = "of-this-very-process"


@contextmanager
def serving(folder: Path, store: RemoteSettings | None = None) -> Iterator[TestClient]:
    """A client of the service, which is shut down in the end.

    Args:
        folder: its data directory.
        store: another engine that holds its graph, which is erased in the end; None for the embedded one.
    """
    settings = Settings(data=folder, store=store)
    with TestClient(create_app(settings, secret=SECRET), raise_server_exceptions=False) as client:
        yield client
    erase(store)


def erase(store: RemoteSettings | None) -> None:
    """Remove a graph from another engine."""
    if store is not None:
        RemoteStore.reading(store).erase()


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


def writing_token(folder: Path) -> str:
    """A new token that may write."""
    return TokenFile(Settings(data=folder).tokens_file).create("tests", writes=True)


def item(identifier: str = "scene-1", **properties: Any) -> dict[str, Any]:
    """A STAC item near Pavia."""
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": identifier,
        "collection": "tests",
        "geometry": {"type": "Polygon", "coordinates": [[[9, 45], [9.5, 45], [9.5, 45.4], [9, 45.4], [9, 45]]]},
        "bbox": [9, 45, 9.5, 45.4],
        "properties": {"datetime": "2025-10-20T10:00:00Z", "platform": "sentinel-2a"} | properties,
        "assets": {"data": {"href": "https://example.org/data.tif"}},
        "links": [],
    }


def write_items(folder: Path, *items: dict[str, Any]) -> Path:
    """A file of newline-delimited items."""
    path = folder / "items.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in items))
    return path
