"""The servers that tests share survive what tests do to them."""

from pathlib import Path

import pytest

from graph_service.store.remote import EndpointSettings
from graph_service.store.remote_store import RemoteStore
from tests.graph_service.store.engines import EngineEnded, Engines, Server, free_port


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_server_that_was_killed_is_there_again_with_what_it_held(engines: Engines, name: str) -> None:
    store = RemoteStore.open(engines.named(name).store_settings("urn:orrery:test:killed"))
    store.apply(change=1, remove={}, add={None: [("<urn:s>", "<urn:p>", '"kept"')]})
    engines.named(name).end()
    assert not engines.started[name].runs
    engines.revive()
    assert [str(quad.object) for quad in store.about("urn:s")] == ['"kept"']
    store.erase()


def test_a_server_that_does_not_start_is_told_with_its_own_words(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    server = Server(EndpointSettings(address, address), tmp_path, ["sh", "-c", "echo no such licence; exit 3"])
    with pytest.raises(EngineEnded, match="no such licence"):
        server.start()
    server.end()
