"""The HTTP server around the service, a process of its own: its socket, its announcement, its end.

``python -m graph_service.api.server`` serves as the environment says. The command
``orrery serve`` becomes this process, so that no other command has to load a web framework.
"""

import os
import secrets
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from graph_service.api.app import create_app
from graph_service.errors import RequestInvalid, StoreInUse
from graph_service.service import announce, running_service, withdraw
from graph_service.settings import Settings, settings_from
from ontology.errors import CatalogueError


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens on an address; port 0 is any free one.

    Raises:
        RequestInvalid: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns off Nagle's delay; without it every answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as cause:
        listening.close()
        raise RequestInvalid(f"{host}:{port}: cannot listen there: {cause}; choose another with --port") from cause
    return listening


def url_of(listening: socket.socket) -> str:
    """The URL of a listening socket, as a client on this machine reaches it."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, when_up: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_up = when_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_up()


def serve_until_stopped(app: FastAPI, listening: socket.socket, when_up: Callable[[], None]) -> None:
    """Answer requests until SIGINT or SIGTERM.

    Args:
        app: the service.
        listening: socket that it listens on.
        when_up: called once it answers.
    """
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
    _Server(config, when_up).run(sockets=[listening])


def serve(settings: Settings) -> None:
    """Serve a data directory until SIGINT or SIGTERM.

    Raises:
        StoreInUse: another process holds it.
        RequestInvalid: the address cannot be had.
    """
    if (address := running_service(settings.service_file)) is not None:
        raise StoreInUse(f"{settings.data}: a service already serves it at {address.url}")
    listening = listener(settings.host, settings.port)
    url, secret = url_of(listening), secrets.token_urlsafe(32)
    service = create_app(settings, secret=secret, on_close=lambda: withdraw(settings.service_file))

    def when_up() -> None:
        announce(settings.service_file, url, secret)
        sys.stdout.write(f"Orrery answers at {url}\n")
        sys.stdout.flush()

    serve_until_stopped(service, listening, when_up)


def main() -> None:
    """Serve as the environment says; an error that a user can act on is one line and exit status 1."""
    try:
        serve(settings_from(os.environ))
    except CatalogueError as error:
        sys.exit(f"error {error}")


if __name__ == "__main__":
    main()
