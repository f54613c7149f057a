"""The service as commands start and stop it: always a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from graph_service.errors import NotFound, StorageFailed
from graph_service.service import Address, running_service
from graph_service.settings import Settings

START_TIMEOUT_S = 30.0
_POLL_S = 0.05


def server_command() -> list[str]:
    """The command line of the server."""
    return [sys.executable, "-m", "graph_service.api.server"]


def server_environment(settings: Settings) -> dict[str, str]:
    """The environment that tells the server which directory to serve where."""
    told = {"ORRERY_DATA": str(settings.data), "ORRERY_HOST": settings.host, "ORRERY_PORT": str(settings.port)}
    return os.environ | told


def become_server(settings: Settings) -> None:
    """Turn this process into the server."""
    command = server_command()
    os.execve(command[0], command, server_environment(settings))


def start_detached(settings: Settings, log: Path) -> Address:
    """Start the service as a process of its own, and return when it answers.

    Args:
        settings: of the service.
        log: file that its output goes to.

    Raises:
        StorageFailed: it ended or did not answer in time; the message has the end of its log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            server_command(),
            env=server_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
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
    # The announcement goes last, when the stores are shut.
    while path.exists() and _runs(address.process):
        if time.monotonic() > deadline:
            raise StorageFailed(f"process {address.process} does not stop")
        time.sleep(_POLL_S)
    return address


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
