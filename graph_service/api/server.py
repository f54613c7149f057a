"""The HTTP server around the service: its socket, its announcement, its end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from graph_service.errors import NotFound, RequestInvalid, StorageFailed
from graph_service.service import Address, running_service
from graph_service.settings import Settings

START_TIMEOUT_S = 30.0
_POLL_S = 0.05


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens on an address; port 0 is any free one.

    Raises:
        RequestInvalid: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
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


def start_detached(settings: Settings, log: Path) -> Address:
    """Start the service as a process of its own, and return when it answers.

    Args:
        settings: of the service.
        log: file that its output goes to.

    Raises:
        StorageFailed: it ended or did not answer in time; the message has the end of its log.
    """
    command = [sys.executable, "-m", "graph_service.cli", "serve", "--data", str(settings.data)]
    command += ["--host", settings.host, "--port", str(settings.port)]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if (address := running_service(settings.service_file)) is not None:
            # It outlives this process on purpose; without this, its handle would warn of that.
            process.returncode = 0
            return address
        time.sleep(_POLL_S)
    process.kill()
    process.wait()
    raise StorageFailed(f"the service did not start: {log.read_text(errors='replace')[-500:].strip()}")


def stop_service(path: Path) -> Address:
    """Stop the service that a data directory announces, and return when it is gone.

    Raises:
        NotFound: none answers.
        StorageFailed: it does not stop in time.
    """
    address = running_service(path)
    if address is None:
        raise NotFound(f"{path.parent}: no service answers for this data directory")
    os.kill(address.process, signal.SIGTERM)
    deadline = time.monotonic() + START_TIMEOUT_S
    while running_service(path) is not None:
        if time.monotonic() > deadline:
            raise StorageFailed(f"process {address.process} does not stop")
        time.sleep(_POLL_S)
    return address
