"""Engines that several modules share: each is started once, by the first test that wants it."""

from collections.abc import Iterator

import pytest

from tests.graph_service.store.engines import Server, oxigraph_server, virtuoso_server


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Oxigraph server."""
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Virtuoso."""
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server
