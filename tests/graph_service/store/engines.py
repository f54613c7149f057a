"""Engines that tests start and end: SPARQL servers on free ports of the loopback address, in temporary folders.

Many tests share one server. One that has ended, whoever ended it, is started again where it
was, with its data, before the next test asks it.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from graph_service.store.remote import EndpointSettings
from graph_service.store.remote_store import RemoteSettings

_START_S = 60
_TRIES = 3
"""Starts, each on other ports: another process may take a free one before the server does."""
_VIRTUOSO_ROWS = 3_000
"""Rows of an answer at most; set low, so that a cut answer can be tested."""
_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = .
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 16
[SPARQL]
ResultSetMaxRows = {rows}
"""

_straight = build_opener(ProxyHandler({})).open


class EngineEnded(AssertionError):
    """A server ended by itself, or never answered."""


@dataclass(slots=True)
class Server:
    """An engine that runs, and can be started again at its address."""

    settings: EndpointSettings
    folder: Path
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    def store_settings(self, graph: str) -> RemoteSettings:
        """Settings of a catalogue in a graph of its own."""
        return RemoteSettings(replace(self.settings), graph)

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it, and return when it answers.

        Raises:
            EngineEnded: it does not come to that.
        """
        # Virtuoso takes the lock of a server that was killed for one of a server that runs.
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)
        with (self.folder / "output").open("ab") as output:
            # In a group of its own, so that a signal for the tests' group is none for it.
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0
            )
        self._await(self.process)

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        ends_at = time.monotonic() + _START_S
        while process.poll() is None and time.monotonic() < ends_at:
            try:
                _straight(f"{self.settings.query_url}?query=ASK%7B%7D", timeout=5).close()
            except (URLError, OSError):
                time.sleep(0.05)
            else:
                return
        said = (self.folder / "output").read_text(errors="replace")[-2000:]
        raise EngineEnded(f"{self.command[0]} does not answer at {self.settings.query_url}: {said}")

    def end(self) -> None:
        """End it, whatever it is doing."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True, slots=True)
class Engines:
    """The servers of a test run, each started by the first test that wants it."""

    new_folder: Callable[[str], Path]
    started: dict[str, Server] = field(default_factory=dict)

    def named(self, name: str) -> Server:
        """A server that runs; the test is skipped where its program is not installed."""
        if name not in self.started:
            self.started[name] = _started(_SERVERS[name], self.new_folder, name)
        self.revive()
        return self.started[name]

    def revive(self) -> None:
        """Start again what has ended."""
        for server in self.started.values():
            if not server.runs:
                server.start()

    def close(self) -> None:
        """End them all."""
        for server in self.started.values():
            server.end()


def _started(server_in: Callable[[Path], Server], new_folder: Callable[[str], Path], name: str) -> Server:
    for left in reversed(range(_TRIES)):
        server = server_in(new_folder(name))
        try:
            server.start()
        except EngineEnded:
            server.end()
            if not left:
                raise
        else:
            return _granted(server)
    raise AssertionError("the last try returns or raises")


def _oxigraph(folder: Path) -> Server:
    """Oxigraph's own server."""
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if binary is None:
        pytest.skip("there is no Oxigraph server (package oxigraph) here")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [binary, "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    return Server(EndpointSettings(f"{address}/query", f"{address}/update", timeout_s=20), folder, command)


def _virtuoso(folder: Path) -> Server:
    """Virtuoso."""
    binary = shutil.which("virtuoso-t")
    if binary is None or shutil.which("isql-vt") is None:
        pytest.skip("there is no Virtuoso (Debian's virtuoso-opensource) here")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http, rows=_VIRTUOSO_ROWS))
    address = f"http://127.0.0.1:{http}/sparql"
    command = [binary, "+foreground", "+configfile", "virtuoso.ini"]
    return Server(EndpointSettings(address, address, timeout_s=20), folder, command)


def _granted(server: Server) -> Server:
    """A server whose SPARQL user may update, as Virtuoso's may not at first."""
    configuration = server.folder / "virtuoso.ini"
    if configuration.exists():
        place = next(line.split("= ")[1] for line in configuration.read_text().split("\n") if "ServerPort" in line)
        console = [shutil.which("isql-vt") or "isql-vt", place, "dba", "dba", 'exec=GRANT SPARQL_UPDATE TO "SPARQL"']
        subprocess.run(console, check=True, capture_output=True)
    return server


_SERVERS: dict[str, Callable[[Path], Server]] = {"oxigraph": _oxigraph, "virtuoso": _virtuoso}


def free_port() -> int:
    """A port of the loopback address that nobody listened at a moment ago."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
