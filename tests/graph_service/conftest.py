"""Engines that several modules share: each is started once, by the first test that wants it."""

from collections.abc import Iterator

import pytest

from graph_service.store.remote_store import RemoteSettings
from tests.graph_service.store.engines import Engines, Server


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The servers of this run, of which none is started yet."""
    found = Engines(tmp_path_factory.mktemp)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def engines_that_run(engines: Engines) -> None:
    """A server that an earlier test, or a fault of its own, has ended is there again."""
    engines.revive()


@pytest.fixture(scope="module")
def oxigraph(engines: Engines) -> Server:
    """A running Oxigraph server."""
    return engines.named("oxigraph")


@pytest.fixture(scope="module")
def virtuoso(engines: Engines) -> Server:
    """A running Virtuoso."""
    return engines.named("virtuoso")


@pytest.fixture(scope="module", params=[None, "oxigraph"], ids=["embedded", "oxigraph"])
def held_in(request: pytest.FixtureRequest) -> RemoteSettings | None:
    """The engine that holds the graph of a service: the embedded one, then another."""
    if request.param is None:
        return None
    server: Server = request.getfixturevalue(request.param)
    return server.store_settings("urn:orrery:test:service")
