import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SERVICE = """
import sys, threading
from pathlib import Path
from tests.graph_service.store.graphs import CROSS_JOIN, JSON, wide_graph
from graph_service.store.workers import QueryWorkers

folder = Path(sys.argv[1])
workers = QueryWorkers(wide_graph(folder / "graph"), folder / "copies", processes=1)
ask = dict(media_type=JSON)
workers.answer("ASK {}", **ask)
print(workers.processes()[0], flush=True)
threading.Thread(target=workers.answer, args=(CROSS_JOIN,), kwargs=ask, daemon=True).start()
try:
    threading.Event().wait()
except KeyboardInterrupt:
    workers.close()
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_service(tmp_path: Path, ending: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVICE, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as service:
        assert service.stdout is not None
        worker = Path("/proc") / service.stdout.readline().strip()
        assert worker.exists()
        time.sleep(0.1)  # the worker is busy by then
        os.killpg(service.pid, ending)
        _, told = service.communicate(timeout=10)
    ends_at = time.monotonic() + 5
    while _runs(worker) and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert not _runs(worker)
    assert "worker_process" not in told


def _runs(process: Path) -> bool:
    try:
        return " Z " not in (process / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
