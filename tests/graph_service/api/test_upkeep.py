"""The index made again through the service that holds it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.console.serving import start_detached, stop_service
from graph_service.directory import open_catalogue
from graph_service.index.filters import All
from graph_service.index.sqlite import SQLiteIndex
from graph_service.service import ServiceWriter
from graph_service.settings import Settings
from tests.graph_service.api.stac_service import TestClient
from tests.graph_service.builders import entry_of, scene_of, write
from tests.graph_service.index.rows import ids
from tests.graph_service.service import SECRET, bearer, serving


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as opened:
        yield opened


def test_whoever_may_write_can_have_the_index_made_again(client: TestClient) -> None:
    before = client.get("/health").json()
    answer = client.post("/index/rebuild", headers=bearer(SECRET))
    assert (answer.status_code, answer.json()) == (200, {"records": before["scenes"]})
    assert client.get("/health").json() == before


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no token"}])
def test_nobody_else_can(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/index/rebuild", headers=headers).status_code == 401


def test_the_command_asks_the_service_that_holds_the_directory(tmp_path: Path) -> None:
    settings = replace(Settings(), data=tmp_path, port=0)
    catalogue = open_catalogue(settings)
    write(catalogue, [entry_of(scene_of("a")), entry_of(scene_of("b"))])
    catalogue.close()
    reader = SQLiteIndex(settings.index_file)
    assert ids(reader, All(())) == ["a", "b"]
    address = start_detached(settings, tmp_path / "service.log")
    try:
        writer = ServiceWriter(address)
        assert writer.rebuild() == 3
        writer.close()
    finally:
        stop_service(settings.service_file)
        os.wait()  # The service is a child of this process, which its starter would have left behind.
    assert settings.index_file.is_symlink()
    assert ids(reader, All(())) == ["a", "b"]
    reader.close()
