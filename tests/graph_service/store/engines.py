"""Engines that tests start and end: SPARQL servers on free ports of the loopback address, in temporary folders."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from graph_service.store.remote import EndpointSettings
from graph_service.store.remote_store import RemoteSettings

_START_S = 60
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


@dataclass(frozen=True, slots=True)
class Server:
    """An engine that runs."""

    settings: EndpointSettings
    process: subprocess.Popen[bytes]

    def store_settings(self, graph: str) -> RemoteSettings:
        """Settings of a catalogue in a graph of its own."""
        return RemoteSettings(replace(self.settings), graph)


@contextmanager
def oxigraph_server(folder: Path) -> Iterator[Server]:
    """Oxigraph's own server; the test is skipped where there is none."""
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if binary is None:
        pytest.skip("there is no Oxigraph server (package oxigraph) here")
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [binary, "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"{address}/query?query=ASK%7B%7D") as process:
        yield Server(EndpointSettings(f"{address}/query", f"{address}/update", timeout_s=20), process)


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Server]:
    """Virtuoso, whose SPARQL user may update; the test is skipped where there is none."""
    binary, console = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if binary is None or console is None:
        pytest.skip("there is no Virtuoso (Debian's virtuoso-opensource) here")
    sql, http = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http, rows=_VIRTUOSO_ROWS))
    address = f"http://127.0.0.1:{http}/sparql"
    command = [binary, "+foreground", "+configfile", "virtuoso.ini"]
    with _running(command, folder, f"{address}?query=ASK%7B%7D") as process:
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL"'
        subprocess.run([console, f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"], check=True, capture_output=True)
        yield Server(EndpointSettings(address, address, timeout_s=20), process)


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _await(process, folder, address)
        yield process
    finally:
        process.kill()
        process.wait()


def _await(process: subprocess.Popen[bytes], folder: Path, address: str) -> None:
    ends_at = time.monotonic() + _START_S
    while time.monotonic() < ends_at:
        assert process.poll() is None, (folder / "output").read_text(errors="replace")
        try:
            urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{address} does not answer: {(folder / 'output').read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
