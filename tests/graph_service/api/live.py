"""The whole service on a port of its own, for clients that speak HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import uvicorn

from graph_service.api.app import create_app
from graph_service.security.tokens import TokenFile
from graph_service.settings import Settings
from graph_service.store.remote_store import RemoteSettings
from tests.graph_service.service import SECRET, erase

INSIDERS = "https://w3id.org/orrery/id/audience/insiders"


@dataclass(frozen=True, slots=True)
class Live:
    """A service that listens."""

    url: str
    folder: Path

    @property
    def query(self) -> str:
        """Where queries are sent."""
        return f"{self.url}/sparql"

    @property
    def update(self) -> str:
        """Where updates are sent."""
        return f"{self.url}/sparql/update"

    def token(self, name: str, *, writes: bool = True, audiences: tuple[str, ...] = ()) -> str:
        """A new token."""
        return TokenFile(Settings(data=self.folder).tokens_file).create(name, writes=writes, audiences=audiences)

    def client(self, token: str | None = None) -> httpx.Client:
        """A client of the service."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)


@contextmanager
def live(folder: Path, *, store: RemoteSettings | None = None, **settings: object) -> Iterator[Live]:
    """The service over a folder, which is shut down in the end.

    Args:
        folder: its data directory.
        store: another engine that holds its graph, which is erased in the end; None for the embedded one.
        settings: further ones.
    """
    app = create_app(replace(Settings(data=folder, store=store), **settings), secret=SECRET)  # type: ignore[arg-type]  # of settings
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Live(f"http://127.0.0.1:{port}", folder)
    finally:
        server.should_exit = True
        thread.join()
        erase(store)
